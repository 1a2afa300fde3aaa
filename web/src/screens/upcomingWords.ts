/** My events as they are shown on the page of what comes up. */

import { house } from "../state/house.svelte";
import { monthOf } from "../state/month";
import { happeningsOf, type Happening, type MarkOn, type ShownDay, type ShownOn } from "../state/upcoming";
import { localOf } from "../state/zoned";
import { clockOf, t, zoneName } from "../texts";
import { clocksOf, leafOf, longDayOf, monthNameOf } from "../texts/dates";
import { isAsked } from "./cardWords";
import { placeOf } from "./roomWords";

export const myHappenings = (): Happening[] =>
  happeningsOf(
    (house.me?.groups ?? []).flatMap((entry) => {
      if (!entry.event || entry.archived) return [];
      const { group, event, parent } = entry;
      const asked = isAsked(entry, event);
      const where = placeOf(parent ?? group);
      return [{ group, name: house.nameOf(group), where, look: event, mine: event.mine, asked }];
    }),
  );

/** A list of days, with a heading where another month begins; what has no date comes last. */
export function daysShown(
  days: ReadonlyMap<string, readonly Happening[]>,
  undated: readonly Happening[],
  zone: string,
  today: string,
): ShownDay[] {
  let month = "";
  const dated = [...days].map(([day, on]) => {
    const begins = monthOf(day) !== month;
    month = monthOf(day);
    return {
      day,
      title: longDayOf(day, today),
      leaf: leafOf(day),
      month: begins ? monthNameOf(month) : "",
      shown: on.map((one) => shown(one, zone)),
    };
  });
  if (undated.length === 0) return dated;
  const none = t.upcoming.noDate;
  return [
    ...dated,
    { day: "", title: none, leaf: null, month: none, shown: undated.map((one) => shown(one, zone)) },
  ];
}

function shown(one: Happening, zone: string): ShownOn {
  return {
    key: `${one.group} ${one.key}`,
    href: `/c/${one.group}`,
    name: one.name,
    line: [timeOf(one, zone), one.place, one.where].filter(Boolean).join(", "),
    cancelled: one.cancelled,
    stand: one.stand,
    words: one.cancelled || (one.stand === "silent" && !one.asked) ? "" : t.upcoming[one.stand],
  };
}

/** For whoever looks; with the name of their zone where it is planned in one of another time. */
function timeOf({ start, end, zone: planned }: Happening, zone: string): string {
  if (start === null) return "";
  const [from, to] = [localOf(start, zone), end === null ? null : localOf(end, zone)];
  const times = clocksOf(from.slice(11), to && to.slice(11));
  return localOf(start, planned) === from ? times : `${times}, ${t.eventForm.inZone(zoneName(zone))}`;
}

/** By day, for the grid of a month. */
export function marksOf(
  days: ReadonlyMap<string, readonly Happening[]>,
  zone: string,
): ReadonlyMap<string, MarkOn[]> {
  const mark = (one: Happening): MarkOn => ({
    key: `${one.group} ${one.key}`,
    href: `/c/${one.group}`,
    time: clockOf(localOf(one.start ?? 0, zone).slice(11)),
    name: one.name,
    lit: one.stand === "going" && !one.cancelled,
    cancelled: one.cancelled,
  });
  return new Map([...days].map(([day, on]) => [day, on.map(mark)]));
}
