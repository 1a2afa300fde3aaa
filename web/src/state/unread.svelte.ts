/** Unread as the screens show it, from the house: bold = unread, a number = it calls me, or a conversation. */

import { house } from "./house.svelte";
import { NOTHING, shownCount, sum, unreadOf, type Unread } from "./unread";

export function unreadIn(group: number): Unread {
  return unreadOf(
    house.states.get(group) ?? null,
    house.user,
    house.reads.get(group) ?? 0,
    house.counted.get(group) ?? null,
  );
}

/** What stands as a number beside a room; 0 = none. */
export function callsIn(group: number): number {
  const { unread, mentions } = unreadIn(group);
  return house.entry(group)?.kind === "dm" ? unread : mentions;
}

/** Of all that is in my list. */
export function unreadAll(): Unread & { calls: number } {
  const all = house.listed.map((entry) => entry.group);
  return {
    ...all.map(unreadIn).reduce(sum, NOTHING),
    calls: all.reduce((calls, group) => calls + callsIn(group), 0),
  };
}

/** Before the title: how many call me, or a dot for what is unread; empty when all is read. */
export function titleMark(): string {
  const { unread, calls } = unreadAll();
  if (calls > 0) return `(${shownCount(calls)}) `;
  return unread > 0 ? "• " : "";
}
