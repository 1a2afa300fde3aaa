/** Making an event, and all of mine that come up, in German. */

import type { Texts } from "./en";
import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);
const NTH = { 1: "ersten", 2: "zweiten", 3: "dritten", 4: "vierten", "-1": "letzten" } as Record<
  number,
  string
>;
const upTo = (hours: number) =>
  hours % 24 === 0
    ? plural(lang, hours / 24, { one: "1 Tag", other: `${n(hours / 24)} Tage` })
    : plural(lang, hours, { one: "1 Stunde", other: `${n(hours)} Stunden` });

export const eventForm: Texts["eventForm"] = {
  make: "Neuer Termin",
  edit: "Termin bearbeiten",
  copy: "Termin kopieren",
  name: "Was gibt es?",
  where: "Für wen?",
  everyone: "Alle",
  dated: "Noch kein Datum",
  datedHint: "Er steht am Ende dessen, was ansteht. Mit dem Datum werden alle noch einmal gefragt.",
  day: "Tag",
  from: "Von",
  to: "Bis",
  lastDay: "Endet am",
  otherDay: "Endet an einem anderen Tag",
  otherZone: "In einer anderen Zeitzone",
  zone: "Zeitzone",
  repeat: "Wiederholt sich",
  repeats: {
    never: "Nie",
    daily: "Jeden Tag",
    weekly: "Jede Woche",
    fortnightly: "Alle zwei Wochen",
    date: (date) => `Jeden Monat am ${date}.`,
    weekday: (nth, weekday) => `Jeden Monat am ${NTH[nth]} ${weekday}`,
    other: "So wie jetzt",
  },
  ends: "Endet",
  endsTimes: "Anzahl",
  endsUntil: "Letzter Tag",
  times: "Wie oft",
  until: "Der letzte Tag",
  place: "Wo?",
  more: "Plätze, Frist, Gäste und mehr",
  text: "Beschreibung",
  host: "Gastgeber",
  noHost: "Niemand Bestimmtes",
  placesBy: "Plätze",
  placesNone: "Ohne Grenze",
  placesTotal: "Insgesamt",
  placesLabel: "Nach Label",
  places: "Wie viele Plätze",
  placesOf: (label) => `Plätze für ${label}`,
  labelHint: "Wer keines davon trägt, hat keinen Platz.",
  noLabels: "Der Verein hat noch keine Labels.",
  guests: "Wie viele man mitbringen darf",
  guestsHint: "0 = niemanden.",
  closes: "Antworten gelten",
  closesBefore: (minutes) =>
    minutes === 0
      ? "bis zum Beginn"
      : minutes === 7 * 24 * 60
        ? "bis eine Woche vorher"
        : minutes % 60 === 0
          ? `bis ${upTo(minutes / 60)} vorher`
          : `bis ${plural(lang, minutes, { one: "1 Minute", other: `${n(minutes)} Minuten` })} vorher`,
  asked: "Wer gefragt wird",
  askedAll: "Alle",
  askedLabels: "Nach Label",
  askedHint: "Andere sehen ihn und werden nicht gefragt.",
  list: "Wer sieht, wer kommt",
  listAll: "Alle",
  listAdmins: "Nur Admins",
  changes: "Was ändert sich?",
  changesAll: "Alles",
  changesFollowing: "Ab einem Tag",
  changesThis: "Ein Tag",
  changesFrom: "Ab welchem Tag?",
  changesDay: "Welcher Tag?",
  create: "Termin anlegen",
  save: "Sichern",
  kept: "Was du angefangen hast, ist noch da.",
  anew: "Neu anfangen",
  past: "Das liegt in der Vergangenheit.",
  inZone: (zone) => `Zeit von ${zone}`,
  says: {
    once: (day, times) => `${day}, ${times}`,
    noDate: "Noch kein Datum.",
    daily: (time) => `Jeden Tag um ${time}`,
    weekly: (weekday, time) => `Jeden ${weekday} um ${time}`,
    fortnightly: (weekday, time) => `Jeden zweiten ${weekday} um ${time}`,
    date: (date, time) => `Am ${date}. jedes Monats um ${time}`,
    weekday: (nth, weekday, time) => `Am ${NTH[nth]} ${weekday} jedes Monats um ${time}`,
    other: "Er wiederholt sich wie bisher.",
    series: (what, times, last) => `${what}, ${times === 1 ? "einmal" : `${n(times)}-mal`}, bis ${last}.`,
  },
  faults: {
    name: "Der Termin braucht einen Namen.",
    day: "An welchem Tag?",
    from: "Um wie viel Uhr?",
    ends: "Das Ende liegt vor dem Beginn. Endet er an einem anderen Tag?",
    endsDay: "Dieser Tag liegt vor dem Beginn.",
    zone: "Diese Zeitzone ist hier nicht bekannt.",
    times: "Wie oft? Eine Zahl ab 1.",
    until: "Bis zu welchem Tag?",
    untilEarly: "Dieser Tag liegt vor dem ersten.",
    tooMany: (most) => `Eine Reihe findet höchstens ${n(most)}-mal statt.`,
    places: (most) => `Wie viele? Eine Zahl von 1 bis ${n(most)}.`,
    labels: "Sag für mindestens ein Label, wie viele Plätze es gibt.",
    guests: (most) => `Eine Zahl von 0 bis ${n(most)}.`,
    closed: "Dann wären die Antworten schon geschlossen. Wähle eine spätere Frist.",
    taken: "Es sind schon mehr Plätze vergeben.",
  },
  about: "Menü des Termins",
  menu: {
    edit: { title: "Bearbeiten", hint: "Zeit, Ort, wer gefragt wird" },
    copy: { title: "Kopieren", hint: "Dasselbe noch einmal, an einem anderen Tag" },
    cancel: { title: "Absagen", hint: "Er findet nicht statt" },
  },
  cancelTitle: (name) => `${name} absagen?`,
  cancelLead:
    "Wer zugesagt hat, vielleicht kommt oder auf einen Platz wartet, erfährt es einmal. Zu sehen bleibt er.",
  cancelWhat: "Was findet nicht statt?",
  cancelAll: "Alles",
  cancelOne: "Ein Tag",
  cancelDay: "Welcher Tag?",
  cancelAction: "Absagen",
  keepIt: "Behalten",
};

export const upcoming: Texts["upcoming"] = {
  title: "Was ansteht",
  lead: "Was in allen deinen Vereinen ansteht.",
  look: "Wie es gezeigt wird",
  list: "Liste",
  month: "Monat",
  mine: "Meine Antworten",
  all: "Alle Termine",
  going: "Dabei",
  maybe: "Vielleicht",
  no: "Kann nicht",
  waiting: "Warteliste",
  silent: "Noch nicht beantwortet",
  cancelled: "Abgesagt",
  noDate: "Noch kein Datum",
  empty: "Noch ist nichts geplant.",
  emptyMakes: "Leg den ersten Termin an: die nächste Probe, das Spiel, den Ausflug.",
  emptyAsks: "Sobald jemand etwas für dich plant, steht es hier.",
  none: "Davon gibt es nichts.",
  noneHint: "Mit „Alle Termine“ siehst du die anderen.",
  emptyMonth: "Nichts in diesem Monat.",
  emptyDay: "Nichts an diesem Tag.",
  before: "Monat davor",
  after: "Nächster Monat",
  today: "Heute",
  wholeMonth: "Den ganzen Monat zeigen",
  grid: (month) => `Tage im ${month}`,
  onDay: (day, events) =>
    events > 0 ? `${day}, ${plural(lang, events, { one: "1 Termin", other: `${n(events)} Termine` })}` : day,
  more: (count) => `${n(count)} weitere`,
  keys: "Pfeiltasten gehen um Tage weiter, Bild auf und Bild ab um Monate. Enter zeigt, was ansteht.",
  times: (zone) => `Zeiten in der Zeit von ${zone}.`,
};
