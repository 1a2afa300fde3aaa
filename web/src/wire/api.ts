/** Every HTTP call the client makes, by name. `call` adds the token where one is needed. */

import type { Call } from "./http";
import { atTheDoor, erasing, type Erase } from "./door";
import { doorOfEvent } from "./eventDoor";
import { storeCalls } from "./files";
import type * as wire from "./types";

/** Calls for which nobody needs to be signed in; the cookie travels by itself. */
export const doorCalls = (call: Call) => ({
  host: () => call<wire.Host>("GET", "/host"),
  preview: (body: wire.ClubCode) => call<wire.ClubPreview>("POST", "/clubs/preview", body),
  makeAccount: (body: wire.NewAccount) => call<wire.Tokens>("POST", "/accounts", { ...body, keep: "cookie" }),
  signIn: (body: wire.NewSession) => call<wire.Tokens>("POST", "/sessions", { ...body, keep: "cookie" }),
  renew: () => call<wire.Tokens>("POST", "/tokens", { keep: "cookie" }),
});

/** Calls of somebody who is signed in. */
export const memberCalls = (call: Call) => ({
  ...atTheDoor(call),
  ...doorOfEvent(call),
  ...storeCalls(call),
  me: () => call<wire.Me>("GET", "/me"),
  setSignIn: (body: wire.SignIn) => call<wire.SignInSet>("PUT", "/me/sign-in", body),
  signInLink: () => call<wire.SignInLink>("POST", "/sign-in-links"),
  signOut: () => call<void>("DELETE", "/sessions/current"),
  makeClub: (body: wire.NewClub) => call<wire.ClubMade>("POST", "/clubs", body),
  join: (body: wire.JoinClub) => call<wire.ClubJoined | wire.ClubAsked>("POST", "/clubs/join", body),
  invitation: (group: number) => call<wire.Invitation>("GET", `/groups/${group}/code`),
  snapshot: (group: number) => call<wire.Snapshot>("GET", `/groups/${group}/snapshot`),
  actions: (group: number, after: number, limit: number) =>
    call<wire.ActionsPage>("GET", `/groups/${group}/actions?after=${after}&limit=${limit}`),
  messagesBefore: (group: number, before: number, limit: number) =>
    call<wire.Page>("GET", `/groups/${group}/messages?before=${before}&limit=${limit}`),
  messagesAfter: (group: number, after: number, limit: number) =>
    call<wire.Page>("GET", `/groups/${group}/messages?after=${after}&limit=${limit}`),
  messagesAround: (group: number, around: number, limit: number) =>
    call<wire.Page>("GET", `/groups/${group}/messages?around=${around}&limit=${limit}`),
  messagesAt: (group: number, at: string) =>
    call<wire.Page>("GET", `/groups/${group}/messages?at=${encodeURIComponent(at)}`),
  search: (query: Readonly<Record<string, string>>) =>
    call<wire.Found>("GET", `/search?${new URLSearchParams(query).toString()}`),
  activity: (before: string | null) =>
    call<wire.ActivityPage>("GET", `/activity${before ? `?before=${encodeURIComponent(before)}` : ""}`),
  seeActivity: (at: string) => call<void>("PUT", "/activity/seen", { at }),
  post: (id: string, body: wire.PutMessage) => call<wire.Posted>("PUT", `/messages/${id}`, body),
  read: (group: number, seq: number) => call<wire.ReadPointer>("PUT", `/groups/${group}/read`, { seq }),
  online: (group: number) => call<wire.Online>("GET", `/groups/${group}/online`),
  message: (id: string) => call<wire.Message>("GET", `/messages/${id}`),
  edit: (id: string, text: string) => call<void>("PATCH", `/messages/${id}`, { text }),
  deleteMessage: (id: string) => call<void>("DELETE", `/messages/${id}`),
  removePreview: (id: string) => call<void>("DELETE", `/messages/${id}/preview`),
  react: (id: string, emote: string, on: boolean) =>
    call<void>(on ? "PUT" : "DELETE", `/messages/${id}/emotes/${encodeURIComponent(emote)}`),
  pin: (id: string, on: boolean) => call<void>(on ? "PUT" : "DELETE", `/messages/${id}/pin`),
  pins: (group: number) => call<wire.Page>("GET", `/groups/${group}/pins`),
  seen: (id: string) => call<wire.Seen>("GET", `/messages/${id}/seen`),
  unread: (group: number, seq: number) =>
    call<wire.ReadPointer>("PUT", `/groups/${group}/read`, { seq, back: true }),
  makeChannel: (club: number, body: wire.NewChannel) =>
    call<wire.GroupMade>("POST", `/groups/${club}/channels`, body),
  changeGroup: (group: number, body: wire.PatchGroup) => call<void>("PATCH", `/groups/${group}`, body),
  deleteClub: (group: number, name: string) => call<void>("DELETE", `/groups/${group}`, { name }),
  audit: (group: number, before: number | null, what: string) =>
    call<wire.Audit>(
      "GET",
      `/groups/${group}/audit?limit=50${before ? `&before=${before}` : ""}${what ? `&what=${what}` : ""}`,
    ),
  auditTable: (group: number) => call<string>("GET", `/groups/${group}/audit.csv`),
  hostedClubs: (find: string, before: number | null) =>
    call<wire.HostedClubs>(
      "GET",
      `/host/clubs?find=${encodeURIComponent(find)}${before ? `&before=${before}` : ""}`,
    ),
  suspendClub: (group: number, suspended: boolean) =>
    call<void>("PATCH", `/host/clubs/${group}`, { suspended }),
  place: () => call<wire.Place>("GET", "/host/place"),
  keepMessages: (days: number | null) => call<void>("PUT", "/host/keeping", { days }),
  mute: (group: number, forS: number | null) => call<void>("PUT", `/groups/${group}/mute`, { for_s: forS }),
  level: (group: number, level: wire.Level | null) => call<void>("PUT", `/groups/${group}/level`, { level }),
  follow: (group: number, on: boolean) => call<void>("PUT", `/groups/${group}/follow`, { on }),
  addMembers: (group: number, body: wire.NewMembers) => call<void>("POST", `/groups/${group}/members`, body),
  openDm: (users: string[]) => call<wire.GroupMade>("POST", "/dms", { users }),
  block: (user: string, on: boolean) =>
    call<void>(on ? "PUT" : "DELETE", `/me/blocks/${encodeURIComponent(user)}`),
  changeRole: (club: number, user: string, body: wire.NewRole) =>
    call<void>("PUT", `/groups/${club}/members/${encodeURIComponent(user)}/role`, body),
  labelMember: (club: number, user: string, labels: string[]) =>
    call<void>("PUT", `/groups/${club}/members/${encodeURIComponent(user)}/labels`, { labels }),
  labelMembers: (club: number, label: string, body: wire.LabelledMembers) =>
    call<void>("POST", `/groups/${club}/labels/${label}/members`, body),
  defineLabel: (club: number, label: string, name: string) =>
    call<void>("PUT", `/groups/${club}/labels/${label}`, { name }),
  removeLabel: (club: number, label: string) => call<void>("DELETE", `/groups/${club}/labels/${label}`),
  defineEmote: (club: number, file: string, name: string) =>
    call<void>("PUT", `/groups/${club}/emotes/${file}`, { name }),
  removeEmote: (club: number, file: string) => call<void>("DELETE", `/groups/${club}/emotes/${file}`),
  remove: (group: number, user: string, erase?: Erase) =>
    call<void>("DELETE", `/groups/${group}/members/${encodeURIComponent(user)}${erasing(erase)}`),
});
