// What crosses the wire. Made from the server's types by `clubroom types`; do not edit by hand.

export type Role =
  | "owner"
  | "admin"
  | "member";

export type GroupKind =
  | "club"
  | "admins"
  | "self"
  | "channel"
  | "dm";

export interface AccountCreated {
  type: "account_created";
  user: string;
  name: string;
}

export interface SignInChanged {
  type: "sign_in_changed";
  email: string;
}

export interface AddedToGroup {
  type: "added_to_group";
  group: number;
  kind: "admins" | "channel" | "club" | "dm" | "self";
  name: string;
  parent?: number | null;
}

export interface RemovedFromGroup {
  type: "removed_from_group";
  group: number;
}

export interface ClubCreated {
  type: "club_created";
  by: string;
  name: string;
}

export interface ClubChanged {
  type: "club_changed";
  by: string;
  rooms_by_admins: boolean;
  dms_off: boolean;
}

export interface ChannelListed {
  type: "channel_listed";
  group: number;
  by: string;
  name: string;
  description: string;
  announce: boolean;
  landing: boolean;
}

export interface ChannelCreated {
  type: "channel_created";
  by: string;
  name: string;
  private: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
}

export interface ChannelChanged {
  type: "channel_changed";
  by: string;
  name: string;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
}

export interface ChannelFollowed {
  type: "channel_followed";
  group: number;
  on: boolean;
}

export interface DmCreated {
  type: "dm_created";
  by: string;
}

export interface PersonBlocked {
  type: "person_blocked";
  user: string;
}

export interface PersonUnblocked {
  type: "person_unblocked";
  user: string;
}

export interface MemberJoined {
  type: "member_joined";
  user: string;
  name: string;
  role: "admin" | "member" | "owner";
  by?: string | null;
}

export interface MemberRemoved {
  type: "member_removed";
  user: string;
  by: string;
}

export interface RoleChanged {
  type: "role_changed";
  user: string;
  role: "admin" | "member" | "owner";
}

export interface JoinCodeCreated {
  type: "join_code_created";
  by: string;
}

export interface MessagePosted {
  type: "message_posted";
  id: string;
  author: string;
  text: string;
  reply_to?: string | null;
  deleted?: boolean;
}

export interface MessageEdited {
  type: "message_edited";
  id: string;
  text: string;
  deleted?: boolean;
}

export interface MessageDeleted {
  type: "message_deleted";
  id: string;
  by: string;
}

export interface MessagePinned {
  type: "message_pinned";
  id: string;
  by: string;
}

export interface MessageUnpinned {
  type: "message_unpinned";
  id: string;
  by: string;
}

export interface EmoteAdded {
  type: "emote_added";
  id: string;
  emote: string;
  user: string;
}

export interface EmoteRemoved {
  type: "emote_removed";
  id: string;
  emote: string;
  user: string;
}

export interface Hello {
  type: "hello";
  version: number;
  token: string;
  epoch: string | null;
  cursors: Record<string, number>;
}

export interface Post {
  type: "post";
  group: number;
  id: string;
  text: string;
  reply_to?: string | null;
}

export type Got = { type: "got" } & { [group: `${number}`]: number };

export interface Ping {
  type: "ping";
}

export interface Read {
  type: "read";
  group: number;
  seq: number;
}

export interface Typing {
  type: "typing";
  group: number;
}

export interface Watch {
  type: "watch";
  group: number;
  on: boolean;
}

export interface Token {
  type: "token";
  token: string;
}

export interface Welcome {
  type: "welcome";
  connection: string;
  epoch: string;
  heartbeat_ms: number;
  max_bytes: number;
  user: string;
  groups: Record<string, number>;
  read: Record<string, number>;
  more: boolean;
}

export interface Actions {
  type: "actions";
  group: number;
  from: number;
  to: number;
  actions: Placed[];
  more: boolean;
}

export interface Behind {
  type: "behind";
  heads: Record<string, number>;
}

export interface Reset {
  type: "reset";
  group: number;
  why: "closed" | "cursor" | "epoch" | "floor";
}

export interface Live {
  type: "live";
}

export interface Ack {
  type: "ack";
  id: string;
  group: number;
  seq: number;
  at: string;
  duplicate: boolean;
}

export interface Error {
  type: "error";
  code: string;
  id?: string | null;
  retry_ms?: number | null;
}

export interface Pong {
  type: "pong";
  heads: Record<string, number>;
}

export interface Signal {
  type: "signal";
  kind: "count" | "presence" | "read" | "typing";
  group: number;
  user?: string | null;
  on?: boolean | null;
  back?: boolean | null;
  n?: number | null;
  seq?: number | null;
  ttl_ms?: number | null;
}

export interface Reauth {
  type: "reauth";
  by: number;
}

export interface Goaway {
  type: "goaway";
  in_ms: number;
  why: string;
}

export interface NewAccount {
  name: string;
  key?: string | null;
  email?: string | null;
  password?: string | null;
  keep?: "cookie" | null;
}

export interface NewSession {
  email?: string | null;
  password?: string | null;
  link?: string | null;
  keep?: "cookie" | null;
}

export interface NewTokens {
  refresh_token?: string | null;
  keep?: "cookie" | null;
}

export interface SignIn {
  email: string;
  password: string;
  current?: string | null;
}

export interface NewClub {
  key: string;
  name: string;
  word?: string | null;
}

export interface ClubCode {
  code: string;
}

export interface PutMessage {
  group: number;
  text: string;
  reply_to?: string | null;
}

export interface PatchMessage {
  text: string;
}

export interface PutRead {
  seq: number;
  back?: boolean;
}

export interface NewChannel {
  key: string;
  name: string;
  private?: boolean;
  description?: string;
  announce?: boolean;
  landing?: boolean;
}

export interface PatchGroup {
  name?: string | null;
  description?: string | null;
  announce?: boolean | null;
  landing?: boolean | null;
  archived?: boolean | null;
  rooms_by_admins?: boolean | null;
  dms_off?: boolean | null;
}

export interface PutFollow {
  on: boolean;
}

export interface NewMembers {
  users: string[];
  history?: boolean;
}

export interface NewDm {
  users: string[];
  key?: string | null;
}

export interface Sync {
  cursors: Record<string, number>;
  epoch?: string | null;
}

export interface Tokens {
  user: string;
  access_token: string;
  expires_in: number;
  refresh_token?: string | null;
}

export interface SignInLink {
  url: string;
}

export interface SignInSet {
  email: string;
}

export interface Someone {
  user: string;
  name: string;
}

export interface GroupEntry {
  group: number;
  kind: "admins" | "channel" | "club" | "dm" | "self";
  name: string;
  parent: number | null;
  role: "admin" | "member" | "owner";
  head: number;
  read: number;
  unread: number;
  mentions: number;
  private: boolean;
  followed: boolean;
  manages: boolean;
  may_post: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
  rooms_by_admins: boolean;
  dms_off: boolean;
  people: Someone[];
}

export interface Me {
  user: string;
  name: string;
  email: string | null;
  epoch: string;
  groups: GroupEntry[];
  blocked: string[];
}

export interface GroupMade {
  group: number;
}

export interface ClubMade {
  group: number;
  code: string;
  access_token: string;
}

export interface ClubJoined {
  group: number;
  name: string;
  access_token: string;
}

export interface ClubPreview {
  name: string;
  members: number;
}

export interface Invitation {
  code: string;
  url: string;
  only_here: boolean;
}

export interface Emote {
  emote: string;
  users: string[];
}

export interface Message {
  id: string;
  group: number;
  seq: number;
  author: string;
  text: string;
  sent_at: string;
  reply_to?: string | null;
  edited_at?: string | null;
  deleted?: boolean;
  emotes?: Emote[];
}

export interface Posted {
  id: string;
  group: number;
  seq: number;
  at: string;
  duplicate: boolean;
}

export interface Page {
  messages: Message[];
  more: boolean;
}

export interface Seen {
  n: number;
  users: string[];
}

export interface Member {
  user: string;
  name: string;
  role: "admin" | "member" | "owner";
  left: boolean;
}

export interface Snapshot {
  group: number;
  epoch: string;
  seq: number;
  kind: "admins" | "channel" | "club" | "dm" | "self";
  name: string;
  parent: number | null;
  members: Member[];
  messages: Message[];
  window: number;
  private: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
  rooms_by_admins: boolean;
  dms_off: boolean;
  pinned: string[];
}

export interface ActionsPage {
  group: number;
  from: number;
  to: number;
  actions: Placed[];
  more: boolean;
  head: number;
}

export interface Synced {
  epoch: string;
  heads: Record<string, number>;
  read: Record<string, number>;
  pages: ActionsPage[];
  resets: Reset[];
}

export interface ReadPointer {
  group: number;
  seq: number;
}

export interface Online {
  n: number;
  users: string[];
}

export interface Host {
  version: string;
  create: "closed" | "open" | "word";
  url: string;
  only_here: boolean;
}

export interface Health {
  status: "ok";
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  retry_ms?: number | null;
}

export type AnyAction =
  | AccountCreated
  | SignInChanged
  | AddedToGroup
  | RemovedFromGroup
  | ClubCreated
  | ClubChanged
  | ChannelListed
  | ChannelCreated
  | ChannelChanged
  | ChannelFollowed
  | DmCreated
  | PersonBlocked
  | PersonUnblocked
  | MemberJoined
  | MemberRemoved
  | RoleChanged
  | JoinCodeCreated
  | MessagePosted
  | MessageEdited
  | MessageDeleted
  | MessagePinned
  | MessageUnpinned
  | EmoteAdded
  | EmoteRemoved;

export type Placed = { seq: number; at: string } & AnyAction;

export type ClientFrame =
  | Hello
  | Post
  | Got
  | Ping
  | Read
  | Typing
  | Watch
  | Token;

export type ServerFrame =
  | Welcome
  | Actions
  | Behind
  | Reset
  | Live
  | Ack
  | Error
  | Pong
  | Signal
  | Reauth
  | Goaway;

export type ErrorCode =
  | "internal"
  | "malformed"
  | "unknown_field"
  | "invalid_field"
  | "hello_again"
  | "invalid_text"
  | "text_too_long"
  | "too_large"
  | "unauthorized"
  | "wrong_sign_in"
  | "invalid_refresh"
  | "forbidden"
  | "foreign_origin"
  | "sign_in_needed"
  | "word_needed"
  | "creating_closed"
  | "not_found"
  | "invalid_code"
  | "method_not_allowed"
  | "id_conflict"
  | "address_taken"
  | "last_owner"
  | "full"
  | "unsupported_media_type"
  | "rate_limited"
  | "unavailable"
  | "upgrade_required";

export const limits = {
  VERSION: 1,
  TEXT_CODE_POINTS_MAX: 4000,
  NAME_CODE_POINTS_MAX: 60,
  NAME_MARKS_IN_A_ROW_MAX: 4,
  EMAIL_CODE_POINTS_MAX: 254,
  USER_CHARACTERS_MAX: 255,
  PASSWORD_CODE_POINTS_MIN: 8,
  PASSWORD_CODE_POINTS_MAX: 200,
  CODE_CHARACTERS: 12,
  FRAME_IN_BYTES_MAX: 24576,
  FRAME_OUT_BYTES_MAX: 28672,
  BODY_BYTES_MAX: 65536,
  TOKEN_BYTES_MAX: 8000,
  CURSORS_MAX: 500,
  GOT_GROUPS_MAX: 1000,
  PAGE_MAX: 100,
  PAGE_DEFAULT: 50,
  ACTIONS_MAX: 500,
  ACTIONS_BYTES_MAX: 262144,
  CLUB_MEMBERS_MAX: 10000,
  CLUBS_A_PERSON_MAX: 100,
  UNREAD_COUNTED_MAX: 100,
  CHANNELS_A_CLUB_MAX: 200,
  CHANNELS_A_MEMBER_MAX: 20,
  DESCRIPTION_CODE_POINTS_MAX: 500,
  ADDED_AT_ONCE_MAX: 50,
  DM_PEOPLE_MAX: 10,
  DMS_A_DAY_MAX: 100,
  BLOCKS_A_PERSON_MAX: 500,
  EMOTE_KINDS_MAX: 20,
  EMOTES_A_MESSAGE_MAX: 2000,
  PINS_A_GROUP_MAX: 50,
  EDITS_A_MESSAGE_MAX: 100,
  MENTIONS_A_MESSAGE_MAX: 50,
  SEEN_NAMED_MAX: 100,
} as const;
