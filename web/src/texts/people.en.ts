/** The people of a club, what they do in it and what they are called together, in English. */

import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);
const people = (count: number) => plural(lang, count, { one: "1 person", other: `${n(count)} people` });

export const labels = {
  title: "Labels",
  lead: "What people may be called together: a voice, a team, the board. Everybody in the club sees who carries them.",
  none: "There are no labels yet.",
  noneLead: "Make one for each voice, team or board. People are found by it, and @ calls all who carry it.",
  name: "Name of the label",
  make: "Make the label",
  rename: (name: string) => `Rename ${name}`,
  save: "Save",
  delete: (name: string) => `Delete ${name}`,
  deleteTitle: (name: string) => `Delete the label ${name}?`,
  deleteLead: (count: number) =>
    count === 0
      ? "Nobody carries it."
      : plural(lang, count, {
          one: "1 person carries it. They stay in the club, and carry it no more.",
          other: `${n(count)} people carry it. They stay in the club, and carry it no more.`,
        }),
  deleteCalls: "It calls nobody any more, and where it was called one reads “a former label”.",
  carriedBy: (count: number) => (count === 0 ? "nobody yet" : people(count)),
  gone: "a former label",
  missing: "The label needs a name.",
  pick: "Labels",
  more: (count: number) => `and ${n(count)} more`,
  everybodyWith: "Everybody with the label",
  choose: "Choose a label",
  addAll: (name: string, count: number) => `${name}, ${people(count)}`,
};

export const person = {
  count: (shown: number, all: number) => (shown === all ? people(all) : `${n(shown)} of ${people(all)}`),
  everybody: "Everybody",
  roles: "What they do",
  admins: "Owners and admins",
  members: "Members",
  noDevice: "Without a device",
  noDeviceLead: "Nobody has signed in as them yet. Whoever runs the club acts for them.",
  anyLabel: "Any label",
  noLabel: "Without a label",
  nobody: "Nobody like that is here.",
  manageLabels: "Labels of the club",
  several: "Choose several",
  severalDone: "Done",
  chosen: (count: number) => plural(lang, count, { one: "1 chosen", other: `${n(count)} chosen` }),
  chooseAll: (count: number) => `Choose all ${n(count)}`,
  label: "Labels of those chosen",
  carrying: (count: number, all: number) => `${n(count)} of ${n(all)} carry it`,
  give: (name: string) => `Give ${name}`,
  giveShort: "Give",
  take: (name: string) => `Take ${name} off`,
  takeShort: "Take off",
  gone: "somebody who left",
  message: "Message",
  role: "In the club",
  ownerLead: "Decides everything, also who else does.",
  adminLead: "Invites, labels, runs the rooms, removes members.",
  memberLead: "Reads and writes.",
  makeTitle: { owner: "Make an owner?", admin: "Make an admin?", member: "Make a member?" },
  makeLead: {
    owner: (name: string) =>
      `${name} can then do all that you can, and could also take it from you. You stay an owner.`,
    admin: (name: string) =>
      `${name} can then invite, give labels, run the rooms and remove members, and sees who asks to join and what is reported.`,
    member: (name: string) =>
      `${name} no longer runs the club, and no longer sees who asks to join and what is reported.`,
  },
  make: { owner: "Make an owner", admin: "Make an admin", member: "Make a member" },
  handOver: (name: string) => `Hand the club over to ${name}`,
  handOverTitle: (name: string) => `Hand the club over to ${name}?`,
  handOverLead: (name: string) =>
    `${name} becomes the owner and you an admin, in one go. Only an owner can change that back.`,
  handOverConfirm: "Hand it over",
  stepDown: "Step down",
  stepDownTitle: "Step down?",
  stepDownLead:
    "You become a member, and no longer see who asks to join and what is reported. Only an owner can change that back.",
  signInFirst: (name: string) =>
    `${name} needs an e-mail address and a password, or a passkey, first: a lost device must not lose the club.`,
};
