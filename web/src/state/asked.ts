/** Whom an event asks. */

import type { EventLook } from "../wire/types";
import { house } from "./house.svelte";
import { askedOf } from "./takesPlace";

/** Whose carriers are asked, as far as the labels of the club are known. */
export function askedIn(group: number, event: EventLook): string[] {
  const state = house.states.get(house.clubOf(group)?.group ?? 0);
  return state ? askedOf(event, state.labels) : event.asked;
}

/** Whether I am one of them; as long as it is not known here what I carry, so it seems. */
export function asksMe(group: number, event: EventLook): boolean {
  const asked = askedIn(group, event);
  if (asked.length === 0 || !house.states.has(house.clubOf(group)?.group ?? 0)) return true;
  return asked.some((label) => house.myLabels(group).includes(label));
}
