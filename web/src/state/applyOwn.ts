/** How one stands in an event oneself + action → how one stands. Pure. */

import type { EventEntry, OwnAnswer } from "../wire/types";
import { changedEvent, type OfEvent } from "./applyEvent";

/** An entry of one's own list after what happened to its event; `me` = whose list it is. */
export function changedEntry(entry: EventEntry, action: OfEvent, me: string): EventEntry {
  return { ...changedEvent(entry, action), mine: changedMine(entry.mine, action, me) };
}

function changedMine(mine: readonly OwnAnswer[], action: OfEvent, me: string): OwnAnswer[] {
  if (action.type === "event_changed") {
    const again = new Set(action.again);
    return mine.map((one) => (one.answer === "going" && again.has(one.key) ? { ...one, again: true } : one));
  }
  if (action.type !== "event_answered" || action.user !== me) return [...mine];
  const { key, answer, standing, guests, note, until, label } = action;
  const before = mine.find((one) => one.key === key);
  const waits = standing === "waiting" && before?.standing === "waiting";
  const now: OwnAnswer = {
    key,
    answer,
    standing,
    ...(guests && { guests }),
    ...(note && { note }),
    ...(until && { until }),
    ...(label && { label }),
    ...(waits && before.ahead && { ahead: before.ahead }),
  };
  return [...mine.filter((one) => one.key !== key), now].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Whether only the server knows how many wait before me now. */
export function placeMoved(before: EventEntry, after: EventEntry): boolean {
  return after.mine.some((one) => {
    if (one.standing !== "waiting") return false;
    const was = before.mine.find(({ key }) => key === one.key);
    return was?.standing !== "waiting" || waitingFor(before, one.key) !== waitingFor(after, one.key);
  });
}

const waitingFor = (event: EventEntry, key: string): number =>
  event.occurrences.find((one) => one.key === key)?.counts.waiting ?? 0;
