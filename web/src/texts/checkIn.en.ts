/** At the door of an event, in English. */

import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

export const checkIn = {
  title: "Check in",
  hint: "At the door: who came, and the list to keep",
  which: "Which date",
  noDate: "No date yet",
  here: (here: number, expected: number) => `${n(here)} of ${n(expected)} here`,
  more: (count: number) =>
    plural(lang, count, { one: "and 1 who had no place", other: `and ${n(count)} who had no place` }),
  unsent: (count: number) =>
    plural(lang, count, { one: "1 not sent yet", other: `${n(count)} not sent yet` }),
  offline: "No connection. Go on ticking: it is kept here, and goes out by itself.",
  find: "Find somebody",
  expected: "Going",
  others: "Everybody else",
  checkedIn: "Checked in",
  notSent: "not sent yet",
  noShow: (name: string) => `No show: ${name}`,
  noShowShort: "No show",
  guests: (count: number) => `+${n(count)}`,
  answers: { maybe: "Maybe", no: "Can’t", waiting: "Waiting list", offered: "Offered a place" },
  nobody: (query: string) => `Nobody here is called “${query}”.`,
  none: "Nobody has a place yet. Whoever comes anyway stands below.",
  never: "This list has never been open on this device. It needs a connection once.",
  showMore: (count: number) => plural(lang, count, { one: "Show 1 more", other: `Show ${n(count)} more` }),
  download: "Download the list",
  downloadHint: "Answers and who came, for a spreadsheet. It holds names: keep it to yourselves.",
};
