/** How many messages of others stand behind a read pointer. Computed, never a counter. Pure. */

import type { GroupState } from "./apply";

export const UNREAD_SHOWN_MAX = 99;

export interface Counted {
  at: number;
  unread: number;
}

export function unreadOf(
  state: GroupState | null,
  me: string,
  read: number,
  counted: Counted | null,
): number {
  const after = (seq: number) =>
    state?.messages.filter((message) => message.seq > seq && message.author !== me).length ?? 0;
  if (state && state.window <= read + 1) return after(read);
  if (!counted || read >= counted.at) return after(read);
  return counted.unread + after(counted.at);
}

export const shownCount = (unread: number): string =>
  unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : String(unread);
