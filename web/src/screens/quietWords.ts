/** Quiet hours in words. */

import { clockOf, t, weekdayOf } from "../texts";
import type { QuietSpan } from "../wire/types";

const RUN_MIN = 3; // Monday and Tuesday are named, Monday to Wednesday is a run

/** Like "Mon–Fri, 22:00 to 07:00". */
export const spanWords = (span: QuietSpan): string =>
  t.account.quietSpan(daysWords(span.days), clockOf(span.from), clockOf(span.to));

function daysWords(days: readonly number[]): string {
  const [first, last] = [days[0]!, days.at(-1)!];
  if (days.length === 7) return t.account.quietEveryDay;
  if (days.length >= RUN_MIN && last - first === days.length - 1)
    return `${weekdayOf(first, "short")}–${weekdayOf(last, "short")}`;
  return days.map((day) => weekdayOf(day, "short")).join(", ");
}
