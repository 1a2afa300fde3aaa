/** Dieser Ort, für den, der ihn betreibt, auf Deutsch. */

import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

export const place = {
  nobody: "Niemand weiß, wer diesen Ort betreibt.",
  nobodyHint: "Bedingungen und Datenschutz nennen keinen Namen.",
  nobodyAction: "So geht es",
  nobodyHow:
    "Sag dem Server als Einstellungen deinen Namen, deine Adresse und wie man dir schreibt, und starte ihn neu. Bedingungen, Datenschutz und die erste Seite nennen sie dann.",
  nobodyPage: "Was man dort jetzt liest",
  title: "Dieser Ort",
  lead: "Du betreibst ihn. Du siehst, welche Vereine es gibt und wie groß sie sind, nie, was darin gesagt wird.",
  link: "Dieser Ort",
  linkHint: "Vereine, Speicher, wie lange Nachrichten bleiben",
  disk: "Speicher",
  database: "Die Datenbank",
  messages: "davon Nachrichten und ihr Protokoll",
  search: "davon die Suche",
  free: "Frei auf der Platte",
  keeping: "Wie lange Nachrichten bleiben",
  keepFor: (days: number | null) =>
    days === null ? "Für immer" : plural(lang, days, { one: "1 Tag", other: `${n(days)} Tage` }),
  keepHint:
    "Was älter ist, wird innerhalb von Minuten für alle gelöscht. Angeheftetes und Notizen an sich selbst bleiben.",
  keepTitle: (days: number) => `Löschen, was älter ist als ${n(days)} Tage?`,
  keepLead: "In allen Vereinen, Räumen und Gesprächen hier. Es lässt sich nicht zurückholen.",
  keepConfirm: "Löschen, jetzt und künftig",
  clubs: (count: number) => plural(lang, count, { one: "1 Verein", other: `${n(count)} Vereine` }),
  people: (count: number) => plural(lang, count, { one: "1 Person", other: `${n(count)} Personen` }),
  find: "Verein suchen",
  nothing: "So heißt kein Verein.",
  size: (members: number, messages: number, bytes: string) =>
    `${plural(lang, members, { one: "1 Mitglied", other: `${n(members)} Mitglieder` })}, ${plural(lang, messages, { one: "1 Nachricht", other: `${n(messages)} Nachrichten` })}, etwa ${bytes}`,
  last: (day: string) => `zuletzt geschrieben: ${day}`,
  quiet: "noch hat niemand geschrieben",
  suspended: "gesperrt",
  deleted: "gelöscht",
  suspend: "Sperren",
  reopen: "Wieder öffnen",
  suspendTitle: (name: string) => `${name} sperren?`,
  suspendLead:
    "Die Mitglieder können lesen, und mehr nicht: Niemand schreibt, tritt bei oder öffnet Räume. Sie erfahren, dass du das warst. Du kannst ihn wieder öffnen.",
  more: "Mehr zeigen",
};
