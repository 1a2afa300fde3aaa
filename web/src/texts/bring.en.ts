/** Bringing people into a club, and how its members are reached, in English. */

import { listOf, plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);
const people = (count: number) => plural(lang, count, { one: "1 person", other: `${n(count)} people` });

export const bring = {
  title: "Bring people",
  pasteLead: "Paste a list of names, best with e-mail addresses. You look at it before anything is sent.",
  list: "Names and addresses",
  listHint:
    "One person a line, or rows copied from a spreadsheet. A column for a voice or a team becomes labels.",
  example: "Ann Smith <ann@example.org>\nBen Miller\tben@example.org\tBass",
  file: "Choose a file",
  next: "Look at the list",
  empty: "Nobody was found in it. Paste names or addresses.",
  otherList: "Another list",
  found: people,
  repeated: (count: number) =>
    plural(lang, count, {
      one: "1 line said the same again.",
      other: `${n(count)} lines said the same again.`,
    }),
  left: (count: number) =>
    plural(lang, count, {
      one: "1 more line does not fit: bring it afterwards.",
      other: `${n(count)} more lines do not fit: bring them afterwards.`,
    }),
  name: (row: number) => `Name ${n(row)}`,
  email: (row: number) => `E-mail ${n(row)}`,
  noEmail: "no e-mail",
  leaveOut: (name: string) => `Leave out ${name}`,
  wrong: {
    name: "This name cannot be used.",
    email: "This is not an e-mail address.",
  },
  wrongSome: (count: number) =>
    plural(lang, count, {
      one: "1 row cannot be used as it is. Mend it or leave it out.",
      other: `${n(count)} rows cannot be used as they are. Mend them or leave them out.`,
    }),
  withoutEmail: (count: number) =>
    plural(lang, count, {
      one: "1 of them has no address: you get a link to hand over.",
      other: `${n(count)} of them have no address: you get links to hand over.`,
    }),
  labelsForAll: "Labels for all of them",
  makeLabels: (names: string) => `Make the labels ${names}`,
  makeLabelsHint: "The list names them, and the club does not have them yet.",
  asMembers: "Members at once",
  asMembersHint:
    "They stand in the list of members before they have a device. Whoever opens their link signs in as them.",
  noMail: "This place sends no mail by itself.",
  noMailHow:
    "The letters wait with whoever hosts it. Hand the links over yourself: each has one below, once they are invited. Or share the club’s code.",
  code: "Show the code",
  submit: (count: number) =>
    plural(lang, count, { one: "Invite 1 person", other: `Invite ${n(count)} people` }),
  submitMembers: (count: number) =>
    plural(lang, count, { one: "Add 1 member", other: `Add ${n(count)} members` }),
  busy: (done: number, all: number) => `${n(done)} of ${n(all)}…`,
  done: (count: number) =>
    plural(lang, count, { one: "1 person is invited.", other: `${n(count)} people are invited.` }),
  doneMembers: (count: number) =>
    plural(lang, count, { one: "1 member was added.", other: `${n(count)} members were added.` }),
  sent: (count: number) =>
    plural(lang, count, { one: "1 letter is on its way.", other: `${n(count)} letters are on their way.` }),
  known: (count: number) =>
    plural(lang, count, {
      one: "1 was invited or here before, and got no second invitation.",
      other: `${n(count)} were invited or here before, and got no second invitation.`,
    }),
  more: "Bring more people",
  whoCame: (came: number, all: number) => `${n(came)} of ${n(all)} have come`,
  waiting: "Who has not come",
  everybody: "Everybody",
  show: "Show",
  nobodyWaiting: "Everybody has come.",
  nobodyInvited: "Nobody was invited yet.",
  states: {
    invited: "no letter yet",
    sent: "letter sent",
    kept: "the letter lies with the host",
    failed: "the letter did not arrive",
    came: "has come",
    withdrawn: "withdrawn",
  },
  member: "without a device",
  again: (count: number) => `Send again to ${people(count)}`,
  againSent: (count: number, held: number) => {
    const sent = plural(lang, count, {
      one: "1 letter is on its way.",
      other: `${n(count)} letters are on their way.`,
    });
    return held === 0 ? sent : `${sent} ${n(held)} more can go tomorrow.`;
  },
  link: (name: string) => `Link for ${name}`,
  linkTitle: (name: string) => `A link for ${name}`,
  linkLead: (name: string) =>
    `Whoever opens it comes in as ${name}, once. It is good for 60 days. Give it to ${name} alone.`,
  share: "Share",
  shareText: (club: string) => `You are invited to ${club}`,
  withdraw: (name: string) => `Withdraw the invitation of ${name}`,
  withdrawTitle: (name: string) => `Withdraw the invitation of ${name}?`,
  withdrawLead: "Their links open nothing any more, and the address is forgotten.",
  withdrawConfirm: "Withdraw",
  memberList: "Member list as a file",
  memberListName: (club: string) => `${club} – members.csv`,
  columns: {
    name: "Name",
    role: "Role",
    labels: "Labels",
    joined: "Joined",
    email: "E-mail",
    phone: "Telephone",
    note: "Note",
  },
  addedMany: (names: string[], more: number, by: string) =>
    `${by} added ${listOf(lang, more > 0 ? [...names, plural(lang, more, { one: "1 other", other: `${n(more)} others` })] : names)}`,
  came: (name: string) => `${name} signed in for the first time`,
};

export const welcome = {
  title: "You are invited",
  by: (name: string) => `${name} invites you to`,
  name: "Your name",
  nameHint: "This is how others see you.",
  submit: "Come in",
  busy: "Opening the door…",
  asMe: (name: string) => `You come in as ${name}.`,
  gone: "This link opens nothing any more.",
  goneHow:
    "It may have been used or withdrawn, or it is older than 60 days. Ask whoever invited you for another one.",
  otherDevice: "You are in already, on another device? Sign in there and make a link for this one.",
  managedLead: (club: string) => `Your place in ${club} is kept. From now on it is yours.`,
};

export const reach = {
  title: "How to reach me",
  lead: (club: string) =>
    `For ${club} alone. It is in no message and no list but this one, and goes when you leave.`,
  email: "E-mail",
  phone: "Telephone",
  note: "What helps",
  noteHint: "Evenings only, for example.",
  who: "Who sees it",
  nobody: "Nobody",
  nobodyHint: "Nothing is kept.",
  admins: "Owners and admins",
  members: "All members",
  save: "Save",
  ofPerson: "How to reach them",
  seenByAdmins: "Only owners and admins see this.",
  rename: "Change the name",
  renameSave: "Save the name",
};
