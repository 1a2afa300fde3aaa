/** Mails mit Neuigkeiten, und was sich nicht zustellen ließ, auf Deutsch. */

import type { letters as english } from "./letters.en";
import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

const kinds: Record<string, string> = {
  verify: "Ist das deine Adresse?",
  reset: "Ein neues Passwort",
  invitation: "Einladung",
  missed: "Was jemand verpasst hat",
  announcement: "Ankündigung",
  event_asked: "Frage, ob jemand kommt",
  event_offer: "Freier Platz",
  event_changed: "Geänderter Termin",
  event_cancelled: "Abgesagter Termin",
  push: "Mitteilungen",
};
const reasons: Record<string, string> = {
  address: "das Postfach gibt es nicht, oder es nimmt nichts an",
  refused: "die Gegenseite hat abgelehnt",
  unreachable: "die Gegenseite war nicht zu erreichen",
  certificate: "das Zertifikat des Mailservers war nicht gut",
  unsupported: "der Mailserver bietet keine Verschlüsselung an",
  folder: "der Ordner für Mails ließ sich nicht beschreiben",
  unreadable: "von einer anderen Version gemacht, oder mit einem anderen Geheimnis",
  busy: "der Push-Dienst nahm einen Tag lang nichts an",
  too_large: "sie war zu groß",
  not_public: "die Adresse liegt in einem eigenen Netz",
  late: "sie käme zu spät",
  unserved: "kein Schlüssel für solche Apps",
};

export const letters: typeof english = {
  title: "Mails",
  hint: "Was du verpasst hast, Ankündigungen",
  lead: "Per E-Mail, solange dir kein Gerät Bescheid geben kann.",
  to: (email: string) => `Sie gehen an ${email}.`,
  noAddress: "Du hast noch keine bestätigte Adresse, darum kommen keine.",
  refused: (email: string) =>
    `Mails an ${email} kamen zurück, darum gehen keine mehr dorthin. Wähle neu, um es wieder zu versuchen.`,
  missed: "Was ich verpasst habe",
  missedHint: "Höchstens einmal am Tag, morgens.",
  announcements: "Ankündigungen",
  announcementsHint:
    "Aus Räumen, in denen nur die Leitung schreibt, und von Terminen, was dich angeht. Sofort, höchstens zehn am Tag.",

  endTitle: "Keine solchen Mails mehr?",
  endLead:
    "Drücke den Knopf, und es kommen keine Mails dieser Art mehr. In den Einstellungen unter Mails kannst du sie wieder haben.",
  endSubmit: "Keine mehr davon",
  endDone: "Gut. Solche Mails kommen nicht mehr.",
  endWrong: "Dieser Link öffnet nichts. Öffne ihn noch einmal aus der Mail.",

  askTitle: "Kommst du?",
  answers: { going: "Dabei", maybe: "Vielleicht", no: "Kann nicht" },
  askSaid: (answer: string) => `Bisher hast du gesagt: ${answer}.`,
  askDone: (answer: string, waits: boolean) =>
    waits
      ? "Alle Plätze sind vergeben. Du stehst auf der Warteliste."
      : `Gut: ${answer}. Bis zum Ende der Frist kannst du es dir anders überlegen.`,
  askClosed: "Darauf kann niemand mehr antworten.",
  askWrong: "Dieser Link öffnet nichts, oder du gehörst dort nicht mehr dazu. Es wurde nichts geantwortet.",

  undelivered: "Was sich nicht zustellen ließ",
  undeliveredHint:
    "Mails und Mitteilungen, die sich in den letzten sieben Tagen nicht zustellen ließen. Niemand sieht hier, wem sie galten.",
  kind: (name: string) => kinds[name] ?? "Was sich an einem Konto geändert hat",
  why: (word: string, count: number, since: string) =>
    `${plural(lang, count, { one: "einmal", other: `${n(count)}-mal` })}, zuerst: ${since}; ${reasons[word] ?? word}`,
};
