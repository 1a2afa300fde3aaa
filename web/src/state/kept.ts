/** How much of what was said stays on this device, and which groups go first where that is not enough. Pure. */

import type { LinkPreview, Message } from "../wire/types";
import type { GroupState } from "./apply";

/** Fewer than `hello` may name, so that each that is kept is brought up to date by it. */
export const KEPT_GROUPS_MAX = 200;
/** Of all groups together, as estimated below. */
export const KEPT_BYTES_MAX = 24 * 1024 * 1024;
/** What comes unasked takes this much of both; the rest is for what is opened. */
export const KEEPING_UP_TO = 0.9;

const GROUP_BYTES = 1_000;
const MEMBER_BYTES = 150;
const MESSAGE_BYTES = 300;
const IMAGE_BYTES = 800;
const NOTICE_BYTES = 200;
const PREVIEW_BYTES = 200;
const OCCURRENCE_BYTES = 400;
/** A label, an emote and its name, or whoever reacted: an id and some words. */
const ID_BYTES = 60;

/** About what a group takes in the store; counted, not measured: this is asked of all of them at every start. */
export function bytesOf(state: GroupState): number {
  const { members, notices, labels, club_emotes, pinned, event, messages } = state;
  const ids = labels.length + club_emotes.length + pinned.length;
  const occurrences = (event?.occurrences.length ?? 0) * OCCURRENCE_BYTES;
  let bytes = GROUP_BYTES + ids * ID_BYTES + occurrences + notices.length * NOTICE_BYTES;
  for (const { labels: carried = [] } of members.values()) bytes += MEMBER_BYTES + carried.length * ID_BYTES;
  return messages.reduce((sum, message) => sum + bytesOfMessage(message), bytes);
}

function bytesOfMessage({ text, images = [], emotes = [], preview }: Message): number {
  const reacted = emotes.reduce((sum, { users }) => sum + (1 + users.length) * ID_BYTES, 0);
  return MESSAGE_BYTES + 2 * text.length + images.length * IMAGE_BYTES + reacted + bytesOfPreview(preview);
}

function bytesOfPreview(preview: LinkPreview | null | undefined): number {
  if (!preview) return 0;
  const { url, title, description = "", site = "", image } = preview;
  const words = url.length + title.length + description.length + site.length;
  return PREVIEW_BYTES + 2 * words + (image ? IMAGE_BYTES : 0);
}

export function areKept(states: Iterable<GroupState>): { groups: number; bytes: number } {
  let groups = 0;
  let bytes = 0;
  for (const state of states) {
    groups += 1;
    bytes += bytesOf(state);
  }
  return { groups, bytes };
}

/**
 * What stays: the groups in which somebody wrote last, as many as there is room for. What a room lies in (its club,
 * which knows the names) is as new as the newest in it.
 */
export function newestOf(
  states: readonly GroupState[],
  groupsMax: number = KEPT_GROUPS_MAX,
  bytesMax: number = KEPT_BYTES_MAX,
): GroupState[] {
  const kept: GroupState[] = [];
  let bytes = 0;
  for (const state of inOrder(states)) {
    bytes += bytesOf(state);
    if (kept.length === groupsMax || bytes > bytesMax) break;
    kept.push(state);
  }
  return kept;
}

function inOrder(states: readonly GroupState[]): GroupState[] {
  const lasts = new Map<number, number>();
  const parents = new Map(states.map((state) => [state.group, state.parent]));
  for (const state of states) {
    const last = Date.parse(state.messages.at(-1)?.sent_at ?? "") || 0;
    for (let group: number | null = state.group; group !== null; group = parents.get(group) ?? null) {
      lasts.set(group, Math.max(last, lasts.get(group) ?? 0));
    }
  }
  const above = (state: GroupState) => (state.parent === null ? 0 : 1);
  return states.toSorted(
    (a, b) => lasts.get(b.group)! - lasts.get(a.group)! || above(a) - above(b) || b.group - a.group,
  );
}
