/** Events that were over long ago stand in nobody's list: what a card or a page shows of one is asked for. */

import { Refused } from "../wire/http";
import type { GroupEntry, GroupLook, EventLook, Snapshot } from "../wire/types";
import type { GroupState } from "./apply";
import { house } from "./house.svelte";
import { calls } from "./intake";

/** So long a card waits for the list, in which it may be in a moment. */
const PATIENCE_MS = 1_000;

let queue: Promise<unknown> = Promise.resolve();
/** What was not to be had is not asked for again. */
const asked = new Set<number>();

/** Call within an effect: asks, unless it comes by itself or was not to be had. Gives the end of it. */
export function awaitEvent(group: number): () => void {
  if (house.entry(group) || house.link !== "live") return () => undefined;
  const clock = setTimeout(() => void lookAtOld(group), PATIENCE_MS);
  return () => clearTimeout(clock);
}

/** One after another, for a stream may be full of them. */
function lookAtOld(group: number): Promise<unknown> {
  if (asked.has(group)) return queue;
  asked.add(group);
  return (queue = queue.then(() => look(group)));
}

async function look(group: number): Promise<void> {
  if (house.entry(group)) return;
  const me = house.user;
  let found: GroupState | Snapshot | undefined = house.states.get(group);
  try {
    found ??= await calls.snapshot(group);
  } catch (error) {
    if (!(error instanceof Refused) || error.passing) asked.delete(group);
    return;
  }
  if (!found.event || house.user !== me) return;
  house.old.set(group, entryFrom(found, found.event));
  asked.delete(group);
}

/** As it would stand in the list; how I stood in it is told by its answers. */
function entryFrom(found: GroupState | Snapshot, event: EventLook): GroupEntry {
  const parent = house.entry(found.parent ?? 0);
  const archived = found.archived || (parent?.archived ?? false);
  const role = parent?.role ?? "member"; // of a private room its own
  const manages = event.by === house.user || role !== "member";
  return {
    ...lookOf(found),
    archived,
    role,
    head: found.seq,
    read: found.seq,
    unread: 0,
    mentions: 0,
    followed: false,
    manages,
    may_post: !archived && !found.suspended,
    level: null,
    mute: null,
    people: [],
    event: { ...event, mine: [] },
  };
}

function lookOf(found: GroupState | Snapshot): GroupLook {
  const {
    epoch: _epoch,
    seq: _seq,
    members: _members,
    messages: _messages,
    window: _window,
    labels: _labels,
    pinned: _pinned,
    event: _event,
    ...look
  } = found;
  return look;
}
