/**
 * What the disk had not confirmed when a page was left, kept where writing waits for nothing, until the next page
 * takes it: IndexedDB may give up what was begun a moment before.
 */

import type { Outgoing } from "./outbox";

const LEFT = "clubroom.left.";

export function keepLeft(user: string, items: readonly Outgoing[]): void {
  if (items.length === 0) return;
  try {
    localStorage.setItem(LEFT + user, JSON.stringify(items));
  } catch {
    return; // full, or forbidden: then the disk alone decides, as before
  }
}

export function takeLeft(user: string): Outgoing[] {
  const kept = localStorage.getItem(LEFT + user);
  localStorage.removeItem(LEFT + user);
  return kept ? (JSON.parse(kept) as Outgoing[]) : [];
}
