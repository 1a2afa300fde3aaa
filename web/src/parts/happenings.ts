/** What takes place, as lists and months of it are drawn. */

import type { Stand as How } from "../state/upcoming";

/** One that takes place, as it is shown. */
export interface Shown {
  key: string;
  href: string;
  name: string;
  /** When on that day, and where. */
  line: string;
  cancelled: boolean;
  stand: How;
  /** Said beside it; empty = there is nothing to say. */
  words: string;
}

/** A day with what is on; `leaf` null = it has no date. */
export interface Day {
  day: string;
  title: string;
  leaf: { weekday: string; date: string } | null;
  /** A heading above it, where another month begins. */
  month: string;
  shown: Shown[];
}

/** An event on its day. */
export interface MarkOn {
  key: string;
  href: string;
  time: string;
  name: string;
  /** I am going. */
  lit: boolean;
  cancelled: boolean;
}
