/** State + action → state: what this client knows of one group, kept equal to the server's by its log. Pure. */

import type {
  AnyAction,
  ClubEmote,
  EventLook,
  GroupLook,
  Label,
  Member,
  Message,
  Placed,
  Snapshot,
} from "../wire/types";
import { byCodePoint, changedClubEmotes } from "./applyEmotes";
import { changedEvent, type OfEvent } from "./applyEvent";
import {
  carrying,
  pictured,
  renamed,
  withGone,
  withLabels,
  withMember,
  withoutMark,
  withoutMember,
  withRole,
} from "./applyMembers";
import { changedMessage } from "./applyMessage";

/** Something that happened in a group and is no message: a line of its own in the stream. */
export interface Notice {
  seq: number;
  at: string;
  what:
    | "opened"
    | "made"
    | "listed"
    | "changed"
    | "renamed"
    | "suspended"
    | "reopened"
    | "joined"
    | "added"
    | "came"
    | "left"
    | "removed"
    | "pinned";
  user: string;
  by: string;
  /** Of the room that it is about. */
  name?: string;
  room?: number;
}

/** Of a public room (not `private`) the members are its club's: it names none. */
export interface GroupState extends GroupLook {
  epoch: string;
  /** The last action that is in here. */
  seq: number;
  labels: readonly Label[];
  pinned: readonly string[];
  event: EventLook | null;
  club_emotes: readonly ClubEmote[];
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
        members: withMember(state.members, {
          user: action.user,
          name: action.name,
          role: action.role,
          left: false,
          ...(action.managed && { managed: true }),
          ...(action.avatar && { avatar: action.avatar }),
        }),
        notices: withNotice(state, action),
      };
    case "member_removed":
      return { members: withoutMember(state.members, action.user), notices: withNotice(state, action) };
    case "club_created":
      return { name: action.name, notices: withNotice(state, action) };
    case "club_changed":
      return { ...ofClub(action), notices: withNotice(state, action) };
    case "club_suspended":
      return { suspended: action.on, notices: withNotice(state, action) };
    case "group_renamed":
      return { name: action.name };
    case "channel_created":
    case "channel_changed":
      return { ...ofChannel(action), notices: withNotice(state, action) };
    case "channel_listed":
      return { notices: withNotice(state, action) };
    case "person_arrived":
      return { members: withoutMark(state.members, action.user), notices: withNotice(state, action) };
    case "role_changed":
      return { members: withRole(state.members, action.user, action.role) };
    case "label_defined":
    case "label_removed":
      return withLabel(state, action);
    case "club_emote_defined":
    case "club_emote_removed":
      return { club_emotes: changedClubEmotes(state.club_emotes, action) };
    case "member_labelled":
      return { members: carrying(state.members, action.user, action.labels) };
    case "event_created":
    case "event_changed":
    case "event_cancelled":
    case "event_covered":
    case "event_answered":
    case "event_counted":
      return ofEvent(state, action);
    case "message_edited":
    case "emote_added":
    case "emote_removed":
    case "link_previewed":
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
        members: withMember(state.members, {
          user: action.user,
          name: action.name,
          role: "owner",
          left: false,
        }),
      };
    case "profile_changed":
      return { name: action.name, members: renamed(state.members, action.user, action.name) };
    case "person_renamed":
      return { members: renamed(state.members, action.user, action.name) };
    case "person_pictured":
      return { members: pictured(state.members, action.user, action.avatar ?? null) };
    case "account_deleted":
      return { members: withGone(state.members, action.user) };
    case "sign_in_changed":
    case "sign_in_link_handed":
    case "email_verified":
    case "event_ticked":
    case "letters_changed":
    case "event_reminded":
    case "passkeys_changed":
    case "identities_changed":
    case "added_to_group":
    case "removed_from_group":
    case "join_code_created":
    case "join_code_changed":
    case "join_code_revoked":
    case "join_asked":
    case "join_settled":
    case "join_answered":
    case "reported":
    case "report_closed":
    case "invitations_sent":
    case "channel_followed":
    case "group_muted":
    case "group_unmuted":
    case "level_changed":
    case "quiet_hours_changed":
    case "activity_seen":
    case "dm_created":
    case "person_blocked":
    case "person_unblocked":
    case "club_deleted":
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

/** Older ones said the first two alone: what is not said stays as it was. */
export function ofClub(action: Of<"club_changed">): Partial<GroupLook> {
  const { type: _type, seq: _seq, at: _at, by: _by, was: _was, ...said } = action;
  return said as Partial<GroupLook>;
}

function ofChannel(action: Of<"channel_created"> | Of<"channel_changed">): Partial<GroupState> {
  const { name, description, announce, landing } = action;
  const said = { name, description, announce, landing };
  return action.type === "channel_created"
    ? { ...said, private: action.private }
    : { ...said, archived: action.archived };
}

function ofEvent(state: GroupState, action: OfEvent): Partial<GroupState> {
  const event = changedEvent(state.event, action);
  if (action.type === "event_created") return { event, name: action.says.name, private: false };
  return action.type === "event_changed" ? { event, name: action.says.name } : { event };
}

export function messageOf(group: number, action: Of<"message_posted">): Message {
  const { id, seq, author, text, reply_to, event, images, deleted } = action;
  const message: Message = { id, group, seq, author, text, sent_at: action.at, ...(images && { images }) };
  if (reply_to) message.reply_to = reply_to;
  if (event && !deleted) message.event = event;
  if (deleted) message.deleted = true;
  return message;
}

/** What is done to a message that is held; one that is not held needs nothing. */
export function withChange(messages: readonly Message[], action: Placed): readonly Message[] {
  if (!("id" in action) || action.type === "message_posted") return messages;
  const index = messages.findLastIndex((message) => message.id === action.id);
  const before = messages[index];
  const after = before && changedMessage(before, action);
  return after && after !== before ? messages.with(index, after) : messages;
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
    case "club_changed":
      return action.was
        ? { seq, at, what: "renamed", user: action.by, by: action.by, name: action.name ?? "" }
        : null;
    case "club_suspended":
      return { seq, at, what: action.on ? "suspended" : "reopened", user: "", by: "" };
    case "message_pinned":
      return { seq, at, what: "pinned", user: action.by, by: action.by };
    case "member_joined":
      return action.by
        ? { seq, at, what: "added", user: action.user, by: action.by }
        : { seq, at, what: "joined", user: action.user, by: action.user };
    case "person_arrived":
      return { seq, at, what: "came", user: action.user, by: action.user };
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

/** Labels are in the order of their ids. One that is gone is carried by nobody. */
function withLabel(
  state: GroupState,
  action: Of<"label_defined"> | Of<"label_removed">,
): Partial<GroupState> {
  const { label } = action;
  const others = state.labels.filter((one) => one.label !== label);
  if (action.type === "label_defined") {
    const labels = [...others, { label, name: action.name }];
    return { labels: labels.sort((a, b) => byCodePoint(a.label, b.label)) };
  }
  const members = new Map(state.members);
  for (const [user, member] of members) {
    if (member.labels?.includes(label)) members.set(user, withLabels(member, without(member.labels, label)));
  }
  return { labels: others, members };
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
