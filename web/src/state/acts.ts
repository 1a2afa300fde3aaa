/** What one does to a message or a room: shown at once where that is possible, undone where it is refused. */

import { pushCalls } from "../wire/push";
import type { Emote, Level, NewChannel, PatchGroup, Why } from "../wire/types";
import { uuid7 } from "../wire/uuid7";
import { callAsMe } from "./access";
import { here } from "./account";
import { changedEmotes } from "./applyEmotes";
import { rememberEmote } from "./habits";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { unreadIn } from "./unread.svelte";

const OVERLAY_MS = 5_000;

const reactionKey = (id: string, emote: string) => `${id} ${emote}`;

/** A reaction shows before the server has heard of it. */
export async function react(id: string, emote: string, on: boolean): Promise<void> {
  const key = reactionKey(id, emote);
  house.reacting.set(key, on);
  if (on) rememberEmote(emote);
  try {
    await calls.react(id, emote, on);
  } catch (error) {
    house.reacting.delete(key);
    throw error;
  }
  // The log has it by now, or brings it in a moment; only a newer wish may stand there longer.
  setTimeout(() => house.reacting.get(key) === on && house.reacting.delete(key), OVERLAY_MS);
}

/** The reactions of a message with those of mine that are on their way. */
export function emotesOf(message: { id: string; emotes: readonly Emote[] }): readonly Emote[] {
  let shown = message;
  for (const [key, on] of house.reacting) {
    const [id, emote] = key.split(" ") as [string, string];
    if (id !== message.id) continue;
    const has = shown.emotes.some((kind) => kind.emote === emote && kind.users.includes(house.user));
    if (on !== has) shown = { id, emotes: changedEmotes(shown.emotes, emote, house.user, on) };
  }
  return shown.emotes;
}

export const editMessage = (id: string, text: string) => calls.edit(id, text);
export const deleteMessage = (id: string) => calls.deleteMessage(id);
export const removePreview = (id: string) => calls.removePreview(id);
export const pinMessage = (id: string, on: boolean) => calls.pin(id, on);
export const seenBy = (id: string) => calls.seen(id);
export const whyOf = (id: string): Promise<Why> => pushCalls(callAsMe).why(id);
export const pinnedIn = (group: number) => calls.pins(group);

/** Unread from this message on, here and on one's other devices. */
export async function markUnread(group: number, seq: number): Promise<void> {
  here().reading.back(group, seq - 1);
  await calls.unread(group, seq - 1);
}

/** Where each room was read to before it was all read at once. */
export type WasUnread = ReadonlyMap<number, number>;

/** Everything in my list is read; gives what undoes it. */
export function readAll(): WasUnread {
  const was = new Map<number, number>();
  for (const { group } of house.listed) {
    if (unreadIn(group).unread === 0) continue;
    was.set(group, house.reads.get(group) ?? 0);
    here().reading.visit(group); // also what was marked unread
    here().reading.seen(group, house.heads.get(group) ?? 0);
  }
  return was;
}

export async function unread(was: WasUnread): Promise<void> {
  await Promise.all([...was].map(([group, seq]) => markUnread(group, seq + 1)));
}

export async function makeRoom(club: number, room: Omit<NewChannel, "key">): Promise<number> {
  const { group } = await calls.makeChannel(club, { key: uuid7(), ...room });
  await here().refreshMe();
  return group;
}

export const changeGroup = (group: number, change: PatchGroup) => calls.changeGroup(group, change);

export async function follow(group: number, on: boolean): Promise<void> {
  await calls.follow(group, on);
  house.amend(group, { followed: on });
}

/** Quiet from it for so many seconds; null = for good, 0 = no longer. */
export async function mute(group: number, forS: number | null): Promise<void> {
  await calls.mute(group, forS);
  const until = forS === null ? null : new Date(Date.now() + forS * 1_000).toISOString();
  house.amend(group, { mute: forS === 0 ? null : { until } });
}

/** What I want to be told of it; null = as its club says. */
export async function chooseLevel(group: number, level: Level | null): Promise<void> {
  await calls.level(group, level);
  house.amend(group, { level });
}

export async function openConversation(users: string[]): Promise<number> {
  const { group } = await calls.openDm(users);
  if (!house.entry(group)) await here().refreshMe();
  return group;
}

export async function block(user: string, on: boolean): Promise<void> {
  await calls.block(user, on);
  house.block(user, on);
}
