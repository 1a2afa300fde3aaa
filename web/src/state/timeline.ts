/** From what is known of a group to the rows on the screen: days, groups of one author, the divider. Pure. */

import { onOneDay } from "../texts";
import type { Emote, LinkPreview, Message } from "../wire/types";
import type { Notice } from "./apply";
import { asImage, type FileTrouble, type OutFile } from "./files/outFile";
import type { MessageImage } from "../wire/types";
import type { Outgoing, SendState } from "./outbox";

export const ONE_AUTHOR_WITHIN_MS = 5 * 60_000;
/** A run of comings and goings becomes one line; it names at most this many. */
export const NAMED_MAX = 3;

interface RowBase {
  key: string;
  at: number;
  /** First of its day. */
  startsDay: boolean;
  /** The "New" divider stands above it. */
  startsNew: boolean;
}

export interface MessageRow extends RowBase {
  kind: "message";
  id: string;
  seq: number | null;
  author: string;
  mine: boolean;
  text: string;
  /** The message that it answers. */
  replyTo: string | null;
  /** The group of the event whose card it is. */
  event: number | null;
  edited: number | null;
  deleted: boolean;
  emotes: readonly Emote[];
  pinned: boolean;
  /** Same author shortly before: no name, no face. */
  continued: boolean;
  /** The newest group of this author: only there does their lamp burn, or a busy room turns yellow. */
  newestOfAuthor: boolean;
  images: readonly MessageImage[];
  /** What its first link shows. */
  preview: LinkPreview | null;
  state: SendState;
  code: Outgoing["code"];
  /** Why one of its files cannot be sent. */
  fileTrouble: FileTrouble | null;
}

export interface NoticeRow extends RowBase {
  kind: "notice";
  seq: number;
  /** `missing`: between what is held and a message of one's own others stand that are not here yet. */
  what: Notice["what"] | "missing";
  users: readonly string[];
  by: string;
  name: string;
  room: number | null;
}

export type Row = MessageRow | NoticeRow;

export interface TimelineInput {
  messages: readonly Message[];
  notices: readonly Notice[];
  outbox: readonly Outgoing[];
  me: string;
  /** Read up to here when the visit began; null = no divider. */
  newAfter: number | null;
  pinned?: readonly string[];
  /** Of one's own, not in the log yet, by their keys. */
  files?: ReadonlyMap<string, OutFile>;
  /** Without a connection: how far the log is held here. */
  heldUpTo?: number | null;
}

const NONE: readonly never[] = [];
const NO_FILES: ReadonlyMap<string, OutFile> = new Map();

export function rowsOf(input: TimelineInput): Row[] {
  const rows: Row[] = [];
  const known = new Set<string>();
  let notice = 0;
  for (const message of input.messages) {
    while (notice < input.notices.length && input.notices[notice]!.seq < message.seq) {
      addNotice(rows, input.notices[notice++]!);
    }
    known.add(message.id);
    rows.push(sentRow(message, input));
  }
  while (notice < input.notices.length) addNotice(rows, input.notices[notice++]!);
  addOutgoing(
    rows,
    input.outbox.filter((item) => !known.has(item.id)),
    input,
  );
  return marked(rows, input);
}

/** What is sent has its place in the log; where that does not follow on what is held, it is said. */
function addOutgoing(rows: Row[], outbox: readonly Outgoing[], input: TimelineInput): void {
  let upTo = input.heldUpTo ?? Infinity;
  for (const item of outbox) {
    const seq = item.state === "sent" ? (item.seq ?? 0) : 0;
    if (seq > upTo + 1) rows.push(missingRow(seq, item));
    upTo = Math.max(upTo, seq);
    rows.push(outgoingRow(item, input));
  }
}

const missingRow = (before: number, { writtenAt }: Outgoing): NoticeRow => ({
  kind: "notice",
  key: `missing${before}`,
  seq: 0, // it is no place that one could have read up to
  at: Date.parse(writtenAt),
  what: "missing",
  users: [],
  by: "",
  name: "",
  room: null,
  startsDay: false,
  startsNew: false,
});

/** Rows that are as they were stay the same objects, so that a page of older ones draws none of those anew. */
export function steady(before: readonly Row[], now: Row[]): Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return now.map((row) => {
    const was = known.get(row.key);
    return was && alike(was, row) ? was : row;
  });
}

function alike(one: Row, other: Row): boolean {
  const was = one as unknown as Record<string, unknown>;
  return Object.entries(other).every(([name, value]) => value === was[name] || sameList(was[name], value));
}

function sameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((item, i) => item === other[i]);
}

function sentRow(message: Message, { me, pinned }: TimelineInput): MessageRow {
  return {
    kind: "message",
    key: message.id,
    id: message.id,
    seq: message.seq,
    at: Date.parse(message.sent_at),
    author: message.author,
    mine: message.author === me,
    text: message.text,
    replyTo: message.reply_to ?? null,
    event: message.event ?? null,
    edited: message.edited_at ? Date.parse(message.edited_at) : null,
    deleted: message.deleted ?? false,
    emotes: message.emotes ?? NONE,
    pinned: pinned?.includes(message.id) ?? false,
    images: message.deleted ? NONE : (message.images ?? NONE),
    preview: message.preview ?? null,
    state: "sent",
    code: undefined,
    fileTrouble: null,
    continued: false,
    newestOfAuthor: false,
    startsDay: false,
    startsNew: false,
  };
}

function outgoingRow(item: Outgoing, { me, files = NO_FILES }: TimelineInput): MessageRow {
  const along = (item.files ?? NONE).map((key) => files.get(key));
  const failed = along.find((file) => !file || file.state === "failed");
  const stuck =
    item.state !== "sent" && along.length > 0 && (failed !== undefined || along.includes(undefined));
  return {
    kind: "message",
    key: item.id,
    id: item.id,
    seq: null,
    at: Date.parse(item.writtenAt),
    author: me,
    mine: true,
    text: item.text,
    replyTo: item.replyTo ?? null,
    event: null,
    edited: null,
    deleted: false,
    emotes: NONE,
    pinned: false,
    images: along.flatMap((file) => (file ? [asImage(file)] : [])),
    preview: null,
    state: stuck ? "failed" : item.state,
    code: item.code,
    fileTrouble: stuck ? (failed?.why ?? "lost") : null,
    continued: false,
    newestOfAuthor: false,
    startsDay: false,
    startsNew: false,
  };
}

function addNotice(rows: Row[], notice: Notice): void {
  const last = rows.at(-1);
  const at = Date.parse(notice.at);
  const openedBefore = last?.kind === "notice" && (last.what === "opened" || last.what === "made");
  if (openedBefore && notice.what === "joined" && last.by === notice.user) return; // who opens it is in it
  if (
    last?.kind === "notice" &&
    last.what === notice.what &&
    (last.what === "joined" || (last.what === "added" && last.by === notice.by)) &&
    onOneDay(last.at, at)
  ) {
    rows[rows.length - 1] = { ...last, users: [...last.users, notice.user] };
    return;
  }
  rows.push({
    kind: "notice",
    key: `n${notice.seq}`,
    seq: notice.seq,
    at,
    what: notice.what,
    users: [notice.user],
    by: notice.by,
    name: notice.name ?? "",
    room: notice.room ?? null,
    startsDay: false,
    startsNew: false,
  });
}

function marked(rows: Row[], input: TimelineInput): Row[] {
  let before: Row | null = null;
  let divided = input.newAfter === null;
  for (const row of rows) {
    row.startsDay = before === null || !onOneDay(before.at, row.at);
    if (!divided && row.kind === "message" && !row.mine && row.seq! > input.newAfter!) {
      row.startsNew = divided = true;
    }
    if (row.kind === "message") row.continued = continues(before, row);
    before = row;
  }
  return lit(rows);
}

function lit(rows: Row[]): Row[] {
  const seen = new Set<string>();
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!;
    if (row.kind !== "message" || row.continued || seen.has(row.author)) continue;
    seen.add(row.author);
    row.newestOfAuthor = true;
  }
  return rows;
}

function continues(before: Row | null, row: MessageRow): boolean {
  return (
    before?.kind === "message" &&
    before.author === row.author &&
    !row.startsDay &&
    !row.startsNew &&
    row.replyTo === null &&
    row.at - before.at < ONE_AUTHOR_WITHIN_MS
  );
}
