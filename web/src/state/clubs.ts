/** Join, create, invite, leave: what one does with a club as a whole. */

import type { ClubMade, ClubPreview, Host, Invitation } from "../wire/types";
import { accept, door } from "./access";
import { here } from "./account";
import { house } from "./house.svelte";
import { calls } from "./intake";

let knownHost: Promise<Host> | null = null;

/** What the host allows; asked once. */
export function host(): Promise<Host> {
  knownHost ??= door.host().catch((error) => {
    knownHost = null;
    throw error;
  });
  return knownHost;
}

export const preview = (code: string): Promise<ClubPreview> => door.preview({ code });

export async function join(code: string): Promise<number> {
  const joined = await calls.join({ code });
  await arrive(joined.group, joined.access_token);
  return joined.group;
}

export async function create(key: string, name: string, word?: string): Promise<ClubMade> {
  const made = await calls.makeClub({ key, name, ...(word ? { word } : {}) });
  await arrive(made.group, made.access_token);
  return made;
}

export const invitation = (group: number): Promise<Invitation> => calls.invitation(group);

export async function leaveClub(group: number): Promise<void> {
  await calls.remove(group, house.user);
  await here().refreshMe();
  here().intake.drop(group);
}

export const removeMember = (group: number, user: string): Promise<void> => calls.remove(group, user);

export function mayInvite(group: number): boolean {
  const role = house.entry(group)?.role;
  return house.entry(group)?.kind === "club" && (role === "owner" || role === "admin");
}

export const mayRemove = (group: number): boolean => house.entry(group)?.role === "owner";

async function arrive(group: number, token: string): Promise<void> {
  accept(house.user, token);
  await here().refreshMe();
  await here().need(group);
}
