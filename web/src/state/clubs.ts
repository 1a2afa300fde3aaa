/** Join, create, invite, leave: what one does with a club as a whole. */

import type { Erase } from "../wire/door";
import type { ClubMade, ClubPreview, Host, Invitation, JoinCode, NewCode, PatchCode } from "../wire/types";
import { uuid7 } from "../wire/uuid7";
import { accept, door } from "./access";
import { here } from "./account";
import { waiting } from "./door.svelte";
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

/** The club one is in now; null = its admins were asked. */
export async function join(code: string, answer?: string): Promise<number | null> {
  const joined = await calls.join({ code, ...(answer ? { answer } : {}) });
  if ("asked" in joined) {
    await waiting.load();
    return null;
  }
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

/** For everybody. Its end is told live, too: whichever comes first. */
export async function deleteClub(group: number, name: string): Promise<void> {
  await calls.deleteClub(group, name);
  await here().refreshMe();
  here().intake.drop(group);
}

/** Out; with `block` for good, with `erase` what they wrote goes, too. */
export function removeMember(
  group: number,
  user: string,
  { block = false, erase }: { block?: boolean; erase?: Erase } = {},
): Promise<void> {
  return block ? calls.keepOut(group, user, erase) : calls.remove(group, user, erase);
}

/** Stays with what is made until it is made: asked for twice, it is made once. */
export const newKey = (): string => uuid7();

export const makeCode = (group: number, code: NewCode): Promise<JoinCode> => calls.makeCode(group, code);
export const changeCode = (group: number, code: number, to: PatchCode): Promise<JoinCode> =>
  calls.changeCode(group, code, to);
export const revokeCode = (group: number, code: number): Promise<void> => calls.revokeCode(group, code);
export const resetCodes = (group: number): Promise<JoinCode> => calls.resetCodes(group, uuid7());

export function mayInvite(group: number): boolean {
  return runs(group) || (house.entry(group)?.kind === "club" && house.entry(group)!.members_invite);
}

/** Whether I am an owner or an admin of this club. */
export function runs(group: number): boolean {
  const entry = house.entry(group);
  return entry?.kind === "club" && entry.role !== "member";
}

async function arrive(group: number, token: string): Promise<void> {
  accept(house.user, token);
  await here().refreshMe();
  await here().need(group);
}
