/** When an event takes place, until when one answers, and how many places there are. Pure. */

import type { Counts, EventLook, GroupEntry, Label, OccurrenceLook, Someone } from "../wire/types";

const MINUTE_MS = 60_000;

/** Null = there is no date yet. */
export const startOf = (one: OccurrenceLook): number | null => (one.start ? Date.parse(one.start) : null);

export function isOver(one: OccurrenceLook, now: number): boolean {
  const end = one.end ?? one.start;
  return end ? Date.parse(end) <= now : false;
}

/** In the order in which they take place, those without a date last. */
export const inTime = (all: readonly OccurrenceLook[]): OccurrenceLook[] =>
  all.toSorted((a, b) => (startOf(a) ?? Infinity) - (startOf(b) ?? Infinity) || (a.key < b.key ? -1 : 1));

/** The one that is on or comes next; where all is over, the last one that took place. */
export function nextOf(event: EventLook, now: number): OccurrenceLook | null {
  const all = inTime(event.occurrences);
  const takesPlace = all.filter((one) => !one.cancelled);
  return takesPlace.find((one) => !isOver(one, now)) ?? takesPlace.at(-1) ?? all.at(-1) ?? null;
}

/** The last moment at which one answers; null = there is no date yet. */
export function closesAt(event: EventLook, one: OccurrenceLook): number | null {
  const start = startOf(one);
  return start === null ? null : start - event.closes_min * MINUTE_MS;
}

export const isCancelled = (event: EventLook, one: OccurrenceLook): boolean =>
  event.cancelled || one.cancelled === true;

/** Nobody answers any more, except by whoever runs it. */
export function isClosed(event: EventLook, one: OccurrenceLook, now: number): boolean {
  return isCancelled(event, one) || (closesAt(event, one) ?? Infinity) <= now;
}

export interface Coming {
  entry: GroupEntry;
  event: NonNullable<GroupEntry["event"]>;
  next: OccurrenceLook;
}

/** Of these groups the events that are still to come, by their next occurrence, those without a date last. */
export function comingUp(entries: readonly GroupEntry[], now: number): Coming[] {
  return entries
    .flatMap((entry) => {
      const event = entry.event;
      const next = event && !event.cancelled && !entry.archived ? nextOf(event, now) : null;
      return event && next && !next.cancelled && !isOver(next, now) ? [{ entry, event, next }] : [];
    })
    .sort(
      (a, b) =>
        (startOf(a.next) ?? Infinity) - (startOf(b.next) ?? Infinity) || a.entry.group - b.entry.group,
    );
}

/** Whose carriers are asked, none = everybody; a label that is no more is as if it had never been named. */
export const askedOf = (event: EventLook, labels: readonly Label[]): string[] =>
  event.asked.filter((asked) => labels.some(({ label }) => label === asked));

/** Places that belong together: of a label, or all of them (`label` null); `places` null = there is no limit. */
export interface Lane {
  label: string | null;
  places: number | null;
  taken: number;
}

export function lanesOf(event: EventLook, counts: Counts): Lane[] {
  if (event.label_places.length === 0) return [{ label: null, places: event.places, taken: counts.taken }];
  return event.label_places.map(({ label, places }) => ({ label, places, taken: counts.labels[label] ?? 0 }));
}

/** Of all lanes together; null = there is no limit. */
export function placesOf(event: EventLook): number | null {
  if (event.label_places.length === 0) return event.places;
  return event.label_places.reduce((sum, one) => sum + one.places, 0);
}

/** The first of those who come, by name; null = only whoever runs it sees them. */
export function facesOf(
  event: EventLook,
  counts: Counts,
  members: ReadonlyMap<string, { name: string }>,
): Someone[] | null {
  if (event.list_shown !== "all") return null;
  return (counts.faces ?? []).flatMap((user) => {
    const name = members.get(user)?.name;
    return name ? [{ user, name }] : [];
  });
}
