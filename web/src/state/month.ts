/** A month as a grid of weeks. Days are like "2026-11-28", months "2026-11". Pure. */

import { dayNumber, dayOfNumber, later } from "./recurrence";

export const monthOf = (day: string): string => day.slice(0, 7);

export function monthsOn(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return dayOfNumber(Date.UTC(year, number - 1 + by, 1)).slice(0, 7);
}

/** Whole weeks, with what they have of the months beside it; 0 = a week begins with Monday. */
export function weeksOf(month: string, firstDay: number): string[][] {
  const first = `${month}-01`;
  const back = (new Date(dayNumber(first)).getUTCDay() + 6 - firstDay + 7) % 7;
  const weeks: string[][] = [];
  for (let day = later(first, -back); monthOf(day) <= month; day = later(day, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, n) => later(day, n)));
  }
  return weeks;
}

/** Where a key leads in the grid of days; null = nowhere. */
export function dayAfterKey(key: string, day: string, firstDay: number, rtl = false): string | null {
  const ahead = rtl ? -1 : 1;
  const inWeek = (new Date(dayNumber(day)).getUTCDay() + 6 - firstDay + 7) % 7;
  switch (key) {
    case "ArrowLeft":
      return later(day, -ahead);
    case "ArrowRight":
      return later(day, ahead);
    case "ArrowUp":
      return later(day, -7);
    case "ArrowDown":
      return later(day, 7);
    case "Home":
      return later(day, -inWeek);
    case "End":
      return later(day, 6 - inWeek);
    case "PageUp":
      return sameDay(day, -1);
    case "PageDown":
      return sameDay(day, 1);
    default:
      return null;
  }
}

/** In another month, or its last day where that is shorter. */
export function sameDay(day: string, by: number): string {
  const month = monthsOn(monthOf(day), by);
  const last = later(`${monthsOn(month, 1)}-01`, -1);
  const wanted = `${month}-${day.slice(8)}`;
  return wanted > last ? last : wanted;
}
