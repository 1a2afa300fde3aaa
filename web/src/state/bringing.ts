/** Bringing people into a club: invited, looked after until they have come, let in. */

import { bringingCalls, bringingDoor } from "../wire/bringing";
import { request } from "../wire/http";
import {
  limits,
  type CameIn,
  type Contact,
  type ListedInvitation,
  type Placed,
  type PutContact,
} from "../wire/types";
import { uuid7 } from "../wire/uuid7";
import { accept, callAsMe } from "./access";
import { comeIn, here } from "./account";
import { house } from "./house.svelte";
import type { PastedRow } from "./pasted";

export const INVITED_AT_ONCE = 100; // half of what is allowed: bodies have an end, too
export const LABELS_MAX = limits.LABELS_A_MEMBER_MAX;
export const PHONE_MAX = limits.PHONE_CHARACTERS_MAX;
export const CONTACT_NOTE_MAX = limits.CONTACT_NOTE_CODE_POINTS_MAX;

const EMAIL = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+\.[^\s@<>()[\],;:\\".]+$/;

const door = bringingDoor((method, path, body) => request(method, path, body));
const calls = bringingCalls(callAsMe);

/** A row that is sent, under the key of its portion: the same again after a lost answer invites nobody twice. */
export interface Portion {
  key: string;
  rows: readonly PastedRow[];
}

export interface Brought {
  invited: number;
  known: number;
  /** As the server sees them: they stay to be mended. */
  wrong: PastedRow[];
  sent: number;
}

/** What is wrong with a row before it is sent; the server looks again. */
export function wrongIn(row: PastedRow): "name" | "email" | null {
  const characters = [...row.name.trim()].length;
  if (characters === 0 || characters > limits.NAME_CODE_POINTS_MAX) return "name";
  const email = row.email.trim();
  if (email && (!EMAIL.test(email) || email.length > limits.EMAIL_CODE_POINTS_MAX)) return "email";
  return null;
}

/** Names of labels that the club does not have, as the list spells them first. */
export function missingLabels(rows: readonly PastedRow[], known: readonly { name: string }[]): string[] {
  const have = new Set(known.map((one) => one.name.toLowerCase()));
  const wanted = new Map(rows.flatMap((row) => row.labels).map((name) => [name.toLowerCase(), name]));
  return [...wanted].filter(([name]) => !have.has(name)).map(([, name]) => name);
}

export async function makeLabels(club: number, names: readonly string[]): Promise<void> {
  for (const name of names) await calls.defineLabel(club, uuid7(), name);
}

export function portions(rows: readonly PastedRow[]): Portion[] {
  const all: Portion[] = [];
  for (let from = 0; from < rows.length; from += INVITED_AT_ONCE)
    all.push({ key: uuid7(), rows: rows.slice(from, from + INVITED_AT_ONCE) });
  return all;
}

export async function bring(
  club: number,
  portion: Portion,
  how: { labels: readonly string[]; asMembers: boolean; send: boolean },
): Promise<Brought> {
  const named = new Map(labelsOf(club).map((one) => [one.name.toLowerCase(), one.label]));
  const people = portion.rows.map((row) => ({
    name: row.name.trim(),
    email: row.email.trim() || null,
    labels: row.labels.flatMap((name) => named.get(name.toLowerCase()) ?? []).slice(0, LABELS_MAX),
  }));
  const made = await calls.invite(club, {
    key: portion.key,
    people,
    labels: [...how.labels],
    as_members: how.asMembers,
    send: how.send,
  });
  return {
    invited: made.rows.filter((row) => row.is === "new").length,
    known: made.rows.filter((row) => row.is === "known").length,
    wrong: made.rows.filter((row) => row.is === "wrong").map((row) => portion.rows[row.row]!),
    sent: made.sent,
  };
}

export const labelsOf = (club: number) => house.states.get(club)?.labels ?? [];

/** All of a club's, the newest first; with `waiting` who has not come. */
export async function invitations(club: number, waiting: boolean) {
  const all: ListedInvitation[] = [];
  for (;;) {
    const page = await calls.invitations(club, all.at(-1)?.invitation ?? 0, waiting);
    all.push(...page.invitations);
    if (!page.more) return { all: all.reverse(), waiting: page.waiting, came: page.came };
  }
}

/** Calls back when somebody came, went or was invited; gives what ends it. */
export function onComing(club: number, changed: () => void): () => void {
  const admins = house.me?.groups.find((entry) => entry.kind === "admins" && entry.parent === club)?.group;
  const tells = new Set([
    "member_joined",
    "person_arrived",
    "member_removed",
    "person_renamed",
    "invitations_sent",
  ]);
  const hear = (group: number, actions: readonly Placed[]) => {
    if ((group === club || group === admins) && actions.some((action) => tells.has(action.type))) changed();
  };
  here().heard.add(hear);
  return () => here().heard.delete(hear);
}

export const sendAgain = (club: number) => calls.send(club, { invitations: null });
export const linkFor = async (club: number, invitation: number) => (await calls.link(club, invitation)).url;
export const withdraw = (club: number, invitation: number) => calls.withdraw(club, invitation);
export const renameManaged = (club: number, user: string, name: string) => calls.rename(club, user, name);

export const previewInvitation = (secret: string) => door.preview(secret);

/** Through the door: with the account of this device, else as somebody new. Gives the club. */
export async function come(secret: string, name: string, key: string): Promise<number> {
  const signedIn = house.phase === "in";
  const came: CameIn = signedIn
    ? await calls.accept({ secret, key, name: null, keep: null })
    : await door.accept({ secret, key, name, keep: null });
  if (signedIn) accept(house.user, came.access_token);
  else await comeIn(came);
  await here().refreshMe();
  await here().need(came.group);
  return came.group;
}

export const contactsOf = (club: number) => calls.contacts(club);
export const putContact = (club: number, said: PutContact) => calls.putContact(club, said);

export const contactOf = (contacts: readonly Contact[], user: string) =>
  contacts.find((one) => one.user === user) ?? null;
