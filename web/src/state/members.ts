/** Who runs a club, and what its members are called together. */

import type { Member, Role } from "../wire/types";
import { uuid7 } from "../wire/uuid7";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { ADDED_MAX, LABELLED_MAX } from "./limits";

export const giveRole = (club: number, user: string, role: Role) => calls.changeRole(club, user, { role });

/** They become the owner, I an admin. */
export const handOver = (club: number, user: string) =>
  calls.changeRole(club, user, { role: "owner", hand_over: true });

export const makeLabel = (club: number, name: string) => calls.defineLabel(club, uuid7(), name);
export const renameLabel = (club: number, label: string, name: string) =>
  calls.defineLabel(club, label, name);
export const removeLabel = (club: number, label: string) => calls.removeLabel(club, label);

/** Exactly these. */
export const setLabels = (club: number, user: string, labels: readonly string[]) =>
  calls.labelMember(club, user, [...labels]);

/** One label to all of these, or from them; as many calls as it takes. */
export async function label(club: number, one: string, users: readonly string[], on: boolean): Promise<void> {
  for (const some of inSteps(users, LABELLED_MAX))
    await calls.labelMembers(club, one, on ? { add: some } : { remove: some });
}

/** Into a room, as many calls as it takes. */
export async function addAll(group: number, users: readonly string[], history: boolean): Promise<void> {
  for (const some of inSteps(users, ADDED_MAX)) await calls.addMembers(group, { users: some, history });
}

function inSteps<T>(all: readonly T[], step: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / step) }, (_, i) => all.slice(i * step, (i + 1) * step));
}

/** How many of these carry each label; what they carry is known of them as members of the club. */
export function countsByLabel(
  members: ReadonlyMap<string, Member>,
  inClub: ReadonlyMap<string, Member>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { user, left } of members.values()) {
    if (left) continue;
    for (const one of inClub.get(user)?.labels ?? []) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return counts;
}

/** Whoever is in a group and carries one of these labels of its club. */
export function carriers(group: number, labels: readonly string[]): Member[] {
  if (labels.length === 0) return [];
  const inClub = house.membersOf(house.clubOf(group)?.group ?? 0);
  return [...house.membersOf(group).values()].filter(
    (one) => !one.left && inClub.get(one.user)?.labels?.some((label) => labels.includes(label)),
  );
}

export function runs(club: number): boolean {
  const entry = house.entry(club);
  return entry?.kind === "club" && entry.role !== "member";
}

/** Where members may not write to each other, they may still write to whoever runs the club. */
export function mayWriteTo(club: number, member: Member): boolean {
  const entry = house.entry(club);
  if (member.user === house.user || member.managed) return false;
  return !entry?.dms_off || entry.role !== "member" || member.role !== "member";
}

/** An owner removes anybody, an admin members. */
export function mayRemove(club: number, member: Member): boolean {
  if (member.user === house.user || member.left) return false;
  return house.entry(club)?.role === "owner" || (runs(club) && member.role === "member");
}
