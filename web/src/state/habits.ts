/** What this device remembers of how somebody uses it: rooms visited, reactions used. */

import { deleteDB } from "idb";

const ROOM = "clubroom.room";
const VISITED = "clubroom.visited";
const VISITED_MAX = 20;
const EMOTES = "clubroom.emotes";
const EMOTES_MAX = 12;
const USUAL_EMOTES = ["👍", "❤️", "😂", "🎉", "🙏"];
/** The picker's own, with what was picked most. */
const PICKERS = ["emoji-picker-element-en", "emoji-picker-element-de"];

export const lastRoom = (): number => Number(localStorage.getItem(ROOM) ?? 0);

/** The one that one was in last comes first. */
export const visitedRooms = (): number[] => listed(VISITED).map(Number);

export function keepLastRoom(group: number): void {
  localStorage.setItem(ROOM, String(group));
  keep(VISITED, [String(group), ...listed(VISITED)], VISITED_MAX);
}

/** Those used last on this device, then the usual ones; a club's own only where it `has` them. */
export const recentEmotes = (has: (emote: string) => boolean = () => true): string[] =>
  [...new Set([...listed(EMOTES), ...USUAL_EMOTES])].filter(has).slice(0, EMOTES_MAX);

export const rememberEmote = (emote: string): void => keep(EMOTES, [emote, ...recentEmotes()], EMOTES_MAX);

export function forgetHabits(): void {
  for (const name of [ROOM, VISITED, EMOTES]) localStorage.removeItem(name);
  for (const name of PICKERS) void deleteDB(name).catch(() => undefined);
}

const listed = (name: string): string[] => (localStorage.getItem(name) ?? "").split(" ").filter(Boolean);

function keep(name: string, words: readonly string[], most: number): void {
  localStorage.setItem(name, [...new Set(words)].slice(0, most).join(" "));
}
