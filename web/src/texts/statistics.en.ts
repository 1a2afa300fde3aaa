/** Numbers about a club, in English. */

import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

export const statistics = {
  title: "Numbers",
  live: "Counted just now.",
  counted: (when: string) => `Counted ${when}. They are counted anew every few minutes.`,
  notYet: "Nothing is counted yet. It is done every few minutes.",
  answers: "What was answered",
  answersNone: "There is no event yet. When there is one, its answers stand here.",
  months: "Who came, month by month",
  monthsNone: "Nothing has taken place yet.",
  groups: "How many are where",
  groupsHint: "In a public room: those who have it in their list.",
  going: "Going",
  maybe: "Maybe",
  no: "Can’t",
  waiting: "Waiting list",
  came: "Checked in",
  missed: "No show",
  event: "Event",
  date: "Date",
  month: "Month",
  held: "Events",
  room: "Room",
  people: "People",
  everyone: "Everyone",
  noDate: "No date yet",
  cancelled: "cancelled",
  answered: (going: number, maybe: number, no: number) =>
    `${n(going)} going, ${n(maybe)} maybe, ${n(no)} can’t`,
  queue: (waiting: number) => `${n(waiting)} waiting`,
  checkedIn: (came: number) => `${n(came)} checked in`,
  monthLine: (held: number, going: number, came: number) =>
    `${plural(lang, held, { one: "1 event", other: `${n(held)} events` })}, ${n(going)} going, ${n(came)} checked in`,
  peopleLine: (people: number) => plural(lang, people, { one: "1 person", other: `${n(people)} people` }),
  asTable: "As a table",
  more: "Show all",
};
