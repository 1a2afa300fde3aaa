/** What stands in a room that nobody wrote: notices, and notes under what has not gone out. */

import { labelOf } from "../state/mentions";
import { NAMED_MAX, type MessageRow, type NoticeRow, type Row } from "../state/timeline";
import { house } from "../state/house.svelte";
import { t } from "../texts";
import type { GroupEntry } from "../wire/types";

/** What a room is called on the screen. */
export function titleOf(group: number): string {
  switch (house.entry(group)?.kind) {
    case "self":
      return t.room.notes;
    case "channel":
    case "dm":
    case "event":
      return house.nameOf(group);
    default:
      return t.room.everyone;
  }
}

type Sign = "note" | "talk" | "day" | "lock" | "window" | "room";

/** The sign of its kind, wherever it is listed. */
export function signOf({ kind, private: hidden }: Pick<GroupEntry, "kind" | "private">): Sign {
  switch (kind) {
    case "self":
      return "note" as const;
    case "dm":
      return "talk" as const;
    case "event":
      return "day" as const;
    case "channel":
      return hidden ? ("lock" as const) : ("window" as const);
    default:
      return "room" as const;
  }
}

/** The same with its club, for whoever has several. */
export function placeOf(group: number): string {
  const club = house.clubs.length > 1 ? house.clubOf(group) : null;
  return club ? `${titleOf(group)}, ${house.nameOf(club.group)}` : titleOf(group);
}

/** What stands in the empty box. */
export function invitationToWrite(group: number, empty: boolean): string {
  switch (house.entry(group)?.kind) {
    case "self":
      return t.room.writeNote;
    case "channel":
      return t.rooms.write(house.nameOf(group));
    case "dm":
      return t.talks.write(house.nameOf(group));
    case "event":
      return t.events.write(house.nameOf(group));
    default:
      return empty ? t.room.writeFirst : t.room.write;
  }
}

/** What a label is called that a text names; null where it names somebody. */
export function labelNamed(group: number, called: string): string | null {
  const label = labelOf(called);
  if (label === null) return null;
  return house.labelsOf(group).find((one) => one.label === label)?.name ?? t.labels.gone;
}

/** Over the first message. */
export function beginningOf(group: number): string {
  switch (house.entry(group)?.kind) {
    case "self":
      return t.room.notesBeginning;
    case "channel":
      return t.rooms.beginning(house.nameOf(group));
    case "dm":
      return t.talks.beginning(house.nameOf(group));
    case "event":
      return t.events.beginning(house.nameOf(group));
    default:
      return t.room.beginning(house.nameOf(group));
  }
}

export function noticeText(row: NoticeRow, me: string, nameOf: (user: string) => string): string {
  const who = (user: string) => (user === me ? t.room.you : nameOf(user));
  const user = row.users[0] ?? "";
  const meFirst = [...row.users].sort((a, b) => Number(b === me) - Number(a === me));
  switch (row.what) {
    case "opened":
      return t.notice.opened(who(user));
    case "made":
      return t.notice.made(who(user), row.name);
    case "listed":
      return t.notice.listed(who(user), row.name);
    case "changed":
      return t.notice.changed(who(user));
    case "renamed":
      return t.club.notice.renamed(who(user), row.name);
    case "suspended":
      return t.club.notice.suspended;
    case "reopened":
      return t.club.notice.reopened;
    case "pinned":
      return t.notice.pinned(who(user));
    case "missing":
      return t.rooms.missing;
    case "added":
      return row.users.length === 1
        ? t.notice.added(who(user), who(row.by))
        : t.bring.addedMany(
            meFirst.slice(0, NAMED_MAX).map(who),
            Math.max(0, row.users.length - NAMED_MAX),
            who(row.by),
          );
    case "came":
      return t.bring.came(who(user));
    case "joined":
      return t.notice.joined(meFirst.slice(0, NAMED_MAX).map(who), Math.max(0, row.users.length - NAMED_MAX));
    case "left":
      return t.notice.left(who(user));
    case "removed":
      return row.by === me ? t.notice.youRemoved(who(user)) : t.notice.removed(who(user), who(row.by));
  }
}

/** One note for all that wait, under the last of them. */
export function outboxNote(row: MessageRow, waiting: readonly Row[], offline: boolean): string {
  const pending = waiting.filter(
    (one) => one.kind === "message" && one.state !== "failed" && one.state !== "sent",
  );
  if (pending.at(-1)?.key !== row.key) return "";
  if (offline) return t.sending.waiting(pending.length);
  if (row.images.length > 0 && row.state === "waiting") return t.parts.files.uploading;
  return row.state === "unconfirmed" ? t.sending.unconfirmed : "";
}
