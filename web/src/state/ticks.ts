/** Who came, as it was ticked here and told by the server. Pure. */

import type { AtTheDoor, Door, TickKept, TickSaid } from "../wire/types";
import { byName } from "./people";

/** Ticked on this device and not yet sent; of each person the newest. */
export interface Tick {
  event: string;
  key: string;
  user: string;
  /** Null = taken back. */
  came: boolean | null;
  /** When, by the clock of this device: the server goes by it. */
  at: string;
}

/** A list as it was known last, for when there is no line. */
export interface KeptDoor {
  event: string;
  door: Door;
}

export const DOORS_KEPT_MAX = 8;

export interface Row extends AtTheDoor {
  /** Not yet sent. */
  unsent: boolean;
}

/** Everybody by name, as the server told it and with what was ticked here since. */
export function rowsOf(door: Door, unsent: readonly Tick[]): Row[] {
  const mine = new Map(unsent.map((tick) => [tick.user, tick]));
  return door.people
    .map((one) => {
      const tick = mine.get(one.user);
      return { ...one, came: tick ? tick.came : (one.came ?? null), unsent: tick !== undefined };
    })
    .sort((a, b) => byName(a.name, b.name));
}

export interface Head {
  /** Of those who have a place. */
  here: number;
  expected: number;
  /** Who came without one. */
  more: number;
  unsent: number;
}

export const isExpected = (row: AtTheDoor): boolean => row.standing === "in";

export function headOf(rows: readonly Row[]): Head {
  const expected = rows.filter(isExpected);
  const here = expected.filter((row) => row.came).length;
  return {
    here,
    expected: expected.length,
    more: rows.filter((row) => row.came).length - here,
    unsent: rows.filter((row) => row.unsent).length,
  };
}

/** With what the server says of some of them now. */
export function withTicks(door: Door, ticks: readonly (TickKept | TickSaid)[]): Door {
  const said = new Map(ticks.map((tick) => [tick.user, tick.came]));
  return {
    ...door,
    people: door.people.map((one) => (said.has(one.user) ? { ...one, came: said.get(one.user) } : one)),
  };
}

/** Later than what was ticked of the same person before, whatever the clock says. */
export function momentAfter(now: number, before: Tick | undefined): string {
  return new Date(Math.max(now, before ? Date.parse(before.at) + 1 : 0)).toISOString();
}

/** The occurrence one stands at the door of: one that goes on or begins soon, else the next, else the last. */
export function occurrenceNow<T extends { key: string; start?: string | null; cancelled?: boolean }>(
  all: readonly T[],
  now: number,
): T | null {
  const held = all.filter((one) => !one.cancelled);
  const since = now - STILL_ON_MS;
  return held.find((one) => !one.start || Date.parse(one.start) >= since) ?? held.at(-1) ?? all[0] ?? null;
}

const STILL_ON_MS = 6 * 3_600_000;
