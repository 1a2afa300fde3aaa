/** What stands at the side: what comes up in the club one is in, its rooms in my list, conversations, notes. */

import type { GroupEntry } from "../wire/types";
import { house } from "./house.svelte";
import { clock } from "./clock";
import { byName } from "./people";
import { comingUp, type Coming } from "./takesPlace";

/** The next ones; the others stand on a page of their own. */
export const COMING_SHOWN_MAX = 5;

export interface SideList {
  club: GroupEntry | null;
  events: readonly Coming[];
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
  const ofClub = house.events.filter((entry) => club && house.clubOf(entry.group)?.group === club.group);
  return { club, events: comingUp(ofClub, clock.now), rooms, talks: [...fresh, ...house.dms] };
}

/** From top to bottom. */
export function inOrder({ club, events, rooms, talks }: SideList): number[] {
  const coming = events.slice(0, COMING_SHOWN_MAX).map((one) => one.entry);
  return [...coming, club, ...rooms, ...talks, house.notes].flatMap((entry) => (entry ? [entry.group] : []));
}
