/** Letters with news, and what could not be delivered, in English. */

import type { Answer } from "../wire/types";
import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

const kinds: Record<string, string> = {
  verify: "Is this your address?",
  reset: "A new password",
  invitation: "Invitation",
  missed: "What somebody missed",
  announcement: "Announcement",
  event_asked: "Question whether somebody comes",
  event_offer: "Free place",
  event_changed: "Event changed",
  event_cancelled: "Event cancelled",
  push: "Notifications",
};
const reasons: Record<string, string> = {
  address: "the mailbox is not there, or takes none",
  refused: "the other side refused it",
  unreachable: "the other side was not reached",
  certificate: "the mail server’s certificate was not good",
  unsupported: "the mail server offers no encryption",
  folder: "the folder for mail could not be written",
  unreadable: "made by another version, or with another secret",
  busy: "the push service took nothing for a day",
  too_large: "it was too large",
  not_public: "the address lies in a network of its own",
  late: "it came too late",
  unserved: "no key for such apps",
};

export const letters = {
  title: "Letters",
  hint: "What you missed, announcements",
  lead: "By e-mail, as long as no device of yours can tell you.",
  to: (email: string) => `They go to ${email}.`,
  noAddress: "You have no confirmed address yet, so none are sent.",
  refused: (email: string) =>
    `Letters to ${email} came back, so no more are sent. Choose anew to try it again.`,
  missed: "What I missed",
  missedHint: "Once a day at most, in the morning.",
  announcements: "Announcements",
  announcementsHint:
    "From rooms where only admins write, and of events what concerns you. At once, ten a day at most.",

  endTitle: "No more of these letters?",
  endLead:
    "Press the button, and no more letters of this kind come. In Settings, Letters, you can have them again.",
  endSubmit: "No more of them",
  endDone: "Good. No more of these letters come.",
  endWrong: "This link opens nothing. Open it once more from the letter.",

  askTitle: "Are you coming?",
  answers: { going: "Going", maybe: "Maybe", no: "Can't" } as Record<Answer, string>,
  askSaid: (answer: string) => `So far you said: ${answer}.`,
  askDone: (answer: string, waits: boolean) =>
    waits
      ? "All places are taken. You stand on the waiting list."
      : `Good: ${answer}. Until the deadline you can change your mind.`,
  askClosed: "This can be answered no more.",
  askWrong: "This link opens nothing, or you are no longer a member there. Nothing was answered.",

  undelivered: "What could not be delivered",
  undeliveredHint:
    "Letters and notifications that were given up in the last seven days. Nobody sees here whose they were.",
  kind: (name: string) => kinds[name] ?? "What changed in an account",
  why: (word: string, count: number, since: string) =>
    `${plural(lang, count, { one: "once", other: `${n(count)} times` })}, first: ${since}; ${reasons[word] ?? word}`,
};
