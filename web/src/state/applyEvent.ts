/** An event + action → event: as its own log tells it. Pure. */

import type { AnyAction, Counts, EventLook, Placed } from "../wire/types";

/** What happens to an event. */
export type OfEvent = Placed &
  Extract<
    AnyAction,
    {
      type:
        | "event_created"
        | "event_changed"
        | "event_cancelled"
        | "event_covered"
        | "event_answered"
        | "event_counted";
    }
  >;

const NOBODY: Counts = { going: 0, maybe: 0, no: 0, waiting: 0, taken: 0, labels: {} };

/** An event after what happened to it; what stands in other logs than its own says no counts, and changes nothing. */
export function changedEvent<T extends EventLook>(event: T, action: OfEvent): T;
export function changedEvent(event: EventLook | null, action: OfEvent): EventLook | null;
export function changedEvent(event: EventLook | null, action: OfEvent): EventLook | null {
  switch (action.type) {
    case "event_created":
    case "event_changed": {
      const { name: _, ...says } = action.says;
      const listed = says.list_shown === "all";
      const counts = new Map(
        event?.occurrences.map(({ key, counts }) => [key, listed ? counts : withoutFaces(counts)]),
      );
      const occurrences = action.occurrences.map((one) => ({
        ...one,
        counts: counts.get(one.key) ?? NOBODY,
      }));
      return action.type === "event_created"
        ? { event: action.event, by: action.by, cancelled: false, cover: null, ...says, occurrences }
        : event && { ...event, ...says, occurrences };
    }
    case "event_cancelled":
      if (!action.key) return event && { ...event, cancelled: true };
      return event && withOccurrence(event, action.key, { cancelled: true });
    case "event_covered":
      return event && { ...event, cover: action.cover ?? null };
    default:
      return event && action.counts ? withOccurrence(event, action.key, { counts: action.counts }) : event;
  }
}

/** Only whoever runs it sees who comes, from now on. */
function withoutFaces({ faces: _, ...counts }: Counts): Counts {
  return counts;
}

function withOccurrence(
  event: EventLook,
  key: string,
  change: Partial<EventLook["occurrences"][number]>,
): EventLook {
  return {
    ...event,
    occurrences: event.occurrences.map((one) => (one.key === key ? { ...one, ...change } : one)),
  };
}
