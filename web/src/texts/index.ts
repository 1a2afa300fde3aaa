/** The language of this visit. Chosen once, before anything is drawn. */

import type { Texts } from "./en";

export type { Texts } from "./en";
/** The words of this visit: there before anything is drawn. */
export let t: Texts;

/** The language of the tests that is written from right to left. */
const PSEUDO = "ar-xb";

/** Each is loaded when somebody reads it. */
const LANGUAGES = {
  en: async () => (await import("./en")).en,
  de: async () => (await import("./de")).de,
  [PSEUDO]: async () => {
    const [{ pseudoOf }, { en }] = await Promise.all([import("./pseudo"), import("./en")]);
    return pseudoOf(en);
  },
};
type Language = keyof typeof LANGUAGES;

const formats = new Map<string, Intl.DateTimeFormat>();

export async function chooseLanguage(wanted: readonly string[]): Promise<void> {
  const first = wanted
    .map((tag) => tag.toLowerCase())
    .map((tag) => (tag === PSEUDO ? tag : tag.split("-")[0]!))
    .find((tag): tag is Language => Object.hasOwn(LANGUAGES, tag));
  read(await wordsOf(first ?? "en"));
  document.documentElement.lang = t.lang;
  document.documentElement.dir = t.dir;
}

/** Of that language, or of the other one where those cannot be had. Raises where neither can. */
function wordsOf(language: Language): Promise<Texts> {
  const other = language === "en" ? "de" : "en";
  return LANGUAGES[language]().catch(() => LANGUAGES[other]());
}

/** From now on these. */
export function read(texts: Texts): void {
  t = texts;
  formats.clear();
}

/** Days by the quarter of an hour: zones differ by whole ones, so each lies in one day. */
const days = new Map<number, number>();
const QUARTER_MS = 15 * 60_000;

let zone: string | undefined;

/** Null = as this device; so is a zone that this browser does not know. */
export function keepTimeIn(wanted: string | null): void {
  if ((wanted ?? undefined) === zone) return;
  zone = wanted && known(wanted) ? wanted : undefined;
  formats.clear();
  days.clear();
}

function known(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

function format(
  name: string,
  options: Intl.DateTimeFormatOptions,
  language = regional(),
): Intl.DateTimeFormat {
  let made = formats.get(name);
  if (!made) formats.set(name, (made = new Intl.DateTimeFormat(language, { ...options, timeZone: zone })));
  return made;
}

/** Times as this person's region writes them, in the language of the texts. */
export function regional(): string {
  return navigator.languages.find((tag) => tag.startsWith(t.lang)) ?? t.lang;
}

export const timeOf = (at: number): string =>
  format("time", { hour: "numeric", minute: "2-digit" }).format(at);

export const exactTimeOf = (at: number): string =>
  format("exact", { dateStyle: "full", timeStyle: "medium" }).format(at);

export function dayOf(at: number, now: number = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return t.room.today;
  if (days === 1) return t.room.yesterday;
  const sameYear = new Date(midnight(at)).getUTCFullYear() === new Date(midnight(now)).getUTCFullYear();
  const year = sameYear ? undefined : ("numeric" as const);
  return format(`day${year ?? ""}`, { weekday: "long", day: "numeric", month: "long", year }).format(at);
}

/** A day of the week; 0 = Monday. */
export const weekdayOf = (day: number, length: "long" | "short"): string =>
  new Intl.DateTimeFormat(t.lang, { weekday: length, timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + day));

/** A time of the day, like 22:00, as this person's region writes it. */
export function clockOf(time: string): string {
  const options = { hour: "numeric", minute: "2-digit", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(regional(), options).format(Date.parse(`2024-01-01T${time}Z`));
}

/** A size as people say it. */
export function bytesOf(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const unit = units[power]!;
  const options = { style: "unit", unit, maximumFractionDigits: power > 2 ? 1 : 0 } as const;
  return new Intl.NumberFormat(regional(), options).format(bytes / 1_000 ** power);
}

/** The beginning of that day, as a number that says which day it is. */
function midnight(at: number): number {
  const quarter = Math.floor(at / QUARTER_MS);
  let found = days.get(quarter);
  if (found === undefined) days.set(quarter, (found = midnightBefore(at)));
  return found;
}

function midnightBefore(at: number): number {
  const day = format("number", { year: "numeric", month: "numeric", day: "numeric" }, "en"); // in digits that are read
  const parts = Object.fromEntries(day.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year!, parts.month! - 1, parts.day);
}

/** The parts of a date as they stand on a leaf of a calendar, and its time. */
export function leafOf(at: number) {
  return {
    weekdayLong: format("leaf-weekday-long", { weekday: "long" }).format(at),
    monthLong: format("leaf-month-long", { month: "long" }).format(at),
    weekday: format("leaf-weekday", { weekday: "short" }).format(at),
    day: format("leaf-day", { day: "numeric" })
      .format(at)
      .replace(/\P{Nd}+$/u, ""),
    month: format("leaf-month", { month: "short" }).format(at),
  };
}

/** "Saturday 28 November", with the year where it is not this one. */
export function dateOf(at: number, now: number = Date.now()): string {
  const sameYear = new Date(midnight(at)).getUTCFullYear() === new Date(midnight(now)).getUTCFullYear();
  const year = sameYear ? undefined : ("numeric" as const);
  return format(`date${year ?? ""}`, { weekday: "long", day: "numeric", month: "long", year }).format(at);
}

/** The same, short: "Sat 28 Nov". */
export function shortDateOf(at: number, now: number = Date.now()): string {
  const sameYear = new Date(midnight(at)).getUTCFullYear() === new Date(midnight(now)).getUTCFullYear();
  const year = sameYear ? undefined : ("numeric" as const);
  const parts = { weekday: "short", day: "numeric", month: "short", year } as const;
  return format(`short-date${year ?? ""}`, parts).format(at);
}

/** Whether two moments are on one day, where this person is. */
export const onOneDay = (a: number, b: number): boolean => midnight(a) === midnight(b);

/** A time of the day where the clocks go by another zone. */
export const timeIn = (at: number, other: string): string =>
  new Intl.DateTimeFormat(regional(), { hour: "numeric", minute: "2-digit", timeZone: other }).format(at);

/** The zone by which times are shown. */
export const zoneShown = (): string => zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A zone as people call it: by its city. */
export const zoneName = (of: string): string => of.split("/").at(-1)!.replaceAll("_", " ");

/** Whether clocks show another time there than here at this moment; not where the zone is not known. */
export function showsAnotherTime(at: number, there: string): boolean {
  if (!known(there)) return false;
  const clock = { dateStyle: "short", timeStyle: "short" } as const;
  const shown = (timeZone: string) => new Intl.DateTimeFormat("en", { ...clock, timeZone }).format(at);
  return shown(there) !== shown(zoneShown());
}
