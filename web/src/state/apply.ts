/** State + action → state: what this client knows of one group, kept equal to the server's by its log. Pure. */

import type { AnyAction, GroupKind, Member, Message, Placed, Snapshot } from "../wire/types";

/** Something that happened in a club and is no message: a line of its own in the stream. */
export interface Notice {
  seq: number;
  at: string;
  what: "opened" | "joined" | "left" | "removed";
  user: string;
  by: string;
}

export interface GroupState {
  group: number;
  epoch: string;
  /** The last action that is in here. */
  seq: number;
  kind: GroupKind;
  name: string;
  parent: number | null;
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
    case "account_created":
      return {
        name: action.name,
        members: withMember(state, { user: action.user, name: action.name, role: "owner", left: false }),
      };
    case "sign_in_changed":
    case "added_to_group":
    case "removed_from_group":
    case "join_code_created":
      return {};
    default:
      return unknown(action);
  }
}

/** The compiler refuses this when an action has no case above; a newer server's action only moves the cursor. */
function unknown(_action: never): Partial<GroupState> {
  return {};
}

export function messageOf(
  group: number,
  action: Placed & Extract<AnyAction, { type: "message_posted" }>,
): Message {
  return {
    id: action.id,
    group,
    seq: action.seq,
    author: action.author,
    text: action.text,
    sent_at: action.at,
  };
}

export function noticeOf(action: Placed): Notice | null {
  const { seq, at } = action;
  switch (action.type) {
    case "club_created":
      return { seq, at, what: "opened", user: action.by, by: action.by };
    case "member_joined":
      return { seq, at, what: "joined", user: action.user, by: action.user };
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
