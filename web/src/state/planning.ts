/** Events made, changed and cancelled by whoever may. */

import { eventCalls } from "../wire/events";
import type { NewEvent, NewPlan } from "../wire/types";
import { callAsMe } from "./access";
import { here } from "./account";
import { house } from "./house.svelte";

const calls = eventCalls(callAsMe);

/** Under an id of ours: asked for twice, it is made once. The group of the event. */
export async function makeEvent(key: string, event: NewEvent): Promise<number> {
  const { group } = await calls.make(key, event);
  await here().refreshMe();
  return group;
}

/** As it is to be from now on: all of it, or what of a series is named. */
export async function changeEvent(group: number, to: NewPlan): Promise<void> {
  const event = house.entry(group)?.event;
  if (event) await calls.change(event.event, to);
}

/** `key` = this occurrence alone; null = all of it. */
export async function cancelEvent(group: number, key: string | null): Promise<void> {
  const event = house.entry(group)?.event;
  if (event) await (key === null ? calls.cancel(event.event) : calls.cancelOne(event.event, key));
}

/** Minutes before each start at which I am reminded; null = as everybody is. */
export async function myReminders(group: number): Promise<readonly number[] | null> {
  const event = house.entry(group)?.event;
  const said = event ? await calls.reminders(event.event) : null;
  return said?.own ? said.minutes : null;
}

export async function wishReminders(group: number, minutes: number[] | null): Promise<void> {
  const event = house.entry(group)?.event;
  if (event) await calls.wishReminders(event.event, { minutes });
}

/** Whoever runs the club or room, and members where the club lets them. */
export function mayMakeEvents(group: number): boolean {
  const entry = house.entry(group);
  if (!entry || (entry.kind !== "club" && entry.kind !== "channel")) return false;
  if (entry.archived || entry.suspended) return false;
  return entry.manages || (entry.may_post && (house.clubOf(group)?.events_by_members ?? false));
}

/** Every club and room in which I may, those of one club together. */
export const placesForEvents = (): number[] =>
  house.clubs
    .flatMap((club) => [club, ...house.channels.filter((room) => room.parent === club.group)])
    .map((entry) => entry.group)
    .filter(mayMakeEvents);
