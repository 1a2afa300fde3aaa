/** Am Eingang einer Veranstaltung, auf Deutsch. */

import type { checkIn as en } from "./checkIn.en";
import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

export const checkIn: typeof en = {
  title: "Am Eingang",
  hint: "Wer gekommen ist, und die Liste zum Aufheben",
  which: "Welcher Termin",
  noDate: "Noch kein Termin",
  here: (here, expected) => `${n(here)} von ${n(expected)} da`,
  more: (count) =>
    plural(lang, count, { one: "und 1 Person ohne Platz", other: `und ${n(count)} ohne Platz` }),
  unsent: (count) =>
    plural(lang, count, { one: "1 noch nicht gesendet", other: `${n(count)} noch nicht gesendet` }),
  offline: "Keine Verbindung. Hak einfach weiter ab: Es bleibt hier und geht von selbst hinaus.",
  find: "Jemanden finden",
  expected: "Kommen",
  others: "Alle anderen",
  checkedIn: "Ist da",
  notSent: "noch nicht gesendet",
  noShow: (name) => `Nicht da: ${name}`,
  noShowShort: "Nicht da",
  guests: (count) => `+${n(count)}`,
  answers: { maybe: "Vielleicht", no: "Kann nicht", waiting: "Warteliste", offered: "Platz angeboten" },
  nobody: (query) => `Niemand hier heißt „${query}“.`,
  none: "Noch hat niemand einen Platz. Wer trotzdem kommt, steht weiter unten.",
  never: "Diese Liste war auf diesem Gerät noch nie offen. Dafür braucht es einmal eine Verbindung.",
  showMore: (count) => plural(lang, count, { one: "1 weitere zeigen", other: `${n(count)} weitere zeigen` }),
  download: "Liste herunterladen",
  downloadHint: "Antworten und wer da war, für eine Tabelle. Darin stehen Namen: Behaltet sie für euch.",
};
