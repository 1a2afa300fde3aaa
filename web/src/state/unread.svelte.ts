/** Unread as the screens show it, from the house. */

import { house } from "./house.svelte";
import { shownCount, unreadOf } from "./unread";

export function unreadIn(group: number): number {
  return unreadOf(
    house.states.get(group) ?? null,
    house.user,
    house.reads.get(group) ?? 0,
    house.counted.get(group) ?? null,
  );
}

export function unreadAll(): number {
  return house.clubs.reduce((sum, club) => sum + unreadIn(club.group), 0);
}

/** For the title; empty when all is read. */
export function titleCount(): string {
  const unread = unreadAll();
  return unread > 0 ? shownCount(unread) : "";
}
