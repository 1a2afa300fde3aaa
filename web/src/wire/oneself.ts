/** The HTTP calls about one's own account, by name. */

import type { Call } from "./http";
import type * as wire from "./types";

/** For whoever is not signed in. */
export const wayBackCalls = (call: Call) => ({
  verify: (link: string) => call<wire.Verified>("POST", "/email-verifications", { link }),
  askPassword: (email: string) => call<wire.Asked>("POST", "/password-resets", { email }),
  newPassword: (link: string, password: string) =>
    call<wire.Tokens>("POST", "/passwords", { link, password, keep: "cookie" }),
  passkeyOptions: () => call<wire.PasskeyOptions>("POST", "/passkey-options"),
  askedByLetter: (token: string) =>
    call<wire.MailedQuestion>("GET", `/mail/answers/${encodeURIComponent(token)}`),
  answerByLetter: (token: string, answer: wire.Answer) =>
    call<wire.Answered>("POST", `/mail/answers/${encodeURIComponent(token)}`, { answer }),
  /** What mail programs send as a form (RFC 8058), in our own. */
  endLetters: (token: string) =>
    call<void>("POST", `/mail/unsubscribe/${encodeURIComponent(token)}`, { "List-Unsubscribe": "One-Click" }),
});

export const oneselfCalls = (call: Call) => ({
  change: (body: wire.PatchMe) => call<void>("PATCH", "/me", body),
  quiet: (body: wire.PutQuiet) => call<void>("PUT", "/me/quiet", body),
  wantLetters: (body: wire.PutLetters) => call<void>("PUT", "/me/mail", body),
  calendars: () => call<wire.CalendarAddresses>("PUT", "/me/calendar"),
  newCalendars: () => call<wire.CalendarAddresses>("POST", "/me/calendar"),
  askVerification: () => call<wire.Asked>("POST", "/me/email-verification"),
  devices: () => call<wire.SignedInDevices>("GET", "/sessions"),
  endDevice: (id: string) => call<void>("DELETE", `/sessions/${id}`),
  endOthers: () => call<void>("DELETE", "/sessions/others"),
  endAll: () => call<void>("DELETE", "/sessions"),
  passkeys: () => call<wire.Passkeys>("GET", "/me/passkeys"),
  passkeyOptions: () => call<wire.PasskeyOptions>("POST", "/me/passkeys/options"),
  addPasskey: (credential: string) => call<wire.Passkeys>("POST", "/me/passkeys", { credential }),
  removePasskey: (id: string) => call<void>("DELETE", `/me/passkeys/${encodeURIComponent(id)}`),
  leaving: () => call<wire.Leaving>("GET", "/me/deletion"),
  leavingOptions: () => call<wire.PasskeyOptions>("POST", "/me/deletion/passkey-options"),
  deleteAccount: (body: wire.Deletion) => call<void>("POST", "/me/deletion", body),
  handLink: (group: number, user: string) =>
    call<wire.SignInLink>("POST", `/groups/${group}/members/${encodeURIComponent(user)}/sign-in-link`),
});
