/** The calls about who comes in and who does not, and what is told to those who run a club. */

import type { Call } from "./http";
import type * as wire from "./types";

export type Erase = "day" | "week" | "all";

export const erasing = (erase?: Erase) => (erase ? `?erase=${erase}` : "");

const person = (user: string) => encodeURIComponent(user);

export const atTheDoor = (call: Call) => ({
  codes: (club: number) => call<wire.JoinCodes>("GET", `/groups/${club}/codes`),
  makeCode: (club: number, body: wire.NewCode) => call<wire.JoinCode>("POST", `/groups/${club}/codes`, body),
  resetCodes: (club: number, key: string) =>
    call<wire.JoinCode>("POST", `/groups/${club}/codes/reset`, { key }),
  changeCode: (club: number, code: number, body: wire.PatchCode) =>
    call<wire.JoinCode>("PATCH", `/groups/${club}/codes/${code}`, body),
  revokeCode: (club: number, code: number) => call<void>("DELETE", `/groups/${club}/codes/${code}`),
  requests: (club: number) => call<wire.JoinRequests>("GET", `/groups/${club}/requests`),
  answerRequest: (club: number, user: string, accept: boolean) =>
    call<void>("POST", `/groups/${club}/requests/${person(user)}`, { accept }),
  myRequests: () => call<wire.MyRequests>("GET", "/me/requests"),
  withdraw: (request: number) => call<void>("DELETE", `/me/requests/${request}`),
  keptOut: (club: number) => call<wire.ClubBlocks>("GET", `/groups/${club}/blocks`),
  keepOut: (club: number, user: string, erase?: Erase) =>
    call<void>("PUT", `/groups/${club}/blocks/${person(user)}${erasing(erase)}`),
  letBack: (club: number, user: string) => call<void>("DELETE", `/groups/${club}/blocks/${person(user)}`),
  reportMessage: (id: string, body: wire.NewReport) => call<void>("POST", `/messages/${id}/reports`, body),
  reportPerson: (club: number, body: wire.NewPersonReport) =>
    call<void>("POST", `/groups/${club}/reports`, body),
  reports: (club: number) => call<wire.Reports>("GET", `/groups/${club}/reports`),
  closeReport: (club: number, report: number) => call<void>("DELETE", `/groups/${club}/reports/${report}`),
});
