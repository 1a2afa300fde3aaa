/** The calls about bringing people, by name. */

import type { Call } from "./http";
import type * as wire from "./types";

/** Before anybody is signed in. */
export const bringingDoor = (call: Call) => ({
  preview: (secret: string) => call<wire.InvitationPreview>("POST", "/invitations/preview", { secret }),
  accept: (body: wire.AcceptInvitation) =>
    call<wire.CameIn>("POST", "/invitations/accept", { ...body, keep: "cookie" }),
});

export const bringingCalls = (call: Call) => ({
  accept: (body: wire.AcceptInvitation) => call<wire.CameIn>("POST", "/invitations/accept", body),
  invite: (club: number, body: wire.NewInvitations) =>
    call<wire.InvitationsMade>("POST", `/groups/${club}/invitations`, body),
  invitations: (club: number, after: number, waiting: boolean) =>
    call<wire.Invitations>("GET", `/groups/${club}/invitations?after=${after}&waiting=${waiting}`),
  send: (club: number, body: wire.SendInvitations) =>
    call<wire.LettersSent>("POST", `/groups/${club}/invitations/send`, body),
  link: (club: number, invitation: number) =>
    call<wire.InvitationLink>("POST", `/groups/${club}/invitations/${invitation}/link`),
  withdraw: (club: number, invitation: number) =>
    call<void>("DELETE", `/groups/${club}/invitations/${invitation}`),
  rename: (club: number, user: string, name: string) =>
    call<void>("PUT", `/groups/${club}/managed/${encodeURIComponent(user)}`, { name }),
  putContact: (club: number, body: wire.PutContact) => call<void>("PUT", `/groups/${club}/contact`, body),
  contacts: (club: number) => call<wire.Contacts>("GET", `/groups/${club}/contacts`),
  defineLabel: (club: number, label: string, name: string) =>
    call<void>("PUT", `/groups/${club}/labels/${label}`, { name }),
});
