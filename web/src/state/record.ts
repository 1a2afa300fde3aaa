/** The record of a club: from what the server writes to sentences. */

import { t } from "../texts";
import type { AuditEntry } from "../wire/types";

/** Which kinds belong together; one that ends with _ stands for all that begin so. */
export const KINDS = {
  all: "",
  people: "member_,role_,label_,sign_in_",
  rooms: "room_",
  codes: "join_,people_,invitation_,invitations_,came_",
  messages: "messages_,report_",
  club: "club_,emote_",
} as const;

export type Kind = keyof typeof KINDS;

export function sentenceOf(entry: AuditEntry): string {
  const said = {
    by: entry.by?.name ?? t.record.host,
    about: entry.about_user?.name ?? "",
    room: entry.about_group?.name ?? "",
    changes: changesOf(entry.details),
    details: entry.details,
  };
  return t.record.what[entry.what]?.(said) ?? t.record.other(said, entry.what.replaceAll("_", " "));
}

function changesOf(details: Record<string, unknown>): string {
  const all = Object.entries(details).flatMap(([field, pair]) => {
    const words = t.record.changes[field];
    return words && Array.isArray(pair) ? [words(pair[0], pair[1])] : [];
  });
  return t.record.list(all);
}
