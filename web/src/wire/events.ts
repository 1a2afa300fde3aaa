/** The calls of events, by name. */

import type { Call } from "./http";
import type * as wire from "./types";

export const eventCalls = (call: Call) => ({
  make: (event: string, body: wire.NewEvent) => call<wire.EventMade>("PUT", `/events/${event}`, body),
  change: (event: string, body: wire.NewPlan) => call<void>("PUT", `/events/${event}/plan`, body),
  cancel: (event: string) => call<void>("DELETE", `/events/${event}`),
  cancelOne: (event: string, key: string) =>
    call<void>("DELETE", `/events/${event}/occurrences/${encodeURIComponent(key)}`),
  answer: (event: string, body: wire.PutAnswer) =>
    call<wire.Answered>("PUT", `/events/${event}/answer`, body),
  remind: (event: string, key: string) =>
    call<wire.Reminded>("POST", `/events/${event}/remind`, { key } satisfies wire.RemindOfEvent),
  reminders: (event: string) => call<wire.Reminders>("GET", `/events/${event}/reminders`),
  wishReminders: (event: string, body: wire.PutReminders) =>
    call<void>("PUT", `/events/${event}/reminders`, body),
  keepDraft: (event: string, body: wire.PutEventDraft) =>
    call<wire.EventDraftEntry>("PUT", `/events/${event}/draft`, body),
  draft: (event: string) => call<wire.EventDraft>("GET", `/events/${event}/draft`),
  discardDraft: (event: string) => call<void>("DELETE", `/events/${event}/draft`),
  drafts: (group: number) => call<wire.EventDrafts>("GET", `/groups/${group}/event-drafts`),
  answers: (event: string, key: string) =>
    call<wire.Answers>("GET", `/events/${event}/answers?key=${encodeURIComponent(key)}`),
});
