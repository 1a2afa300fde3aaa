/** The emotes of the club that a group belongs to, as parts ask for them. */

import type { Candidate } from "../parts/complete";
import { ownName, type OwnEmotes } from "../parts/ownEmotes";
import { linkOf, onfailed, onwant } from "../state/files/linked";
import { house } from "../state/house.svelte";
import type { ClubEmote } from "../wire/types";

/** Lists are replaced, never changed: each is looked through once. */
const byName = new WeakMap<readonly ClubEmote[], ReadonlyMap<string, string>>();

function named(emotes: readonly ClubEmote[]): ReadonlyMap<string, string> {
  let found = byName.get(emotes);
  if (!found) byName.set(emotes, (found = new Map(emotes.map((one) => [one.name, one.file]))));
  return found;
}

export const emotesHere = (group: number): OwnEmotes => ({
  fileOf: (name) => named(house.emotesOf(group)).get(name) ?? null,
  linkOf,
  onwant,
  onfailed,
});

/** Whether one may react with it here. */
export function isHere(group: number, emote: string): boolean {
  const name = ownName(emote);
  return name === null || named(house.emotesOf(group)).has(name);
}

/** For the list that opens with a colon and two letters. */
export const emotesToComplete = (group: number): Candidate[] =>
  house.emotesOf(group).map(({ name }) => ({
    key: `:${name}:`,
    name,
    insert: `:${name}:`,
    also: name.includes("_") ? [name] : [],
  }));
