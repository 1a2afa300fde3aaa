/** Zahlen über einen Verein, auf Deutsch. */

import { plural } from "./speech";
import type { statistics as en } from "./statistics.en";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

export const statistics: typeof en = {
  title: "Zahlen",
  live: "Eben gezählt.",
  counted: (when) => `Gezählt: ${when}. Alle paar Minuten wird neu gezählt.`,
  notYet: "Noch ist nichts gezählt. Das geschieht alle paar Minuten.",
  answers: "Was geantwortet wurde",
  answersNone: "Noch gibt es keine Veranstaltung. Sobald es eine gibt, stehen hier die Antworten.",
  months: "Wer gekommen ist, Monat für Monat",
  monthsNone: "Noch hat nichts stattgefunden.",
  groups: "Wie viele wo sind",
  groupsHint: "In einem offenen Raum: wer ihn in der Liste hat.",
  going: "Kommen",
  maybe: "Vielleicht",
  no: "Können nicht",
  waiting: "Warteliste",
  came: "Waren da",
  missed: "Nicht da",
  event: "Veranstaltung",
  date: "Datum",
  month: "Monat",
  held: "Veranstaltungen",
  room: "Raum",
  people: "Leute",
  everyone: "Alle",
  noDate: "Noch kein Termin",
  cancelled: "abgesagt",
  answered: (going, maybe, no) => `${n(going)} kommen, ${n(maybe)} vielleicht, ${n(no)} können nicht`,
  queue: (waiting) => `${n(waiting)} auf der Warteliste`,
  checkedIn: (came) => `${n(came)} waren da`,
  monthLine: (held, going, came) =>
    `${plural(lang, held, { one: "1 Veranstaltung", other: `${n(held)} Veranstaltungen` })}, ${n(going)} wollten kommen, ${n(came)} waren da`,
  peopleLine: (people) => plural(lang, people, { one: "1 Person", other: `${n(people)} Leute` }),
  asTable: "Als Tabelle",
  more: "Alle zeigen",
};
