/** Who comes in and who does not, in English: codes, requests, reports, whoever is kept out. */

import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

export const codes = {
  title: "Codes",
  lead: "Each opens the club for those you give it to.",
  all: "All codes",
  main: "The club’s code",
  unnamed: "A code",
  make: "New code",
  note: "Whom is it for?",
  noteHint: "Only whoever runs the club sees this.",
  ends: "How long it opens",
  never: "No end",
  day: "A day",
  week: "A week",
  month: "30 days",
  asItIs: "As it is",
  uses: "For how many people?",
  usesHint: "Empty means for as many as come.",
  usesWrong: (most: number) => `A number from 1 to ${n(most)}.`,
  asks: "We let people in ourselves",
  asksHint: "Whoever has this code waits until you or another admin says yes.",
  question: "A question for them",
  questionHint: "May stay empty.",
  role: "Who they will be",
  member: "Members",
  admin: "Admins",
  adminHint: "Only for whoever can sign in with an address or a passkey. All others come in as members.",
  labels: "Labels they get",
  rooms: "Rooms they find in their list",
  roomsPrivate: "opened to them",
  save: "Save",
  change: "Change",
  show: "Show large",
  close: "Close",
  revoke: "Revoke",
  revokeTitle: (name: string) => `Revoke “${name}”?`,
  revokeLead: "It opens nothing any more. Whoever came by it stays.",
  reset: "Reset all codes",
  resetTitle: "Reset all codes?",
  resetLead:
    "Every code of this club stops working at once, printed ones too. You get one new code. Whoever is in stays in.",
  until: (day: string) => `until ${day}`,
  over: "over",
  left: (count: number) => plural(lang, count, { one: "1 use left", other: `${n(count)} uses left` }),
  usedUp: "used up",
  asking: "you let people in",
  forAdmins: "makes admins",
  came: (count: number) => plural(lang, count, { one: "1 came by it", other: `${n(count)} came by it` }),
  cameMore: (count: number) => plural(lang, count, { one: "and 1 other", other: `and ${n(count)} others` }),
  failed: "The codes cannot be shown just now.",
};

export const asking = {
  title: "Asking to join",
  nobody: "Nobody is waiting at the door.",
  nobodyLead: "A code that says “We let people in ourselves” brings them here.",
  by: (note: string) => `came with “${note}”`,
  accept: (name: string) => `Let in ${name}`,
  decline: (name: string) => `Decline ${name}`,
  acceptShort: "Let in",
  declineShort: "Decline",
  more: (count: number) => plural(lang, count, { one: "1 more waits.", other: `${n(count)} more wait.` }),
  failed: "This cannot be shown just now.",
  answer: "Your answer",
  answerHint: "Whoever runs the club reads it, nobody else.",
  answerMissing: "Write a word or two.",
  lead: "Somebody who runs the club lets you in.",
  submit: (club: string) => `Ask to join ${club}`,
  busy: "Knocking…",
};

export const waitingFor = {
  title: "You have knocked",
  lead: "As soon as somebody says yes, the door opens here by itself. You may close this page meanwhile.",
  none: "You are not waiting for any club.",
  since: (time: string) => `Asked: ${time}`,
  withdraw: (club: string) => `Take it back: ${club}`,
  withdrawShort: "Take it back",
  declined: (club: string) => `${club} did not let you in.`,
  declinedLead: "If you think that is a mistake, ask whoever gave you the code.",
  link: (club: string) => `You are waiting for ${club}`,
};

export const removing = {
  title: (name: string) => `Remove ${name}?`,
  lead: (name: string, club: string) => `${name} can no longer read or write in ${club}.`,
  keepOut: "Keep them out",
  keepOutHint: "No code of the club opens for them any more.",
  erase: "Delete what they wrote",
  none: "Nothing",
  day: "24 hours",
  week: "7 days",
  all: "All",
  eraseLead: "Deleted for everybody, in the rooms that you run. It takes a moment where it is much.",
  remove: (name: string) => `Remove ${name}`,
  removeAndBlock: (name: string) => `Remove and block ${name}`,
  block: (name: string) => `Block ${name}`,
};

export const keptOut = {
  title: "Kept out",
  nobody: "The club keeps nobody out.",
  by: (name: string, day: string) => `by ${name}, ${day}`,
  back: (name: string) => `Let ${name} come back`,
  backShort: "Unblock",
  failed: "This cannot be shown just now.",
};

export const reports = {
  title: "Reports",
  nobody: "Nothing is reported.",
  nobodyLead: "What members report to you stands here. Nobody else sees it.",
  report: "Report",
  reportTitle: "Report this message",
  reportPerson: (name: string) => `Report ${name}`,
  lead: (club: string) =>
    `Whoever runs ${club} gets a copy of it, with your name and what you write here. Whoever it is about is not told.`,
  leadPerson: (club: string) =>
    `Whoever runs ${club} gets what you write here, with your name. Whoever it is about is not told.`,
  which: "Which club should know?",
  reason: "What is wrong?",
  reasonMissing: "Write a word or two.",
  send: "Send the report",
  sent: "Thank you. It was sent.",
  noClub: "You share no club with them, so there is nobody to tell. You can block them.",
  by: (name: string) => `${name} reports:`,
  person: "the person, not one message",
  picture: "Picture",
  deleted: "The message was deleted. This copy goes when you close the report.",
  see: "See the message",
  deleteMessage: "Delete the message",
  remove: "Remove",
  close: "Close",
  gone: "no member any more",
  more: (count: number) =>
    plural(lang, count, { one: "1 more is open.", other: `${n(count)} more are open.` }),
  failed: "The reports cannot be shown just now.",
};
