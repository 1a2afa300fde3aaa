/** Days, months and zones as a person's language and region say them. Days are like "2026-11-28", months "2026-11". */

import { clockOf, regional } from ".";

const DAY_MS = 86_400_000;
const noon = (day: string): number => Date.parse(`${day}T12:00Z`);

function said(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(regional(), { ...options, timeZone: "UTC" }).format(noon(day));
}

const yearOf = (day: string, now: string) =>
  day.slice(0, 4) === now.slice(0, 4) ? undefined : ("numeric" as const);

/** "15 June", with its year where that is another. */
export const dateOf = (day: string, now: string): string =>
  said(day, { day: "numeric", month: "long", year: yearOf(day, now) });

/** "Tuesday 15 June" */
export const longDayOf = (day: string, now: string): string =>
  said(day, { weekday: "long", day: "numeric", month: "long", year: yearOf(day, now) });

export const monthNameOf = (month: string): string => said(`${month}-01`, { month: "long", year: "numeric" });

/** What stands on the leaf of a calendar. */
export const leafOf = (day: string) => ({
  weekday: said(day, { weekday: "short" }),
  date: String(Number(day.slice(8))),
  month: said(day, { month: "short" }),
});

/** "Tuesday" */
export const weekdayNameOf = (day: string): string => said(day, { weekday: "long" });

/** "19:00 to 21:00" as the region writes it. */
export function clocksOf(from: string, to: string | null): string {
  return to ? `${clockOf(from)} – ${clockOf(to)}` : clockOf(from);
}

/** Names of the days of a week as this region begins it, in short and in full. */
export function weekOf(first: number): { short: string; long: string }[] {
  return Array.from({ length: 7 }, (_, n) => {
    const day = new Date(Date.UTC(2024, 0, 1) + (first + n) * DAY_MS).toISOString().slice(0, 10);
    return { short: said(day, { weekday: "short" }), long: said(day, { weekday: "long" }) };
  });
}

/** With which day a week begins here; 0 = Monday. */
export function firstWeekday(): number {
  const locale = new Intl.Locale(regional()) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const first = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay;
  return first === undefined ? (locale.region === "US" ? 6 : 0) : first - 1;
}
