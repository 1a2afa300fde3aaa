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
  | "dm"
  | "event";

export type Level =
  | "all"
  | "mentions"
  | "nothing";

export type Answer =
  | "going"
  | "maybe"
  | "no";

export type Standing =
  | "in"
  | "offered"
  | "waiting"
  | "out";

export interface QuietSpan {
  days: number[];
  from: string;
  to: string;
}

export interface MessageImage {
  id: string;
  kind: "document" | "image";
  alt?: string;
  width?: number | null;
  height?: number | null;
  placeholder?: string | null;
  name?: string | null;
  length?: number | null;
}

export interface LinkPreview {
  url: string;
  title: string;
  description?: string;
  site?: string;
  image?: MessageImage | null;
}

export interface LabelPlaces {
  label: string;
  places: number;
}

export interface EventSays {
  name: string;
  text: string;
  place: string;
  host: string | null;
  zone: string;
  start: string | null;
  end: string | null;
  rule: string | null;
  places: number | null;
  label_places: LabelPlaces[];
  guests: number;
  closes_min: number;
  asked: string[];
  list_shown: "admins" | "all";
}

export interface Occurrence {
  key: string;
  start?: string | null;
  end?: string | null;
  place?: string | null;
  cancelled?: boolean;
}

export interface Counts {
  going: number;
  maybe: number;
  no: number;
  waiting: number;
  taken: number;
  labels: Record<string, number>;
  faces?: string[];
}

export interface EventCover {
  id: string;
  width: number;
  height: number;
  placeholder: string;
}

export interface TickSaid {
  user: string;
  came: boolean | null;
}

export interface AccountCreated {
  type: "account_created";
  user: string;
  name: string;
}

export interface SignInChanged {
  type: "sign_in_changed";
  email: string;
}

export interface EmailVerified {
  type: "email_verified";
  email: string;
}

export interface PasskeysChanged {
  type: "passkeys_changed";
  passkeys: number;
}

export interface IdentitiesChanged {
  type: "identities_changed";
  identities: number;
}

export interface SignInLinkHanded {
  type: "sign_in_link_handed";
  by: string;
  group: number;
}

export interface ProfileChanged {
  type: "profile_changed";
  user: string;
  name: string;
  time_zone?: string | null;
  language?: string | null;
  invisible?: boolean;
}

export interface LettersChanged {
  type: "letters_changed";
  missed: string;
  announcements: boolean;
}

export interface AddedToGroup {
  type: "added_to_group";
  group: number;
  kind: "admins" | "channel" | "club" | "dm" | "event" | "self";
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
  name?: string | null;
  was?: string | null;
  time_zone?: string | null;
  language?: string | null;
  sign?: string | null;
  colour?: number | null;
  picture?: string | null;
  history?: "all" | "month" | "none" | null;
  members_invite?: boolean | null;
  announce?: boolean | null;
  joining_paused?: boolean | null;
  default_level?: "all" | "mentions" | "nothing" | null;
  events_by_members?: boolean | null;
}

export interface GroupRenamed {
  type: "group_renamed";
  by: string;
  name: string;
}

export interface ClubSuspended {
  type: "club_suspended";
  on: boolean;
}

export interface ClubDeleted {
  type: "club_deleted";
  by: string;
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

export interface GroupMuted {
  type: "group_muted";
  group: number;
  until?: string | null;
}

export interface GroupUnmuted {
  type: "group_unmuted";
  group: number;
}

export interface LevelChanged {
  type: "level_changed";
  group: number;
  level?: "all" | "mentions" | "nothing" | null;
}

export interface QuietHoursChanged {
  type: "quiet_hours_changed";
  spans: QuietSpan[];
  time_zone?: string | null;
}

export interface ActivitySeen {
  type: "activity_seen";
  upto: string;
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
  managed?: boolean;
  avatar?: string | null;
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
  by?: string | null;
}

export interface LabelDefined {
  type: "label_defined";
  label: string;
  name: string;
  by: string;
}

export interface LabelRemoved {
  type: "label_removed";
  label: string;
  by: string;
}

export interface ClubEmoteDefined {
  type: "club_emote_defined";
  file: string;
  name: string;
  by: string;
}

export interface ClubEmoteRemoved {
  type: "club_emote_removed";
  file: string;
  by: string;
}

export interface MemberLabelled {
  type: "member_labelled";
  user: string;
  labels: string[];
  by: string;
}

export interface PersonRenamed {
  type: "person_renamed";
  user: string;
  name: string;
}

export interface PersonPictured {
  type: "person_pictured";
  user: string;
  avatar?: string | null;
}

export interface PersonArrived {
  type: "person_arrived";
  user: string;
}

export interface AccountDeleted {
  type: "account_deleted";
  user: string;
}

export interface JoinCodeCreated {
  type: "join_code_created";
  by: string;
  code?: number | null;
}

export interface JoinCodeChanged {
  type: "join_code_changed";
  by: string;
  code: number;
}

export interface JoinCodeRevoked {
  type: "join_code_revoked";
  by: string;
  code: number;
}

export interface JoinAsked {
  type: "join_asked";
  user: string;
}

export interface JoinSettled {
  type: "join_settled";
  user: string;
  by: string;
  accepted: boolean;
}

export interface JoinAnswered {
  type: "join_answered";
  name: string;
  accepted: boolean;
}

export interface Reported {
  type: "reported";
  report: number;
}

export interface ReportClosed {
  type: "report_closed";
  report: number;
}

export interface InvitationsSent {
  type: "invitations_sent";
  by: string;
  n: number;
}

export interface EventCreated {
  type: "event_created";
  by: string;
  event: string;
  says: EventSays;
  occurrences: Occurrence[];
}

export interface EventChanged {
  type: "event_changed";
  by: string;
  says: EventSays;
  occurrences: Occurrence[];
  again?: string[];
}

export interface EventCancelled {
  type: "event_cancelled";
  by: string;
  key?: string | null;
}

export interface EventCovered {
  type: "event_covered";
  by: string;
  cover?: EventCover | null;
}

export interface EventAnswered {
  type: "event_answered";
  key: string;
  user: string;
  answer: "going" | "maybe" | "no";
  standing: "in" | "offered" | "out" | "waiting";
  guests?: number;
  note?: string;
  by?: string | null;
  until?: string | null;
  label?: string | null;
  group?: number | null;
  counts?: Counts | null;
}

export interface EventCounted {
  type: "event_counted";
  key: string;
  counts: Counts;
}

export interface EventReminded {
  type: "event_reminded";
  group: number;
  key: string;
  minutes: number;
  start: string;
}

export interface EventTicked {
  type: "event_ticked";
  group: number;
  key: string;
  by: string;
  ticks: TickSaid[];
}

export interface MessagePosted {
  type: "message_posted";
  id: string;
  author: string;
  text: string;
  reply_to?: string | null;
  event?: number | null;
  images?: MessageImage[];
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

export interface LinkPreviewed {
  type: "link_previewed";
  id: string;
  preview?: LinkPreview | null;
}

export interface PatchMe {
  name?: string | null;
  time_zone?: string | null;
  language?: "" | "de" | "en" | null;
  invisible?: boolean | null;
}

export interface PutQuiet {
  spans: QuietSpan[];
  time_zone?: string | null;
}

export interface PutLetters {
  missed: "daily" | "never";
  announcements: boolean;
}

export interface NewVerification {
  link: string;
}

export interface NewPasswordReset {
  email: string;
}

export interface NewPassword {
  link: string;
  password: string;
  keep?: "cookie" | null;
}

export interface NewPasskey {
  credential: string;
  name?: string | null;
}

export interface Deletion {
  password?: string | null;
  passkey?: string | null;
  name?: string | null;
  messages?: boolean;
}

export interface LettersWanted {
  missed: "daily" | "never";
  announcements: boolean;
  refused: boolean;
}

export interface Verified {
  email: string;
}

export interface QuietHours {
  spans: QuietSpan[];
  time_zone: string;
}

export interface Asked {
  asked: "True";
}

export interface SignedInDevice {
  id: string;
  device: string | null;
  signed_in_at: string;
  used_at: string;
  here: boolean;
}

export interface SignedInDevices {
  sessions: SignedInDevice[];
}

export interface PasskeyOptions {
  options: string;
}

export interface Passkey {
  id: string;
  name: string;
  made_at: string;
  used_at: string;
}

export interface Passkeys {
  passkeys: Passkey[];
}

export interface ClubInTheWay {
  group: number;
  name: string;
}

export interface Leaving {
  clubs: ClubInTheWay[];
  proof: "name" | "passkey" | "password";
}

export interface ActivityEntry {
  kind: "added" | "event" | "mention" | "reaction" | "reply";
  group: number;
  seq: number;
  at: string;
  by: Someone[];
  people: number;
  emotes: string[];
  message?: Message | null;
}

export interface ActivityPage {
  entries: ActivityEntry[];
  seen: string;
  unseen: number;
  cursor?: string | null;
}

export interface ActivitySight {
  at: string;
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
  passkey?: string | null;
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
  images?: NewImage[];
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

export interface PutFollow {
  on: boolean;
}

export interface PutMute {
  for_s: number | null;
}

export interface PutLevel {
  level: "all" | "mentions" | "nothing" | null;
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
  sign: string | null;
  colour: number;
  asks: boolean;
  question: string;
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
  event?: number | null;
  images?: MessageImage[];
  preview?: LinkPreview | null;
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
  idle: string[];
}

export interface Host {
  version: string;
  create: "closed" | "open" | "word";
  url: string;
  only_here: boolean;
  mail: boolean;
  issuer: string | null;
  issuer_only: boolean;
  operator: string | null;
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
  limit?: number | null;
  used?: number | null;
}

export interface Invited {
  name: string;
  email?: string | null;
  labels?: string[];
}

export interface NewInvitations {
  key: string;
  people: Invited[];
  labels?: string[];
  send?: boolean;
  as_members?: boolean;
}

export interface SendInvitations {
  invitations?: number[] | null;
}

export interface InvitationSecret {
  secret: string;
}

export interface AcceptInvitation {
  secret: string;
  name?: string | null;
  key?: string | null;
  keep?: "cookie" | null;
}

export interface PutManaged {
  name: string;
}

export interface PutContact {
  email?: string | null;
  phone?: string | null;
  note?: string | null;
  visible_to?: "admins" | "members" | null;
}

export interface InvitedRow {
  row: number;
  is: "known" | "new" | "wrong";
  invitation?: number | null;
  why?: "email" | "name" | null;
}

export interface InvitationsMade {
  rows: InvitedRow[];
  sent: number;
}

export interface ListedInvitation {
  invitation: number;
  name: string;
  email: string | null;
  labels: string[];
  state: "came" | "failed" | "invited" | "sent" | "withdrawn";
  by: string;
  at: string;
  sent_at: string | null;
  came_at: string | null;
  user: string | null;
  due: boolean;
}

export interface Invitations {
  invitations: ListedInvitation[];
  more: boolean;
  waiting: number;
  came: number;
}

export interface LettersSent {
  sent: number;
  held: number;
}

export interface InvitationLink {
  url: string;
}

export interface InvitationPreview {
  club: string;
  sign: string | null;
  colour: number;
  name: string;
  by: string;
  members: number;
  managed: boolean;
}

export interface CameIn {
  user: string;
  access_token: string;
  expires_in: number;
  group: number;
  name: string;
  refresh_token?: string | null;
}

export interface Contact {
  user: string;
  visible_to: "admins" | "members";
  email?: string | null;
  phone?: string | null;
  note?: string | null;
}

export interface Contacts {
  contacts: Contact[];
  since: Record<string, string>;
}

export interface NewClubEmote {
  name: string;
}

export interface PatchGroup {
  name?: string;
  announce?: boolean;
  description?: string;
  landing?: boolean;
  archived?: boolean;
  time_zone?: string | null;
  language?: string | null;
  sign?: string | null;
  colour?: number;
  history?: "all" | "month" | "none";
  members_invite?: boolean;
  joining_paused?: boolean;
  rooms_by_admins?: boolean;
  dms_off?: boolean;
  default_level?: "all" | "mentions" | "nothing" | null;
  events_by_members?: boolean;
}

export interface DeleteClub {
  name: string;
}

export interface GroupNamed {
  group: number;
  name: string;
}

export interface AuditEntry {
  id: number;
  at: string;
  what: string;
  by: Someone | null;
  about_user: Someone | null;
  about_group: GroupNamed | null;
  details: Record<string, unknown>;
}

export interface Audit {
  entries: AuditEntry[];
  more: boolean;
}

export interface JoinClub {
  code: string;
  answer?: string | null;
}

export interface NewCode {
  key: string;
  note?: string;
  role?: "admin" | "member";
  expires_in_s?: number;
  uses?: number;
  asks?: boolean;
  question?: string;
  labels?: string[];
  rooms?: number[];
}

export interface ResetCodes {
  key: string;
}

export interface PatchCode {
  note?: string | null;
  expires_in_s?: number | null;
  uses?: number | null;
  asks?: boolean | null;
  question?: string | null;
  labels?: string[] | null;
  rooms?: number[] | null;
}

export interface AnswerRequest {
  accept: boolean;
}

export interface ClubAsked {
  asked: string;
}

export interface JoinCode {
  id: number;
  code: string;
  url: string;
  note: string;
  role: "admin" | "member";
  expires_at: string | null;
  uses_left: number | null;
  asks: boolean;
  question: string;
  main: boolean;
  by: string;
  by_name: string;
  labels: string[];
  rooms: number[];
  came: number;
  people: Someone[];
}

export interface JoinCodes {
  codes: JoinCode[];
  only_here: boolean;
}

export interface JoinRequest {
  user: string;
  name: string;
  question: string;
  answer: string;
  note: string;
  asked_at: string;
}

export interface JoinRequests {
  n: number;
  requests: JoinRequest[];
}

export interface MyRequest {
  request: number;
  name: string;
  sign: string | null;
  colour: number;
  asked_at: string;
}

export interface MyRequests {
  requests: MyRequest[];
}

export interface _Kind {
  type: string;
}

export interface Tick {
  user: string;
  came: boolean | null;
  at: string;
}

export interface PutDoor {
  key: string;
  ticks: Tick[];
}

export interface TickKept {
  user: string;
  came: boolean | null;
  at: string;
}

export interface Ticked {
  ticks: TickKept[];
  unknown: string[];
}

export interface AtTheDoor {
  user: string;
  name: string;
  labels?: string[];
  answer?: "going" | "maybe" | "no" | null;
  standing?: "in" | "offered" | "out" | "waiting" | null;
  guests?: number;
  note?: string;
  at?: string | null;
  by?: string | null;
  came?: boolean | null;
  ticked_at?: string | null;
  ticked_by?: string | null;
}

export interface Door {
  key: string;
  group: number;
  name: string;
  people: AtTheDoor[];
}

export interface DraftSays {
  name?: string;
  zone?: string;
  text?: string;
  place?: string;
  host?: string | null;
  start?: string | null;
  end?: string | null;
  rule?: string | null;
  places?: number | null;
  label_places?: LabelPlacesIn[];
  guests?: number;
  closes_min?: number;
  asked?: string[];
  list_shown?: "admins" | "all";
}

export interface PutEventDraft {
  group: number;
  says: DraftSays;
  version?: number;
}

export interface EventDraftEntry {
  event: string;
  group: number;
  name: string;
  by: string;
  version: number;
  updated_at: string;
  updated_by: string;
}

export interface EventDraft {
  event: string;
  group: number;
  name: string;
  by: string;
  version: number;
  updated_at: string;
  updated_by: string;
  says: DraftSays;
}

export interface EventDrafts {
  drafts: EventDraftEntry[];
}

export interface LabelPlacesIn {
  label: string;
  places: number;
}

export interface NewEvent {
  group: number;
  name: string;
  zone: string;
  text?: string;
  place?: string;
  host?: string | null;
  start?: string | null;
  end?: string | null;
  rule?: string | null;
  places?: number | null;
  label_places?: LabelPlacesIn[];
  guests?: number;
  closes_min?: number;
  asked?: string[];
  list_shown?: "admins" | "all";
}

export interface NewPlan {
  group: number;
  name: string;
  zone: string;
  text?: string;
  place?: string;
  host?: string | null;
  start?: string | null;
  end?: string | null;
  rule?: string | null;
  places?: number | null;
  label_places?: LabelPlacesIn[];
  guests?: number;
  closes_min?: number;
  asked?: string[];
  list_shown?: "admins" | "all";
  scope?: "all" | "following" | "this";
  key?: string | null;
}

export interface PutAnswer {
  key: string;
  answer: "going" | "maybe" | "no";
  guests?: number | null;
  note?: string | null;
  user?: string | null;
  over?: boolean;
}

export interface PutReminders {
  minutes: number[] | null;
}

export interface RemindOfEvent {
  key: string;
}

export interface PutMailedAnswer {
  answer: "going" | "maybe" | "no";
}

export interface EventMade {
  event: string;
  group: number;
}

export interface Answered {
  standing: "in" | "offered" | "out" | "waiting";
}

export interface MailedQuestion {
  name: string;
  club: string | null;
  zone: string;
  start: string | null;
  place: string;
  answer: "going" | "maybe" | "no" | null;
  closed: boolean;
}

export interface Reminders {
  minutes: number[];
  own: boolean;
}

export interface Reminded {
  people: number;
}

export interface LabelPlacesOut {
  label: string;
  places: number;
}

export interface OccurrenceLook {
  key: string;
  start?: string | null;
  end?: string | null;
  place?: string | null;
  cancelled?: boolean;
  counts: Counts;
}

export interface OwnAnswer {
  key: string;
  answer: "going" | "maybe" | "no";
  standing: "in" | "offered" | "out" | "waiting";
  guests?: number;
  note?: string;
  until?: string | null;
  label?: string | null;
  again?: boolean;
  ahead?: number;
}

export interface EventLook {
  event: string;
  by: string;
  text: string;
  place: string;
  host: string | null;
  zone: string;
  start: string | null;
  end: string | null;
  rule: string | null;
  places: number | null;
  label_places: LabelPlacesOut[];
  guests: number;
  closes_min: number;
  asked: string[];
  list_shown: "admins" | "all";
  cancelled: boolean;
  cover: EventCover | null;
  occurrences: OccurrenceLook[];
}

export interface EventEntry {
  event: string;
  by: string;
  text: string;
  place: string;
  host: string | null;
  zone: string;
  start: string | null;
  end: string | null;
  rule: string | null;
  places: number | null;
  label_places: LabelPlacesOut[];
  guests: number;
  closes_min: number;
  asked: string[];
  list_shown: "admins" | "all";
  cancelled: boolean;
  cover: EventCover | null;
  occurrences: OccurrenceLook[];
  mine: OwnAnswer[];
}

export interface AnswerShown {
  user: string;
  name: string;
  answer: "going" | "maybe" | "no";
  standing: "in" | "offered" | "out" | "waiting";
  at: string;
  guests?: number;
  note?: string;
  until?: string | null;
  label?: string | null;
  again?: boolean;
  by?: string | null;
  came?: boolean | null;
}

export interface NotAnswered {
  user: string;
  name: string;
  labels: string[];
}

export interface Answers {
  key: string;
  counts: Counts;
  answers: AnswerShown[];
  silent: NotAnswered[];
}

export interface CalendarAddress {
  group: number;
  name: string;
  url: string;
}

export interface CalendarAddresses {
  url: string;
  clubs: CalendarAddress[];
}

export interface FileLimits {
  open: number;
  day_bytes: number;
  own_bytes: number;
  club_bytes: number;
}

export interface NewFile {
  id: string;
  purpose: "avatar" | "cover" | "emote" | "message" | "picture";
  type: string;
  length: number;
  name?: string;
  group?: number | null;
}

export interface ShownFile {
  file: string;
}

export interface FilesWanted {
  ids: string[];
}

export interface Upload {
  url: string;
  headers: Record<string, string>;
  until: string;
}

export interface File {
  id: string;
  state: "asked" | "gone" | "ready" | "refused" | "uploaded";
  purpose: "avatar" | "cover" | "emote" | "message" | "picture";
  kind: "document" | "image";
  type: string;
  name: string;
  length: number;
  group?: number | null;
  refused?: string | null;
  width?: number | null;
  height?: number | null;
  placeholder?: string | null;
  upload?: Upload | null;
}

export interface FileLink {
  id: string;
  until: string;
  thumb?: string | null;
  screen?: string | null;
  original?: string | null;
  download?: string | null;
}

export interface FileLinks {
  links: FileLink[];
}

export interface LargeFile {
  id: string;
  kind: "document" | "image";
  purpose: "avatar" | "cover" | "emote" | "message" | "picture" | "preview";
  bytes: number;
  at: string;
  user: string;
  by_name: string;
  name?: string | null;
  alt?: string | null;
  placeholder?: string | null;
  group?: number | null;
  message?: string | null;
}

export interface FilesUsage {
  used: number;
  images: number;
  images_bytes: number;
  documents: number;
  documents_bytes: number;
  limit: number;
  largest: LargeFile[];
}

export interface FilesRoom {
  open: number;
  open_limit: number;
  day_used: number;
  day_limit: number;
  used: number;
  limit: number;
}

export interface Hello {
  type: "hello";
  version: number;
  token: string;
  epoch: string | null;
  cursors: Record<string, number>;
}

export interface NewImage {
  id: string;
  alt?: string;
}

export interface Post {
  type: "post";
  group: number;
  id: string;
  text: string;
  reply_to?: string | null;
  images?: NewImage[];
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
  idle?: boolean | null;
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

export interface Someone {
  user: string;
  name: string;
}

export interface Label {
  label: string;
  name: string;
}

export interface ClubEmote {
  file: string;
  name: string;
}

export interface Member {
  user: string;
  name: string;
  role: "admin" | "member" | "owner";
  left: boolean;
  labels?: string[];
  managed?: boolean;
  gone?: boolean;
  avatar?: string | null;
}

export interface GroupLook {
  group: number;
  kind: "admins" | "channel" | "club" | "dm" | "event" | "self";
  name: string;
  parent: number | null;
  private: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
  rooms_by_admins: boolean;
  dms_off: boolean;
  time_zone: string | null;
  language: string | null;
  sign: string | null;
  colour: number;
  picture: string | null;
  history: "all" | "month" | "none";
  joining_paused: boolean;
  members_invite: boolean;
  default_level: "all" | "mentions" | "nothing" | null;
  events_by_members: boolean;
  suspended: boolean;
}

export interface Mute {
  until: string | null;
}

export interface GroupEntry {
  group: number;
  kind: "admins" | "channel" | "club" | "dm" | "event" | "self";
  name: string;
  parent: number | null;
  private: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
  rooms_by_admins: boolean;
  dms_off: boolean;
  time_zone: string | null;
  language: string | null;
  sign: string | null;
  colour: number;
  picture: string | null;
  history: "all" | "month" | "none";
  joining_paused: boolean;
  members_invite: boolean;
  default_level: "all" | "mentions" | "nothing" | null;
  events_by_members: boolean;
  suspended: boolean;
  role: "admin" | "member" | "owner";
  head: number;
  read: number;
  unread: number;
  mentions: number;
  followed: boolean;
  manages: boolean;
  may_post: boolean;
  level: "all" | "mentions" | "nothing" | null;
  mute: Mute | null;
  people: Someone[];
  event: EventEntry | null;
}

export interface Me {
  user: string;
  name: string;
  email: string | null;
  email_verified: boolean;
  password: boolean;
  passkeys: number;
  identities: number;
  time_zone: string | null;
  language: "de" | "en" | null;
  invisible: boolean;
  quiet: QuietHours | null;
  letters: LettersWanted;
  epoch: string;
  groups: GroupEntry[];
  blocked: string[];
  host: boolean;
  activity_seen: string;
  activity_unseen: number;
}

export interface Snapshot {
  group: number;
  kind: "admins" | "channel" | "club" | "dm" | "event" | "self";
  name: string;
  parent: number | null;
  private: boolean;
  description: string;
  announce: boolean;
  landing: boolean;
  archived: boolean;
  rooms_by_admins: boolean;
  dms_off: boolean;
  time_zone: string | null;
  language: string | null;
  sign: string | null;
  colour: number;
  picture: string | null;
  history: "all" | "month" | "none";
  joining_paused: boolean;
  members_invite: boolean;
  default_level: "all" | "mentions" | "nothing" | null;
  events_by_members: boolean;
  suspended: boolean;
  epoch: string;
  seq: number;
  members: Member[];
  labels: Label[];
  messages: Message[];
  window: number;
  pinned: string[];
  event: EventLook | null;
  club_emotes: ClubEmote[];
}

export interface NewRoundTrip {
  then?: string;
}

export interface IssuerAnswer {
  state: string;
  code: string;
  iss?: string | null;
  keep?: "cookie" | null;
}

export interface RoundTrip {
  url: string;
}

export interface SignedInByIssuer {
  user: string;
  access_token: string;
  expires_in: number;
  then: string;
  refresh_token?: string | null;
  made?: boolean;
}

export interface Identity {
  id: number;
  issuer: string;
  here: boolean;
  connected_at: string;
  used_at: string;
}

export interface Identities {
  identities: Identity[];
}

export interface Connected {
  identities: Identity[];
  then: string;
}

export interface SignedOutOfIssuer {
  url: string | null;
}

export interface NewRole {
  role: "admin" | "member" | "owner";
  hand_over?: boolean;
}

export interface NewLabel {
  name: string;
}

export interface MemberLabels {
  labels: string[];
}

export interface LabelledMembers {
  add?: string[];
  remove?: string[];
}

export interface HostedClub {
  group: number;
  name: string;
  created_at: string;
  members: number;
  messages: number;
  bytes: number;
  last_at: string | null;
  suspended: boolean;
  deleted: boolean;
}

export interface HostedClubs {
  clubs: HostedClub[];
  more: boolean;
}

export interface PatchHostedClub {
  suspended: boolean;
}

export interface Undelivered {
  kind: string;
  why: string;
  n: number;
  since: string;
  last_at: string;
}

export interface Place {
  keep_days: number | null;
  clubs: number;
  people: number;
  database_bytes: number;
  messages_bytes: number;
  search_bytes: number;
  undelivered: Undelivered[];
  free_bytes: number | null;
}

export interface PutKeeping {
  days: number | null;
}

export interface PushKey {
  key: string;
}

export interface PutPush {
  kind: "apns" | "fcm" | "web";
  address: string;
  p256dh?: string;
  auth?: string;
}

export interface PushState {
  on: boolean;
  kind: "apns" | "fcm" | "web" | null;
  failed: string | null;
  pushed_at: string | null;
}

export interface WhyDevice {
  here: boolean;
  name: string | null;
  kind: "apns" | "fcm" | "web" | null;
  outcome: "collapsed" | "failed" | "gone" | "pushed" | "read" | "unwanted" | "waits" | "withdrawn";
  failed: string | null;
  at: string;
}

export interface Why {
  outcome: "before" | "blocked" | "collapsed" | "failed" | "forgotten" | "gone" | "level" | "mailed" | "muted" | "none" | "own" | "pushed" | "quiet" | "read" | "shown" | "unfollowed" | "unwanted" | "waits" | "withdrawn";
  at: string | null;
  devices: WhyDevice[];
}

export interface ReadingToken {
  token: string;
  expires_in: number;
}

export interface Jwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
  kid: string;
  alg: string;
  use: string;
}

export interface JwkSet {
  keys: Jwk[];
}

export interface NewReport {
  reason: string;
  club?: number | null;
}

export interface NewPersonReport {
  user: string;
  reason: string;
}

export interface Report {
  report: number;
  user: string;
  name: string;
  by: string;
  by_name: string;
  reason: string;
  at: string;
  message: string | null;
  group: number | null;
  text: string | null;
  sent_at: string | null;
  deleted: boolean;
  member: boolean;
  images: MessageImage[] | null;
}

export interface Reports {
  n: number;
  reports: Report[];
}

export interface ClubBlock {
  user: string;
  name: string;
  by: string;
  by_name: string;
  at: string;
}

export interface ClubBlocks {
  blocks: ClubBlock[];
}

export interface Found {
  messages: Message[];
  cursor?: string | null;
}

export interface EventNumbers {
  group: number;
  key: string;
  name: string;
  start: string | null;
  cancelled: boolean;
  going: number;
  maybe: number;
  no: number;
  waiting: number;
  taken: number;
  came: number;
  missed: number;
}

export interface GroupNumbers {
  group: number;
  name: string;
  people: number;
}

export interface MonthNumbers {
  month: string;
  events: number;
  going: number;
  came: number;
  ticked: number;
}

export interface Statistics {
  live: boolean;
  at: string | null;
  members: number;
  events: EventNumbers[];
  groups: GroupNumbers[];
  months: MonthNumbers[];
}

export type AnyAction =
  | AccountCreated
  | SignInChanged
  | EmailVerified
  | PasskeysChanged
  | IdentitiesChanged
  | SignInLinkHanded
  | ProfileChanged
  | LettersChanged
  | AddedToGroup
  | RemovedFromGroup
  | ClubCreated
  | ClubChanged
  | GroupRenamed
  | ClubSuspended
  | ClubDeleted
  | ChannelListed
  | ChannelCreated
  | ChannelChanged
  | ChannelFollowed
  | GroupMuted
  | GroupUnmuted
  | LevelChanged
  | QuietHoursChanged
  | ActivitySeen
  | DmCreated
  | PersonBlocked
  | PersonUnblocked
  | MemberJoined
  | MemberRemoved
  | RoleChanged
  | LabelDefined
  | LabelRemoved
  | ClubEmoteDefined
  | ClubEmoteRemoved
  | MemberLabelled
  | PersonRenamed
  | PersonPictured
  | PersonArrived
  | AccountDeleted
  | JoinCodeCreated
  | JoinCodeChanged
  | JoinCodeRevoked
  | JoinAsked
  | JoinSettled
  | JoinAnswered
  | Reported
  | ReportClosed
  | InvitationsSent
  | EventCreated
  | EventChanged
  | EventCancelled
  | EventCovered
  | EventAnswered
  | EventCounted
  | EventReminded
  | EventTicked
  | MessagePosted
  | MessageEdited
  | MessageDeleted
  | MessagePinned
  | MessageUnpinned
  | EmoteAdded
  | EmoteRemoved
  | LinkPreviewed;

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
  | "not_vouched"
  | "issuer_only"
  | "forbidden"
  | "foreign_origin"
  | "sign_in_needed"
  | "their_sign_in_needed"
  | "name_taken"
  | "word_needed"
  | "creating_closed"
  | "not_found"
  | "invalid_code"
  | "method_not_allowed"
  | "id_conflict"
  | "address_taken"
  | "last_owner"
  | "full"
  | "draft_changed"
  | "not_asked"
  | "answers_closed"
  | "places_taken"
  | "unsupported_media_type"
  | "file_type"
  | "file_too_large"
  | "not_uploaded"
  | "uploads_open"
  | "day_full"
  | "space_full"
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
  LABELS_A_CLUB_MAX: 100,
  LABELS_A_MEMBER_MAX: 20,
  LABEL_CODE_POINTS_MAX: 40,
  LABELLED_AT_ONCE_MAX: 200,
  CODES_A_CLUB_MAX: 50,
  NOTE_CODE_POINTS_MAX: 60,
  QUESTION_CODE_POINTS_MAX: 200,
  ANSWER_CODE_POINTS_MAX: 500,
  CODE_ROOMS_MAX: 20,
  CODE_LABELS_MAX: 20,
  CODE_USES_MAX: 100000,
  CODE_SECONDS_MAX: 31622400,
  CODE_PEOPLE_NAMED_MAX: 100,
  WAITING_A_CLUB_MAX: 500,
  WAITING_A_PERSON_MAX: 20,
  REASON_CODE_POINTS_MAX: 500,
  REPORTS_A_PERSON_MAX: 20,
  REPORTS_A_CLUB_MAX: 1000,
  LISTED_AT_ONCE_MAX: 100,
  BLOCKS_A_CLUB_MAX: 1000,
  MUTED_SECONDS_MAX: 31622400,
  QUIET_SPANS_MAX: 14,
  ERASURES_A_CLUB_MAX: 100,
  TIME_ZONE_CHARACTERS_MAX: 60,
  LANGUAGE_CHARACTERS_MAX: 20,
  SIGN_LETTERS_MAX: 3,
  COLOURS: 12,
  AUDIT_EXPORT_MAX: 10000,
  KEEP_DAYS_MIN: 30,
  KEEP_DAYS_MAX: 36500,
  PASSKEYS_A_PERSON_MAX: 20,
  PASSKEY_CHARACTERS_MAX: 20000,
  IDENTITIES_A_PERSON_MAX: 10,
  ISSUER_ANSWER_CHARACTERS_MAX: 4000,
  THEN_CHARACTERS_MAX: 300,
  INVITED_AT_ONCE_MAX: 200,
  INVITATIONS_OPEN_MAX: 5000,
  INVITATIONS_PAGE_MAX: 500,
  PHONE_CHARACTERS_MAX: 40,
  CONTACT_NOTE_CODE_POINTS_MAX: 200,
  SEARCH_CODE_POINTS_MAX: 200,
  SEARCH_WORDS_MAX: 10,
  FOUND_MAX: 50,
  FOUND_DEFAULT: 20,
  ACTIVITY_MAX: 50,
  ACTIVITY_DEFAULT: 30,
  ACTIVITY_UNSEEN_MAX: 10,
  EVENTS_A_GROUP_MAX: 200,
  EVENT_DRAFTS_A_GROUP_MAX: 50,
  EVENT_DRAFT_BYTES_MAX: 16384,
  EVENT_DRAFT_NUMBER_MAX: 1000000,
  EVENT_DRAFT_VERSION_MAX: 2147483647,
  EVENT_DRAFT_DAYS: 180,
  OCCURRENCES_MAX: 120,
  EVENT_TEXT_CODE_POINTS_MAX: 2000,
  EVENT_PLACE_CODE_POINTS_MAX: 200,
  EVENT_NOTE_CODE_POINTS_MAX: 200,
  EVENT_PLACES_MAX: 10000,
  EVENT_LABELS_MAX: 20,
  GUESTS_MAX: 20,
  CLOSES_MINUTES_MAX: 86400,
  RULE_CHARACTERS_MAX: 200,
  OCCURRENCE_KEY_CHARACTERS_MAX: 16,
  CALENDAR_OCCURRENCES_MAX: 500,
  CALENDAR_PAST_DAYS: 92,
  REMINDERS_MAX: 5,
  REMINDER_MINUTES_MIN: 5,
  REMINDER_MINUTES_MAX: 40320,
  TICKS_AT_ONCE_MAX: 200,
  STATISTICS_LIVE_MEMBERS_MAX: 100,
  STATISTICS_EVENTS_MAX: 60,
  STATISTICS_MONTHS_MAX: 24,
  IMAGE_BYTES_MAX: 20000000,
  DOCUMENT_BYTES_MAX: 25000000,
  EMOTE_BYTES_MAX: 262144,
  IMAGE_PIXELS_MAX: 40000000,
  EMOTE_FRAMES_MAX: 120,
  EMOTES_A_CLUB_MAX: 200,
  EMOTE_NAME_CHARACTERS_MIN: 2,
  EMOTE_NAME_CHARACTERS_MAX: 32,
  FILE_NAME_CODE_POINTS_MAX: 100,
  UPLOADS_OPEN_MAX: 20,
  UPLOADED_A_DAY_BYTES_MAX: 500000000,
  FILES_A_PERSON_BYTES_MAX: 1000000000,
  FILES_A_CLUB_BYTES_MAX: 20000000000,
  FILE_LINKS_MAX: 100,
  FILES_LARGEST_MAX: 20,
  IMAGES_A_MESSAGE_MAX: 10,
  ALT_CODE_POINTS_MAX: 500,
  IMAGES_OF_A_MESSAGE_BYTES_MAX: 10000,
  PREVIEW_TITLE_CODE_POINTS_MAX: 200,
  PREVIEW_DESCRIPTION_CODE_POINTS_MAX: 300,
  PREVIEW_SITE_CODE_POINTS_MAX: 60,
} as const;
