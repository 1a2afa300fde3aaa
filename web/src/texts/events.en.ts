/** The words about events, in English. */

import { listOf, plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);
const placesIn = (count: number) => plural(lang, count, { one: "1 place", other: `${n(count)} places` });
const others = (guests: number) => plural(lang, guests, { one: "1 other", other: `${n(guests)} others` });

export const events = {
  comingUp: "Coming up",
  noDate: "No date yet",
  going: "Going",
  maybe: "Maybe",
  no: "Can’t",
  answers: "Do you come?",
  answerAnd: (answer: string, count: number) => `${answer}, ${n(count)}`,
  open: (name: string) => `About ${name}`,
  from: (start: string, end: string) => `${start} to ${end}`,
  zone: (city: string) => `${city} time`,
  there: (time: string, city: string) => `${time} in ${city}`,
  series: "Repeats",
  next: "Next",
  cancelled: "Cancelled",
  over: "This is over.",
  notKnown: "This event is not open to you.",

  places: (taken: number, places: number) => `${n(taken)} of ${placesIn(places)}`,
  placesTaken: "places taken",
  takenOf: (label: string, taken: number, places: number) => `${label}: ${n(taken)} of ${placesIn(places)}`,
  full: (labels: string[]) => `no place left: ${listOf(lang, labels)}`,
  allFull: "all places taken",
  waiting: (count: number) => `${n(count)} waiting`,
  countGoing: (count: number) => `${n(count)} going`,
  whoGoes: (names: string[], others: number) =>
    `Going: ${listOf(lang, others > 0 ? [...names, plural(lang, others, { one: "1 more", other: `${n(others)} more` })] : names)}`,
  nobodyGoes: "Nobody has said yes.",
  countMaybe: (count: number) => `${n(count)} maybe`,
  countNo: (count: number) => `${n(count)} can’t`,
  countSilent: (count: number) => `${n(count)} no answer`,
  countSilentAll: (count: number) => `${n(count)} not answered`,
  altogether: (parts: string[]) => `Altogether ${listOf(lang, parts)}.`,

  asks: "Are you coming?",
  youGo: "You are going",
  youGoWith: (guests: number) => `You are going, with ${others(guests)}`,
  youMay: "You may come",
  youDoNot: "You are not coming",
  youWait: (ahead: number) =>
    ahead === 0
      ? "You are next on the waiting list"
      : `You are on the waiting list, ${plural(lang, ahead, { one: "1 person", other: `${n(ahead)} people` })} before you`,
  youWaitSomewhere: "You are on the waiting list",
  offered: (until: string) => `A place is free for you until ${until}`,
  takeIt: "Take the place",
  asksAgain: "The time or place has changed. Are you still coming?",
  lapsed: "The place went to the next one",
  byOther: "Somebody answered for you",
  lapsedLead: "Going puts you on the waiting list again.",
  fullLead: "No place is left for you. Going puts you on the waiting list.",
  changeUntil: (when: string) => `Change it until ${when}.`,
  answerUntil: (when: string) => `Answer until ${when}.`,
  closed: "Answers are closed.",
  notAsked: (labels: string[]) => `This is for ${listOf(lang, labels)}.`,
  notSaid: "Your answer did not arrive.",
  once: "Try again",
  note: "Note",
  noteHint: "Those who see who comes read it.",
  guests: "How many others do you bring?",
  noGuests: "Nobody",
  withNote: "Note or guests",
  save: "Save",

  who: "Who is coming",
  whoAdmins: "Only whoever runs the club sees who comes.",
  occurrence: "When",
  isGoing: "is going",
  noLabel: "Others",
  plusGuests: (guests: number) => `+${n(guests)}`,
  waitingList: "Waiting list",
  waitingLead: "The next moves up when a place comes free.",
  since: (when: string) => `since ${when}`,
  hasOffer: (when: string) => `has a place until ${when}`,
  silent: "Not answered",
  remind: (people: number) => plural(lang, people, { one: "Remind", other: `Remind all ${n(people)}` }),
  remindAll: (people: number) =>
    plural(lang, people, { one: "Remind 1 person", other: `Remind ${n(people)} people` }),
  reminded: (people: number) =>
    people === 0
      ? "They have all been reminded today."
      : plural(lang, people, { one: "1 person is reminded.", other: `${n(people)} people are reminded.` }),
  everybody: "All answers",
  answeredFor: (name: string) => `answered by ${name}`,
  askedAgain: "asked again",
  answerFor: (name: string) => `Answer for ${name}`,
  answerForLead: "Everybody sees that it was you.",
  givePlace: "Give a place before the others",
  noneYet: "Nobody has answered yet.",
  chat: "Chat",
  chatOpen: "Open the chat",
  chatEmpty: "Nobody has written here yet.",
  chatUnread: (count: number) => plural(lang, count, { one: "1 new", other: `${n(count)} new` }),
  toEvent: "To the event",
  host: (name: string) => `Host: ${name}`,
  write: (name: string) => `Write about ${name}`,
  beginning: (name: string) => `Here one talks about ${name}.`,
  quietLead: "Ask who brings what, or who drives. Everybody who sees the event reads it.",
};
