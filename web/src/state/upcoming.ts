/** Everything that takes place, one by one, in the order in which it does. Pure. */

import type { EventLook, OwnAnswer } from "../wire/types";
import { localOf } from "./zoned";

/** How one stands oneself; silent = nothing is said yet, or one is asked again. */
export type Stand = "going" | "maybe" | "no" | "waiting" | "silent";

/** An event as it is known here. */
export interface KnownEvent {
  group: number;
  name: string;
  /** The club and room it is for. */
  where: string;
  look: EventLook;
  mine: readonly OwnAnswer[];
  /** I am one of those who are asked. */
  asked: boolean;
}

export interface Happening {
  group: number;
  key: string;
  name: string;
  where: string;
  place: string;
  /** In which it is planned. */
  zone: string;
  /** Moments; null = no date yet. */
  start: number | null;
  end: number | null;
  cancelled: boolean;
  stand: Stand;
  asked: boolean;
}

/** The next first; without a date last. */
export function happeningsOf(events: readonly KnownEvent[]): Happening[] {
  return events
    .flatMap(occurrencesOf)
    .sort((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity) || a.name.localeCompare(b.name));
}

function occurrencesOf({ group, name, where, look, mine, asked }: KnownEvent): Happening[] {
  const answers = new Map(mine.map((one) => [one.key, one]));
  return look.occurrences.map((one) => ({
    group,
    key: one.key,
    name,
    where,
    place: one.place ?? look.place,
    zone: look.zone,
    start: one.start ? Date.parse(one.start) : null,
    end: one.end ? Date.parse(one.end) : null,
    cancelled: look.cancelled || (one.cancelled ?? false),
    stand: standOf(answers.get(one.key)),
    asked,
  }));
}

function standOf(answer: OwnAnswer | undefined): Stand {
  if (!answer || answer.again) return "silent";
  if (answer.standing === "offered" || answer.standing === "waiting") return "waiting";
  if (answer.answer === "going") return answer.standing === "in" ? "going" : "silent";
  return answer.answer;
}

/** What one has to answer is only what one is asked, and what takes place. */
export const stands = (one: Happening, stand: Stand | ""): boolean =>
  stand === "" || (one.stand === stand && (stand !== "silent" || (one.asked && !one.cancelled)));

/** What has a date is over with its end. */
export const isAhead = (one: Happening, now: number): boolean =>
  one.start === null ? !one.cancelled : (one.end ?? one.start) >= now;

/** By the day on which it begins for whoever looks; those without a date apart. */
export function byDay(
  happenings: readonly Happening[],
  zone: string,
): { days: ReadonlyMap<string, Happening[]>; undated: Happening[] } {
  const days = new Map<string, Happening[]>();
  const undated: Happening[] = [];
  for (const one of happenings) {
    if (one.start === null) undated.push(one);
    else {
      const day = localOf(one.start, zone).slice(0, 10);
      days.set(day, [...(days.get(day) ?? []), one]);
    }
  }
  return { days, undated };
}

/** One that takes place, as it is shown. */
export interface ShownOn {
  key: string;
  href: string;
  name: string;
  /** When on that day, and where. */
  line: string;
  cancelled: boolean;
  stand: Stand;
  /** Said beside it; empty = there is nothing to say. */
  words: string;
}

/** A day with what is on; `leaf` null = it has no date. */
export interface ShownDay {
  day: string;
  title: string;
  leaf: { weekday: string; date: string } | null;
  /** A heading above it, where another month begins. */
  month: string;
  shown: ShownOn[];
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
