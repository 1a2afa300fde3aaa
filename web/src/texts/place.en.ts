/** This place, for whoever runs it, in English. */

import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

export const place = {
  nobody: "Nobody knows who runs this place.",
  nobodyHint: "Terms and privacy name no one.",
  nobodyAction: "How to set it",
  nobodyHow:
    "Tell the server your name, your address and how one writes to you, as settings, and start it again. Terms, privacy and the first page then say so.",
  nobodyPage: "What people read now",
  title: "This place",
  lead: "You run it. You see which clubs there are and how large they are, never what is said in them.",
  link: "This place",
  linkHint: "Clubs, disk, how long messages are kept",
  disk: "Disk",
  database: "The database",
  messages: "of it messages and their log",
  search: "of it the search",
  free: "Free on the disk",
  keeping: "How long messages are kept",
  keepFor: (days: number | null) =>
    days === null ? "For ever" : plural(lang, days, { one: "1 day", other: `${n(days)} days` }),
  keepHint:
    "What is older is erased for everybody, within minutes. Pinned messages and notes to oneself stay.",
  keepTitle: (days: number) => `Erase what is older than ${n(days)} days?`,
  keepLead: "In every club, room and conversation here. It cannot be brought back.",
  keepConfirm: "Erase it, now and from now on",
  clubs: (count: number) => plural(lang, count, { one: "1 club", other: `${n(count)} clubs` }),
  people: (count: number) => plural(lang, count, { one: "1 person", other: `${n(count)} people` }),
  find: "Find a club",
  nothing: "No club is called so.",
  size: (members: number, messages: number, bytes: string) =>
    `${plural(lang, members, { one: "1 member", other: `${n(members)} members` })}, ${plural(lang, messages, { one: "1 message", other: `${n(messages)} messages` })}, about ${bytes}`,
  last: (day: string) => `last written in: ${day}`,
  quiet: "nobody has written yet",
  suspended: "suspended",
  deleted: "deleted",
  suspend: "Suspend",
  reopen: "Open again",
  suspendTitle: (name: string) => `Suspend ${name}?`,
  suspendLead:
    "Its members can read, and nothing more: nobody writes, joins or opens rooms. They are told that you did it. You can open it again.",
  more: "Show more",
};
