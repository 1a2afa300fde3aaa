/** What stands at the side, in its order: the club one is in, its rooms in my list, conversations, notes. */

import type { GroupEntry } from "../wire/types";
import { house } from "./house.svelte";
import { byName } from "./people";

export interface SideList {
  club: GroupEntry | null;
  rooms: readonly GroupEntry[];
  talks: readonly GroupEntry[];
}

/** For whoever is in `group`; beside notes and conversations the club is the `last` one. */
export function sideFor(group: number, last: number): SideList {
  const club =
    house.clubOf(group) ?? house.clubs.find((entry) => entry.group === last) ?? house.clubs[0] ?? null;
  const rooms = house.channels
    .filter((entry) => entry.parent === club?.group)
    .filter((entry) => (entry.followed && !entry.archived) || entry.group === group)
    .sort((a, b) => byName(house.nameOf(a.group), house.nameOf(b.group)));
  const here = house.entry(group);
  // a conversation that nobody has written in yet stands there as long as one is in it
  const fresh = here?.kind === "dm" && !house.dms.some((entry) => entry.group === group) ? [here] : [];
  return { club, rooms, talks: [...fresh, ...house.dms] };
}

/** From top to bottom. */
export function inOrder({ club, rooms, talks }: SideList): number[] {
  return [club, ...rooms, ...talks, house.notes].flatMap((entry) => (entry ? [entry.group] : []));
}
