/** Making an event, and all of mine that come up, in English. */

import { plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);
const NTH = { 1: "first", 2: "second", 3: "third", 4: "fourth", "-1": "last" } as Record<number, string>;
const ORDINALS = { one: "st", two: "nd", few: "rd" } as Partial<Record<Intl.LDMLPluralRule, string>>;
const ordinal = (of: number) =>
  `${of}${ORDINALS[new Intl.PluralRules(lang, { type: "ordinal" }).select(of)] ?? "th"}`;
const upTo = (hours: number) =>
  hours % 24 === 0
    ? plural(lang, hours / 24, { one: "1 day", other: `${n(hours / 24)} days` })
    : plural(lang, hours, { one: "1 hour", other: `${n(hours)} hours` });

export const eventForm = {
  make: "New event",
  edit: "Edit the event",
  copy: "Copy the event",
  name: "What is it?",
  where: "Whom is it for?",
  everyone: "Everyone",
  dated: "No date yet",
  datedHint: "It stands at the end of what is coming up. When it has a date, everyone is asked again.",
  day: "Day",
  from: "From",
  to: "Until",
  lastDay: "Ends on",
  otherDay: "Ends on another day",
  otherZone: "In another time zone",
  zone: "Time zone",
  repeat: "Repeats",
  repeats: {
    never: "Never",
    daily: "Every day",
    weekly: "Every week",
    fortnightly: "Every two weeks",
    date: (date: number) => `Every month on the ${ordinal(date)}`,
    weekday: (nth: number, weekday: string) => `Every month on the ${NTH[nth]} ${weekday}`,
    other: "As it is now",
  },
  ends: "Ends",
  endsTimes: "Number of times",
  endsUntil: "Last day",
  times: "How many times",
  until: "The last day",
  place: "Where?",
  more: "Places, deadline, guests and more",
  text: "Description",
  host: "Host",
  noHost: "Nobody in particular",
  placesBy: "Places",
  placesNone: "No limit",
  placesTotal: "In total",
  placesLabel: "By label",
  places: "How many places",
  placesOf: (label: string) => `Places for ${label}`,
  labelHint: "Who carries none of these has no place.",
  noLabels: "The club has no labels yet.",
  guests: "Others one may bring",
  guestsHint: "0 = nobody.",
  closes: "Answers are taken",
  closesBefore: (minutes: number) =>
    minutes === 0
      ? "until it starts"
      : minutes === 7 * 24 * 60
        ? "until a week before"
        : minutes % 60 === 0
          ? `until ${upTo(minutes / 60)} before`
          : `until ${plural(lang, minutes, { one: "1 minute", other: `${n(minutes)} minutes` })} before`,
  asked: "Who is asked",
  askedAll: "Everybody",
  askedLabels: "By label",
  askedHint: "Others see it and are not asked.",
  list: "Who sees who comes",
  listAll: "Everybody",
  listAdmins: "Only admins",
  changes: "What changes?",
  changesAll: "All of it",
  changesFollowing: "From one day on",
  changesThis: "One day",
  changesFrom: "From which day on?",
  changesDay: "Which day?",
  create: "Make the event",
  save: "Save",
  kept: "What you began is still here.",
  anew: "Start anew",
  past: "That is in the past.",
  inZone: (zone: string) => `${zone} time`,
  says: {
    once: (day: string, times: string) => `${day}, ${times}`,
    noDate: "No date yet.",
    daily: (time: string) => `Every day at ${time}`,
    weekly: (weekday: string, time: string) => `Every ${weekday} at ${time}`,
    fortnightly: (weekday: string, time: string) => `Every second ${weekday} at ${time}`,
    date: (date: number, time: string) => `On the ${ordinal(date)} of the month at ${time}`,
    weekday: (nth: number, weekday: string, time: string) =>
      `On the ${NTH[nth]} ${weekday} of the month at ${time}`,
    other: "It repeats as it does now.",
    series: (what: string, times: number, last: string) =>
      `${what}, ${plural(lang, times, { one: "once", other: `${n(times)} times` })}, until ${last}.`,
  },
  faults: {
    name: "The event needs a name.",
    day: "On which day?",
    from: "At what time?",
    ends: "The end is before the start. Does it end on another day?",
    endsDay: "This day is before the start.",
    zone: "This time zone is not known here.",
    times: "How many times? A number from 1 on.",
    until: "Until which day?",
    untilEarly: "This day is before the first.",
    tooMany: (most: number) => `A series takes place at most ${n(most)} times.`,
    places: (most: number) => `How many? A number from 1 to ${n(most)}.`,
    labels: "Say for at least one label how many places there are.",
    guests: (most: number) => `A number from 0 to ${n(most)}.`,
    closed: "Then answers would be closed already. Choose a later deadline.",
    taken: "More places than that are taken already.",
  },
  about: "Event menu",
  menu: {
    edit: { title: "Edit", hint: "Time, place, who is asked" },
    copy: { title: "Copy", hint: "The same once more, on another day" },
    cancel: { title: "Cancel", hint: "It does not take place" },
  },
  cancelTitle: (name: string) => `Cancel ${name}?`,
  cancelLead: "Whoever said yes or maybe, or waits for a place, is told once. It stays to be seen.",
  cancelWhat: "What does not take place?",
  cancelAll: "All of it",
  cancelOne: "One day",
  cancelDay: "Which day?",
  cancelAction: "Cancel it",
  keepIt: "Keep it",
};

export const upcoming = {
  title: "Upcoming",
  lead: "What comes up in all your clubs.",
  look: "How it is shown",
  list: "List",
  month: "Month",
  mine: "My answers",
  all: "All events",
  going: "Going",
  maybe: "Maybe",
  no: "Can’t",
  waiting: "Waiting list",
  silent: "Not answered yet",
  cancelled: "Cancelled",
  noDate: "No date yet",
  empty: "Nothing is planned yet.",
  emptyMakes: "Make the first event: the next rehearsal, the match, the trip.",
  emptyAsks: "As soon as somebody plans something for you, it stands here.",
  none: "There is nothing of this kind.",
  noneHint: "Choose “All events” to see the others.",
  emptyMonth: "Nothing in this month.",
  emptyDay: "Nothing on this day.",
  before: "Month before",
  after: "Next month",
  today: "Today",
  wholeMonth: "Show the whole month",
  grid: (month: string) => `Days of ${month}`,
  onDay: (day: string, events: number) =>
    events > 0 ? `${day}, ${plural(lang, events, { one: "1 event", other: `${n(events)} events` })}` : day,
  more: (count: number) => `${n(count)} more`,
  keys: "Arrow keys move by days, Page Up and Page Down by months. Enter shows what is on.",
  times: (zone: string) => `Times in ${zone} time.`,
};
