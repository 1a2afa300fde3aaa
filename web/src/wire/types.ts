// What crosses the wire. Made from the server's types by `clubroom types`; do not edit by hand.

export type Role =
  | "owner"
  | "admin"
  | "member";

export type GroupKind =
  | "club"
  | "admins"
  | "self";

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
  kind: "admins" | "club" | "self";
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

export interface MemberJoined {
  type: "member_joined";
  user: string;
  name: string;
  role: "admin" | "member" | "owner";
}

export interface MemberRemoved {
  type: "member_removed";
  user: string;
  by: string;
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
}

export interface PutRead {
  seq: number;
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

export interface GroupEntry {
  group: number;
  kind: "admins" | "club" | "self";
  name: string;
  parent: number | null;
  role: "admin" | "member" | "owner";
  head: number;
  read: number;
  unread: number;
}

export interface Me {
  user: string;
  name: string;
  email: string | null;
  epoch: string;
  groups: GroupEntry[];
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

export interface Message {
  id: string;
  group: number;
  seq: number;
  author: string;
  text: string;
  sent_at: string;
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
  kind: "admins" | "club" | "self";
  name: string;
  parent: number | null;
  members: Member[];
  messages: Message[];
  window: number;
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
  | MemberJoined
  | MemberRemoved
  | JoinCodeCreated
  | MessagePosted;

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
  EMAIL_CODE_POINTS_MAX: 254,
  PASSWORD_CODE_POINTS_MIN: 8,
  PASSWORD_CODE_POINTS_MAX: 200,
  CODE_CHARACTERS: 12,
  FRAME_IN_BYTES_MAX: 24576,
  FRAME_OUT_BYTES_MAX: 28672,
  BODY_BYTES_MAX: 65536,
  TOKEN_BYTES_MAX: 8000,
  CURSORS_MAX: 500,
  PAGE_MAX: 100,
  PAGE_DEFAULT: 50,
  ACTIONS_MAX: 500,
  ACTIONS_BYTES_MAX: 262144,
  CLUB_MEMBERS_MAX: 10000,
  CLUBS_A_PERSON_MAX: 100,
  UNREAD_COUNTED_MAX: 100,
} as const;
