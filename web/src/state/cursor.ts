/**
 * The order of one group's actions: apply what comes next, drop what is older, hold what is newer for a
 * moment, then ask for what is missing. Pure: the clock is handed in.
 */

import type { Placed } from "../wire/types";

export const HELD_ACTIONS_MAX = 64;
export const HELD_MS_MAX = 500;

export interface Batch {
  from: number;
  to: number;
  actions: readonly Placed[];
}

export interface Inbox {
  /** The last seq that was applied. */
  cursor: number;
  held: readonly Batch[];
  /** Since when something is held; null = nothing is. */
  heldSince: number | null;
}

export interface Received {
  inbox: Inbox;
  /** To be applied now, in this order. */
  ready: readonly Placed[];
  /** The gap did not close by itself: pull from the cursor on. */
  pull: boolean;
}

export const emptyInbox = (cursor: number): Inbox => ({ cursor, held: [], heldSince: null });

export function receive(inbox: Inbox, batch: Batch, now: number): Received {
  if (batch.to <= inbox.cursor) return { inbox, ready: [], pull: false };
  const waiting = [...inbox.held, batch].sort((a, b) => a.from - b.from);
  const ready: Placed[] = [];
  let cursor = inbox.cursor;
  const held: Batch[] = [];
  for (const next of waiting) {
    if (next.to <= cursor) continue;
    if (next.from > cursor + 1) {
      held.push(next);
      continue;
    }
    const before = cursor;
    ready.push(...next.actions.filter((action) => action.seq > before));
    cursor = next.to;
  }
  const moved: Inbox = {
    cursor,
    held,
    heldSince: held.length === 0 ? null : cursor > inbox.cursor ? now : (inbox.heldSince ?? now),
  };
  return { inbox: moved, ready, pull: mustPull(moved, now) };
}

export function mustPull(inbox: Inbox, now: number): boolean {
  if (inbox.heldSince === null) return false;
  const count = inbox.held.reduce((sum, batch) => sum + (batch.to - batch.from + 1), 0);
  return count > HELD_ACTIONS_MAX || now - inbox.heldSince >= HELD_MS_MAX;
}
