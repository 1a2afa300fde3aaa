/** When a series takes place: what a form says, made into a rule of RFC 5545, and back. Local times only. Pure. */

import { limits } from "../wire/types";

/** `other` = a rule that this form cannot say: it stays as it is. */
export type Repeat = "never" | "daily" | "weekly" | "fortnightly" | "date" | "weekday" | "last" | "other";

/** It ends after so many times, or with a day ("2027-06-15"). */
export type Ending = { times: number } | { until: string };

export interface Series {
  repeat: Repeat;
  ending: Ending;
}

export const OCCURRENCES_MAX: number = limits.OCCURRENCES_MAX;
const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
const DAY_MS = 86_400_000;
/** Looked at for the next one: no rule here leaves out more months in a row. */
const MONTHS_SKIPPED_MAX = 12;

/** The day of a local time ("2026-11-28T18:30"), as a number that can be counted with. */
export const dayNumber = (local: string): number => Date.parse(`${local.slice(0, 10)}T00:00Z`);
export const dayOfNumber = (day: number): string => new Date(day).toISOString().slice(0, 10);
export const later = (day: string, days: number): string => dayOfNumber(dayNumber(day) + days * DAY_MS);

/** Which weekday of its month a day is: the second Tuesday is 2; the last -1, where it is meant so or a fifth. */
export function nthOf(day: string, repeat: Repeat): number {
  const nth = Math.ceil(new Date(dayNumber(day)).getUTCDate() / 7);
  return nth > 4 || (repeat === "last" && isLast(day)) ? -1 : nth;
}

/** Of its weekday the last in its month: a fifth, or a fourth where there is no fifth. */
export const isLast = (day: string): boolean => later(day, 7).slice(0, 7) !== day.slice(0, 7);

/** How what repeats so goes on from another day: the last Tuesday stays the last, where the day is one. */
export function repeatFrom(day: string, repeat: Repeat): Repeat {
  if (repeat !== "weekday" && repeat !== "last") return repeat;
  return nthOf(day, repeat) === -1 ? "last" : "weekday";
}

/** Null = it takes place once, or on no day that there is. */
export function ruleOf(start: string, { repeat, ending }: Series): string | null {
  if (Number.isNaN(dayNumber(start))) return null;
  const way = wayOf(start, repeat);
  if (way === null) return null;
  const end =
    "times" in ending ? `COUNT=${ending.times}` : `UNTIL=${ending.until.replaceAll("-", "")}T235959`;
  return `${way};${end}`;
}

function wayOf(start: string, repeat: Repeat): string | null {
  const date = new Date(dayNumber(start));
  const weekday = DAYS[date.getUTCDay()]!;
  switch (repeat) {
    case "daily":
      return "FREQ=DAILY";
    case "weekly":
      return `FREQ=WEEKLY;BYDAY=${weekday}`;
    case "fortnightly":
      return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekday}`;
    case "date":
      return `FREQ=MONTHLY;BYMONTHDAY=${date.getUTCDate()}`;
    case "weekday":
    case "last":
      return `FREQ=MONTHLY;BYDAY=${nthOf(start, repeat)}${weekday}`;
    default:
      return null;
  }
}

/** What a form shows of a rule. */
export function seriesOf(rule: string | null, start: string | null): Series {
  const none: Ending = { times: 10 };
  if (!rule || !start || Number.isNaN(dayNumber(start))) return { repeat: "never", ending: none };
  const parts = new Map(rule.split(";").map((part) => part.split("=") as [string, string]));
  const ending = endingOf(parts) ?? none;
  const ways: Repeat[] = ["daily", "weekly", "fortnightly", "date", "weekday", "last"];
  const repeat = ways.find((way) => sameWay(parts, wayOf(start, way)!)) ?? "other";
  return { repeat: repeatFrom(start, repeat), ending };
}

function endingOf(parts: ReadonlyMap<string, string>): Ending | null {
  const times = Number(parts.get("COUNT"));
  if (times > 0) return { times };
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(parts.get("UNTIL") ?? "") ?? [];
  return year && month && day ? { until: `${year}-${month}-${day}` } : null;
}

/** A weekly rule may leave out its weekday: it is that of the start. */
function sameWay(parts: ReadonlyMap<string, string>, way: string): boolean {
  const wanted = new Map(way.split(";").map((part) => part.split("=") as [string, string]));
  const said = new Map([...parts].filter(([name]) => !["COUNT", "UNTIL", "WKST"].includes(name)));
  if (said.get("INTERVAL") === "1") said.delete("INTERVAL");
  if (said.get("FREQ") === "WEEKLY" && !said.has("BYDAY")) said.set("BYDAY", wanted.get("BYDAY") ?? "");
  return said.size === wanted.size && [...wanted].every(([name, value]) => said.get(name) === value);
}

/** Its days in order, one more than may be where there are too many. */
export function daysOf(start: string, { repeat, ending }: Series): string[] {
  const days: string[] = [];
  const most = "times" in ending ? Math.min(ending.times, OCCURRENCES_MAX + 1) : OCCURRENCES_MAX + 1;
  const last = "until" in ending ? ending.until : "9999";
  for (const day of allDays(start.slice(0, 10), repeat)) {
    if (days.length >= most || day > last) break;
    days.push(day);
  }
  return days;
}

function* allDays(first: string, repeat: Repeat): Generator<string> {
  const step = { daily: 1, weekly: 7, fortnightly: 14 }[repeat as string];
  if (step) for (let n = 0; ; n++) yield later(first, n * step);
  else if (repeat === "date" || repeat === "weekday" || repeat === "last") yield* monthly(first, repeat);
  else yield first;
}

function* monthly(first: string, repeat: "date" | "weekday" | "last"): Generator<string> {
  const [year, month, date] = first.split("-").map(Number) as [number, number, number];
  const [nth, weekday] = [nthOf(first, repeat), new Date(dayNumber(first)).getUTCDay()];
  for (let n = 0, skipped = 0; skipped < MONTHS_SKIPPED_MAX; n++) {
    const at =
      repeat === "date" ? dateIn(year, month - 1 + n, date) : weekdayIn(year, month - 1 + n, weekday, nth);
    skipped = at === null ? skipped + 1 : 0;
    if (at !== null) yield dayOfNumber(at);
  }
}

/** Null = this month is too short for it. */
function dateIn(year: number, month: number, date: number): number | null {
  const at = Date.UTC(year, month, date);
  return new Date(at).getUTCDate() === date ? at : null;
}

function weekdayIn(year: number, month: number, weekday: number, nth: number): number {
  const edge = nth > 0 ? Date.UTC(year, month, 1) : Date.UTC(year, month + 1, 0);
  const on = new Date(edge).getUTCDay();
  const days = nth > 0 ? ((weekday - on + 7) % 7) + (nth - 1) * 7 : -((on - weekday + 7) % 7);
  return edge + days * DAY_MS;
}
