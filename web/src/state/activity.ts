/** What an action makes of the list of what happened to me. */

import type { ActivityEntry, Placed } from "../wire/types";
import { messageOf } from "./apply";
import { asksMe } from "./asked";
import { house } from "./house.svelte";
import { callsMe } from "./mentions";

/** One message, or one action, makes one entry. */
export const keyOf = (entry: ActivityEntry): string => `${entry.group}-${entry.seq}`;

const EVERYBODY = "<@all>";

/** Everybody is called in the rooms that stand in their list. */
export function isCalled(group: number, text: string): boolean {
  const labels = house.myLabels(group);
  const meant = house.entry(group)?.followed ? text : text.replaceAll(EVERYBODY, "");
  return callsMe(meant, house.user, labels);
}

/** A name as it is known here: by the room, or by its club. */
export function nameIn(group: number, user: string): string | null {
  const club = house.clubOf(group)?.group ?? group;
  return (
    house.membersOf(group).get(user)?.name ??
    house.membersOf(club).get(user)?.name ??
    house.entry(group)?.people.find((one) => one.user === user)?.name ??
    null
  );
}

/** What somebody else wrote that calls or answers me; null = it does not. */
export function entryFor(
  group: number,
  action: Placed,
  isMine: (message: string) => boolean,
): ActivityEntry | null {
  if (action.type !== "message_posted" || action.author === house.user || action.deleted) return null;
  const answers = Boolean(action.reply_to && isMine(action.reply_to));
  if (!answers && !action.event && !isCalled(group, action.text)) return null;
  return {
    kind: answers ? "reply" : action.event ? "event" : "mention",
    group,
    seq: action.seq,
    at: action.at,
    by: [{ user: action.author, name: nameIn(group, action.author) ?? "" }],
    people: 1,
    emotes: [],
    message: messageOf(group, action),
  };
}

/** Whether an event asks me and still awaits my answer, as far as it is known here: its next occurrence that can be answered. */
export function awaits({ kind, message }: ActivityEntry, now: number): boolean {
  if (kind !== "event") return true;
  const event = message?.event ? house.entry(message.event)?.event : null;
  if (!event) return true;
  const open = event.occurrences.filter(
    ({ start, cancelled }) => !cancelled && (!start || Date.parse(start) - event.closes_min * 60_000 > now),
  );
  const [next] = open.toSorted((a, b) => ((a.start ?? "9") < (b.start ?? "9") ? -1 : 1));
  if (event.cancelled || !next || !asksMe(message!.event!, event)) return false;
  const mine = event.mine.find((one) => one.key === next.key);
  return !mine || Boolean(mine.again);
}

/** After what was done to a message: what is deleted, or calls me no more, is gone. */
export function changedBy(
  entries: readonly ActivityEntry[],
  group: number,
  action: Placed,
): readonly ActivityEntry[] {
  if (action.type === "message_deleted") {
    const left = entries.filter((entry) => entry.message?.id !== action.id);
    return left.length < entries.length ? left : entries;
  }
  if (action.type !== "message_edited") return entries;
  const at = entries.findIndex((entry) => entry.message?.id === action.id);
  const entry = entries[at];
  if (!entry?.message) return entries;
  if (entry.kind === "mention" && !isCalled(group, action.text)) return entries.toSpliced(at, 1);
  const message = { ...entry.message, text: action.text, edited_at: action.at };
  return entries.with(at, { ...entry, message });
}

/** The newest first. */
export const inPlace = (entries: readonly ActivityEntry[]): readonly ActivityEntry[] =>
  entries.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.seq - a.seq));
