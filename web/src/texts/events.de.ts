/** The words about events, in German. */

import { listOf, plural } from "./speech";
import type { events as english } from "./events.en";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);
const placesIn = (count: number) => plural(lang, count, { one: "1 Platz", other: `${n(count)} Plätzen` });
const others = (guests: number) =>
  plural(lang, guests, { one: "einer weiteren Person", other: `${n(guests)} weiteren` });

export const events: typeof english = {
  comingUp: "Demnächst",
  noDate: "Noch kein Datum",
  going: "Dabei",
  maybe: "Vielleicht",
  no: "Kann nicht",
  answers: "Kommst du?",
  answerAnd: (answer, count) => `${answer}, ${n(count)}`,
  open: (name) => `Über ${name}`,
  from: (start, end) => `${start} bis ${end}`,
  zone: (city) => `Zeit in ${city}`,
  there: (time, city) => `${time} in ${city}`,
  series: "Wiederholt sich",
  next: "Nächstes Mal",
  cancelled: "Abgesagt",
  over: "Das ist vorbei.",
  notKnown: "Dieser Termin ist nicht für dich.",

  places: (taken, places) => `${n(taken)} von ${placesIn(places)}`,
  placesTaken: "Plätze belegt",
  takenOf: (label, taken, places) => `${label}: ${n(taken)} von ${placesIn(places)}`,
  full: (labels) => `kein Platz frei: ${listOf(lang, labels)}`,
  allFull: "alle Plätze belegt",
  waiting: (count) => plural(lang, count, { one: "1 wartet", other: `${n(count)} warten` }),
  countGoing: (count) => `${n(count)} dabei`,
  whoGoes: (names, others) =>
    `Dabei: ${listOf(lang, others > 0 ? [...names, plural(lang, others, { one: "1 weitere Person", other: `${n(others)} weitere` })] : names)}`,
  nobodyGoes: "Niemand hat zugesagt.",
  countMaybe: (count) => `${n(count)} vielleicht`,
  countNo: (count) => plural(lang, count, { one: "1 kann nicht", other: `${n(count)} können nicht` }),
  countSilent: (count) => `${n(count)} ohne Antwort`,
  countSilentAll: (count) => `${n(count)} ohne Antwort`,
  altogether: (parts) => `Insgesamt ${listOf(lang, parts)}.`,

  asks: "Kommst du?",
  youGo: "Du bist dabei",
  youGoWith: (guests) => `Du bist dabei, mit ${others(guests)}`,
  youMay: "Du kommst vielleicht",
  youDoNot: "Du kommst nicht",
  youWait: (ahead) =>
    ahead === 0
      ? "Du bist als Nächstes auf der Warteliste dran"
      : `Du stehst auf der Warteliste, ${plural(lang, ahead, { one: "1 Person", other: `${n(ahead)} Personen` })} vor dir`,
  youWaitSomewhere: "Du stehst auf der Warteliste",
  offered: (until) => `Ein Platz ist für dich frei bis ${until}`,
  takeIt: "Platz nehmen",
  asksAgain: "Zeit oder Ort haben sich geändert. Kommst du trotzdem?",
  lapsed: "Der Platz ging an die nächste Person",
  byOther: "Jemand hat für dich geantwortet",
  lapsedLead: "Mit „Dabei“ kommst du wieder auf die Warteliste.",
  fullLead: "Für dich ist kein Platz frei. Mit „Dabei“ kommst du auf die Warteliste.",
  changeUntil: (when) => `Ändern kannst du es bis ${when}.`,
  answerUntil: (when) => `Antworte bis ${when}.`,
  closed: "Antworten sind geschlossen.",
  notAsked: (labels) => `Das ist für ${listOf(lang, labels)}.`,
  notSaid: "Deine Antwort kam nicht an.",
  once: "Noch einmal",
  note: "Notiz",
  noteHint: "Wer sieht, wer kommt, liest sie.",
  guests: "Wie viele bringst du mit?",
  noGuests: "Niemanden",
  withNote: "Notiz oder Begleitung",
  save: "Speichern",

  who: "Wer kommt",
  whoAdmins: "Nur wer den Verein leitet, sieht, wer kommt.",
  occurrence: "Wann",
  isGoing: "ist dabei",
  noLabel: "Andere",
  plusGuests: (guests) => `+${n(guests)}`,
  waitingList: "Warteliste",
  waitingLead: "Wird ein Platz frei, rückt die nächste Person nach.",
  since: (when) => `seit ${when}`,
  hasOffer: (when) => `hat einen Platz bis ${when}`,
  silent: "Ohne Antwort",
  remind: (people) => plural(lang, people, { one: "Erinnern", other: `Alle ${n(people)} erinnern` }),
  remindAll: (people) =>
    plural(lang, people, { one: "1 Person erinnern", other: `${n(people)} Personen erinnern` }),
  reminded: (people) =>
    people === 0
      ? "Sie wurden heute schon alle erinnert."
      : plural(lang, people, {
          one: "1 Person wird erinnert.",
          other: `${n(people)} Personen werden erinnert.`,
        }),
  everybody: "Alle Antworten",
  answeredFor: (name) => `beantwortet von ${name}`,
  askedAgain: "noch einmal gefragt",
  answerFor: (name) => `Für ${name} antworten`,
  answerForLead: "Alle sehen, dass du es warst.",
  givePlace: "Einen Platz vor den anderen geben",
  noneYet: "Noch hat niemand geantwortet.",
  chat: "Chat",
  chatOpen: "Zum Chat",
  chatEmpty: "Hier hat noch niemand geschrieben.",
  chatUnread: (count) => `${n(count)} neu`,
  toEvent: "Zum Termin",
  host: (name) => `Leitung: ${name}`,
  write: (name) => `Etwas zu ${name} schreiben`,
  beginning: (name) => `Hier geht es um ${name}.`,
  quietLead: "Frag, wer was mitbringt oder wer fährt. Alle, die den Termin sehen, lesen es.",
};
