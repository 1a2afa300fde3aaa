/** What stands behind a read pointer: others' messages, and those of them that call me. Computed, no counter. Pure. */

import type { Message } from "../wire/types";
import type { GroupState } from "./apply";
import { callsMe } from "./mentions";

export const UNREAD_SHOWN_MAX = 99;

export interface Unread {
  unread: number;
  mentions: number;
}

export interface Counted extends Unread {
  at: number;
  /** The pointer behind which it was counted; absent = not known. */
  from?: number;
}

export const NOTHING: Unread = { unread: 0, mentions: 0 };

export function unreadOf(
  state: GroupState | null,
  me: string,
  read: number,
  counted: Counted | null,
  labels: readonly string[] = [],
): Unread {
  const after = (seq: number) => countOf(state?.messages ?? [], seq, me, labels);
  const lags = state !== null && counted !== null && state.seq < counted.at;
  if (state && !lags && state.window <= read + 1) return after(read);
  if (lags && read < counted.at) return without(counted, after(counted.from ?? read), after(read));
  if (!counted || read >= counted.at) return after(read);
  return sum(counted, after(counted.at));
}

/** Those of these messages that stand after a seq; `labels` are those that I carry. */
export function countOf(
  messages: readonly Message[],
  after: number,
  me: string,
  labels: readonly string[],
): Unread {
  let unread = 0;
  let mentions = 0;
  for (let i = messages.length - 1; i >= 0 && messages[i]!.seq > after; i--) {
    const message = messages[i]!;
    if (message.author === me || message.deleted) continue;
    unread += 1;
    if (callsMe(message.text, me, labels)) mentions += 1;
  }
  return { unread, mentions };
}

export const sum = (a: Unread, b: Unread): Unread => ({
  unread: a.unread + b.unread,
  mentions: a.mentions + b.mentions,
});

/** What was counted, but for what was read since: what stood behind the old pointer and does not behind the new one. */
const without = (counted: Unread, old: Unread, now: Unread): Unread => ({
  unread: Math.max(0, counted.unread - Math.max(0, old.unread - now.unread)),
  mentions: Math.max(0, counted.mentions - Math.max(0, old.mentions - now.mentions)),
});

export const NEWS_SHOWN_MAX = 9;

/** Of what happened to me; empty = nothing. */
export const newsCount = (news: number): string =>
  news > NEWS_SHOWN_MAX ? `${NEWS_SHOWN_MAX}+` : news > 0 ? String(news) : "";

export const shownCount = (unread: number): string =>
  unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : String(unread);
