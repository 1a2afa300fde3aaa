/** Whom an event asks. */

import type { EventLook } from "../wire/types";
import { house } from "./house.svelte";

/** Whether I am one of them; as long as it is not known here what I carry, so it seems. */
export function asksMe(group: number, event: EventLook): boolean {
  if (event.asked.length === 0 || !house.states.has(house.clubOf(group)?.group ?? 0)) return true;
  return event.asked.some((label) => house.myLabels(group).includes(label));
}
