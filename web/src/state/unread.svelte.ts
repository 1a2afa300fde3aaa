/** Unread as the screens show it, from the house: bold = unread, a number = it calls me, or a conversation. */

import { house } from "./house.svelte";
import { quiet } from "./quiet.svelte";
import { NOTHING, shownCount, sum, unreadOf, type Unread } from "./unread";

export function unreadIn(group: number): Unread {
  return unreadOf(
    house.states.get(group) ?? null,
    house.user,
    house.reads.get(group) ?? 0,
    house.counted.get(group) ?? null,
    house.myLabels(group),
  );
}

/** Whether it stands bold: somebody wrote, and no quiet is wanted from it. */
export const waitsIn = (group: number): boolean => !quiet.in(group) && unreadIn(group).unread > 0;

/**
 * What stands as a number beside a room; 0 = none. Who calls me by name is heard through a mute, but not where I
 * want to be told nothing.
 */
export function callsIn(group: number): number {
  const { unread, mentions } = unreadIn(group);
  const level = quiet.levelIn(group);
  if (level === "nothing") return 0;
  if (house.entry(group)?.kind !== "dm") return mentions;
  return quiet.in(group) ? 0 : level === "all" ? unread : mentions;
}

/** Of all that is in my list, not muted, and of which I want to be told anything. */
export function unreadAll(): Unread & { calls: number } {
  const all = house.listed.map((entry) => entry.group);
  return {
    ...all
      .filter((group) => !quiet.in(group) && quiet.levelIn(group) !== "nothing")
      .map(unreadIn)
      .reduce(sum, NOTHING),
    calls: all.reduce((calls, group) => calls + callsIn(group), 0),
  };
}

/** Before the title: how many call me, or a dot for what is unread; empty when all is read. */
export function titleMark(): string {
  const { unread, calls } = unreadAll();
  if (calls > 0) return `(${shownCount(calls)}) `;
  return unread > 0 ? "• " : "";
}
