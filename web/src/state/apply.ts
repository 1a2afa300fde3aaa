/** State + action → state: what this client knows of one group, kept equal to the server's by its log. Pure. */

import type { AnyAction, Emote, GroupKind, Member, Message, Placed, Snapshot } from "../wire/types";

/** Something that happened in a group and is no message: a line of its own in the stream. */
export interface Notice {
  seq: number;
  at: string;
  what: "opened" | "made" | "listed" | "changed" | "joined" | "added" | "left" | "removed" | "pinned";
  user: string;
  by: string;
  /** Of the room that it is about. */
  name?: string;
  room?: number;
}

export interface GroupState {
  group: number;
  epoch: string;
  /** The last action that is in here. */
  seq: number;
  kind: GroupKind;
  name: string;
  parent: number | null;
  /** Has members of its own. A public room names none: they are its club's. */
  private: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
  rooms_by_admins: boolean;
  dms_off: boolean;
  pinned: readonly string[];
  members: ReadonlyMap<string, Member>;
  /** Complete from `window` on, sorted by seq. */
  messages: readonly Message[];
  notices: readonly Notice[];
  window: number;
}

export function apply(state: GroupState, action: Placed): GroupState {
  return { ...state, ...changes(state, action), seq: action.seq };
}

export function applyAll(state: GroupState, actions: readonly Placed[]): GroupState {
  return actions.reduce(apply, state);
}

function changes(state: GroupState, action: Placed): Partial<GroupState> {
  switch (action.type) {
    case "message_posted":
      return { messages: [...state.messages, messageOf(state.group, action)] };
    case "member_joined":
      return {
        members: withMember(state, {
          user: action.user,
          name: action.name,
          role: action.role,
          left: false,
        }),
        notices: withNotice(state, action),
      };
    case "member_removed":
      return { members: withoutMember(state, action.user), notices: withNotice(state, action) };
    case "club_created":
      return { name: action.name, notices: withNotice(state, action) };
    case "club_changed":
      return { rooms_by_admins: action.rooms_by_admins, dms_off: action.dms_off };
    case "channel_created":
    case "channel_changed":
      return { ...ofChannel(action), notices: withNotice(state, action) };
    case "channel_listed":
      return { notices: withNotice(state, action) };
    case "role_changed":
      return { members: withRole(state, action.user, action.role) };
    case "message_edited":
    case "emote_added":
    case "emote_removed":
      return { messages: withChange(state.messages, action) };
    case "message_deleted":
      return { messages: withChange(state.messages, action), pinned: without(state.pinned, action.id) };
    case "message_pinned":
      return {
        pinned: [...without(state.pinned, action.id), action.id],
        notices: withNotice(state, action),
      };
    case "message_unpinned":
      return { pinned: without(state.pinned, action.id) };
    case "account_created":
      return {
        name: action.name,
        members: withMember(state, { user: action.user, name: action.name, role: "owner", left: false }),
      };
    case "sign_in_changed":
    case "added_to_group":
    case "removed_from_group":
    case "join_code_created":
    case "channel_followed":
    case "dm_created":
    case "person_blocked":
    case "person_unblocked":
      return {};
    default:
      return unknown(action);
  }
}

/** The compiler refuses this when an action has no case above; a newer server's action only moves the cursor. */
function unknown(_action: never): Partial<GroupState> {
  return {};
}

type Of<T extends AnyAction["type"]> = Placed & Extract<AnyAction, { type: T }>;

function ofChannel(action: Of<"channel_created"> | Of<"channel_changed">): Partial<GroupState> {
  const { name, description, announce, landing } = action;
  const said = { name, description, announce, landing };
  return action.type === "channel_created"
    ? { ...said, private: action.private }
    : { ...said, archived: action.archived };
}

export function messageOf(group: number, action: Of<"message_posted">): Message {
  const { id, seq, author, text, reply_to, deleted } = action;
  const message: Message = { id, group, seq, author, text, sent_at: action.at };
  if (reply_to) message.reply_to = reply_to;
  if (deleted) message.deleted = true;
  return message;
}

/** What is done to a message that is held; one that is not held needs nothing. */
export function withChange(messages: readonly Message[], action: Placed): readonly Message[] {
  if (!("id" in action) || action.type === "message_posted") return messages;
  const index = messages.findLastIndex((message) => message.id === action.id);
  const before = messages[index];
  const after = before && changed(before, action);
  return after && after !== before ? messages.with(index, after) : messages;
}

function changed(message: Message, action: Placed): Message {
  switch (action.type) {
    case "message_edited":
      return message.deleted ? message : { ...message, text: action.text, edited_at: action.at };
    case "message_deleted": {
      const { id, group, seq, author, sent_at } = message;
      return { id, group, seq, author, sent_at, text: "", deleted: true };
    }
    case "emote_added":
    case "emote_removed":
      return withEmote(message, action.emote, action.user, action.type === "emote_added");
    default:
      return message;
  }
}

const byCodePoint = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Kinds and people are in the order of their code points: no kind jumps when somebody takes theirs back. */
export function changedEmotes(emotes: readonly Emote[], emote: string, user: string, on: boolean): Emote[] {
  const kinds = new Map(emotes.map((kind) => [kind.emote, kind.users]));
  const others = (kinds.get(emote) ?? []).filter((one) => one !== user);
  kinds.set(emote, on ? [...others, user].sort(byCodePoint) : others);
  return [...kinds]
    .filter(([, users]) => users.length > 0)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([kind, users]) => ({ emote: kind, users }));
}

function withEmote(message: Message, emote: string, user: string, on: boolean): Message {
  const { emotes: before, ...rest } = message;
  const emotes = changedEmotes(before ?? [], emote, user, on);
  return emotes.length > 0 ? { ...rest, emotes } : rest;
}

const without = (ids: readonly string[], id: string) => ids.filter((one) => one !== id);

export function noticeOf(action: Placed): Notice | null {
  const { seq, at } = action;
  switch (action.type) {
    case "club_created":
      return { seq, at, what: "opened", user: action.by, by: action.by };
    case "channel_created":
      return { seq, at, what: "made", user: action.by, by: action.by, name: action.name };
    case "channel_listed":
      return {
        seq,
        at,
        what: "listed",
        user: action.by,
        by: action.by,
        name: action.name,
        room: action.group,
      };
    case "channel_changed":
      return { seq, at, what: "changed", user: action.by, by: action.by, name: action.name };
    case "message_pinned":
      return { seq, at, what: "pinned", user: action.by, by: action.by };
    case "member_joined":
      return action.by
        ? { seq, at, what: "added", user: action.user, by: action.by }
        : { seq, at, what: "joined", user: action.user, by: action.user };
    case "member_removed":
      return {
        seq,
        at,
        what: action.user === action.by ? "left" : "removed",
        user: action.user,
        by: action.by,
      };
    default:
      return null;
  }
}

function withNotice(state: GroupState, action: Placed): readonly Notice[] {
  const notice = noticeOf(action);
  return notice ? [...state.notices, notice] : state.notices;
}

function withMember(state: GroupState, member: Member): ReadonlyMap<string, Member> {
  return new Map(state.members).set(member.user, member);
}

function withRole(state: GroupState, user: string, role: Member["role"]): ReadonlyMap<string, Member> {
  const member = state.members.get(user);
  return member ? withMember(state, { ...member, role }) : state.members;
}

function withoutMember(state: GroupState, user: string): ReadonlyMap<string, Member> {
  const member = state.members.get(user);
  return member ? withMember(state, { ...member, left: true }) : state.members;
}

export function fromSnapshot(snapshot: Snapshot): GroupState {
  const { members, ...rest } = snapshot;
  return { ...rest, members: new Map(members.map((member) => [member.user, member])), notices: [] };
}

/** Older messages and notices put in front of what is held; `window` moves down to `from`. */
export function withOlder(
  state: GroupState,
  messages: readonly Message[],
  notices: readonly Notice[],
  from: number,
): GroupState {
  if (from >= state.window) return state;
  const held = state.window;
  return {
    ...state,
    messages: [...messages.filter((message) => message.seq < held), ...state.messages],
    notices: [
      ...notices.filter((notice) => notice.seq < held),
      ...state.notices.filter((notice) => notice.seq >= held),
    ],
    window: from,
  };
}

/** Only the newest `keep` messages: what is worth storing, and what stays when nobody looks. */
export function trimmed(state: GroupState, keep: number): GroupState {
  if (state.messages.length <= keep) return state;
  const messages = state.messages.slice(-keep);
  const window = messages[0]!.seq;
  return { ...state, messages, notices: state.notices.filter((notice) => notice.seq >= window), window };
}
