/** How much of what was said stays on this device, and which groups go first where that is not enough. Pure. */

import type { Message } from "../wire/types";
import type { GroupState } from "./apply";

/** Fewer than `hello` may name, so that each that is kept is brought up to date by it. */
export const KEPT_GROUPS_MAX = 200;
/** Of all groups together, as estimated below. */
export const KEPT_BYTES_MAX = 24 * 1024 * 1024;

const GROUP_BYTES = 1_000;
const MEMBER_BYTES = 150;
const MESSAGE_BYTES = 300;
const IMAGE_BYTES = 800;

/** About what a group takes in the store; counted, not measured: this is asked of all of them at every start. */
export function bytesOf(state: GroupState): number {
  const about = GROUP_BYTES + state.members.size * MEMBER_BYTES;
  return state.messages.reduce((sum, message) => sum + bytesOfMessage(message), about);
}

const bytesOfMessage = ({ text, images = [] }: Message): number =>
  MESSAGE_BYTES + 2 * text.length + images.length * IMAGE_BYTES;

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
