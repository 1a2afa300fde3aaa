/** Wer hereinkommt und wer nicht, auf Deutsch: Codes, Anfragen, Meldungen, wer draußen bleibt. */

import type * as en from "./door.en";
import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

export const codes: typeof en.codes = {
  title: "Codes",
  lead: "Jeder öffnet den Verein für die, denen ihr ihn gebt.",
  all: "Alle Codes",
  main: "Der Code des Vereins",
  unnamed: "Ein Code",
  make: "Neuer Code",
  note: "Für wen ist er?",
  noteHint: "Das sieht nur, wer den Verein leitet.",
  ends: "Wie lange er öffnet",
  never: "Ohne Ende",
  day: "Einen Tag",
  week: "Eine Woche",
  month: "30 Tage",
  asItIs: "Wie bisher",
  uses: "Für wie viele Leute?",
  usesHint: "Leer heißt: für alle, die kommen.",
  usesWrong: (most) => `Eine Zahl von 1 bis ${n(most)}.`,
  asks: "Wir lassen selbst herein",
  asksHint: "Wer diesen Code hat, wartet, bis du oder ein anderer Admin Ja sagt.",
  question: "Eine Frage an sie",
  questionHint: "Darf leer bleiben.",
  role: "Was sie sein werden",
  member: "Mitglieder",
  admin: "Admins",
  adminHint:
    "Nur wer sich mit Adresse oder Passkey anmelden kann. Alle anderen kommen als Mitglieder herein.",
  labels: "Labels, die sie bekommen",
  rooms: "Räume, die in ihrer Liste stehen",
  roomsPrivate: "wird ihnen geöffnet",
  save: "Speichern",
  change: "Ändern",
  show: "Groß zeigen",
  close: "Schließen",
  revoke: "Ungültig machen",
  revokeTitle: (name) => `„${name}“ ungültig machen?`,
  revokeLead: "Er öffnet nichts mehr. Wer damit gekommen ist, bleibt.",
  reset: "Alle Codes zurücksetzen",
  resetTitle: "Alle Codes zurücksetzen?",
  resetLead:
    "Alle Codes dieses Vereins gelten sofort nicht mehr, auch gedruckte. Ihr bekommt einen neuen. Wer drin ist, bleibt drin.",
  until: (day) => `bis ${day}`,
  over: "abgelaufen",
  left: (count) => plural(lang, count, { one: "noch für 1 Person", other: `noch für ${n(count)} Leute` }),
  usedUp: "aufgebraucht",
  asking: "ihr lasst selbst herein",
  forAdmins: "macht zu Admins",
  came: (count) => plural(lang, count, { one: "1 Person kam damit", other: `${n(count)} Leute kamen damit` }),
  cameMore: (count) => plural(lang, count, { one: "und 1 weitere", other: `und ${n(count)} weitere` }),
  failed: "Die Codes lassen sich gerade nicht zeigen.",
};

export const asking: typeof en.asking = {
  title: "Wer herein möchte",
  nobody: "Niemand wartet vor der Tür.",
  nobodyLead: "Ein Code mit „Wir lassen selbst herein“ bringt sie hierher.",
  by: (note) => `kam mit „${note}“`,
  accept: (name) => `${name} hereinlassen`,
  decline: (name) => `${name} ablehnen`,
  acceptShort: "Hereinlassen",
  declineShort: "Ablehnen",
  more: (count) =>
    plural(lang, count, { one: "1 weitere Person wartet.", other: `${n(count)} weitere warten.` }),
  failed: "Das lässt sich gerade nicht zeigen.",
  answer: "Deine Antwort",
  answerHint: "Das liest, wer den Verein leitet, sonst niemand.",
  answerMissing: "Schreib ein, zwei Worte.",
  lead: "Jemand aus der Leitung des Vereins lässt dich herein.",
  submit: (club) => `Bei ${club} anklopfen`,
  busy: "Es klopft …",
};

export const waitingFor: typeof en.waitingFor = {
  title: "Du hast angeklopft",
  lead: "Sobald jemand Ja sagt, geht die Tür hier von selbst auf. Du darfst die Seite so lange schließen.",
  none: "Du wartest auf keinen Verein.",
  since: (time) => `Angeklopft: ${time}`,
  withdraw: (club) => `Zurücknehmen: ${club}`,
  withdrawShort: "Zurücknehmen",
  declined: (club) => `${club} hat dich nicht hereingelassen.`,
  declinedLead: "Wenn du meinst, das ist ein Irrtum, frag die Person, die dir den Code gegeben hat.",
  link: (club) => `Du wartest auf ${club}`,
};

export const removing: typeof en.removing = {
  title: (name) => `${name} entfernen?`,
  lead: (name, club) => `${name} kann in ${club} nicht mehr lesen und schreiben.`,
  keepOut: "Draußen halten",
  keepOutHint: "Kein Code des Vereins öffnet sich mehr für diese Person.",
  erase: "Was sie geschrieben hat, löschen",
  none: "Nichts",
  day: "24 Std.",
  week: "7 Tage",
  all: "Alles",
  eraseLead: "Wird für alle gelöscht, in den Räumen, die du leitest. Ist es viel, dauert es einen Moment.",
  remove: (name) => `${name} entfernen`,
  removeAndBlock: (name) => `${name} entfernen und sperren`,
  block: (name) => `${name} sperren`,
};

export const keptOut: typeof en.keptOut = {
  title: "Draußen gehalten",
  nobody: "Der Verein hält niemanden draußen.",
  by: (name, day) => `von ${name}, ${day}`,
  back: (name) => `${name} darf wieder herein`,
  backShort: "Entsperren",
  failed: "Das lässt sich gerade nicht zeigen.",
};

export const reports: typeof en.reports = {
  title: "Meldungen",
  nobody: "Nichts ist gemeldet.",
  nobodyLead: "Was Mitglieder euch melden, steht hier. Sonst sieht es niemand.",
  report: "Melden",
  reportTitle: "Diese Nachricht melden",
  reportPerson: (name) => `${name} melden`,
  lead: (club) =>
    `Wer ${club} leitet, bekommt eine Kopie davon, mit deinem Namen und dem, was du hier schreibst. Wen es betrifft, erfährt nichts.`,
  leadPerson: (club) =>
    `Wer ${club} leitet, bekommt, was du hier schreibst, mit deinem Namen. Wen es betrifft, erfährt nichts.`,
  which: "Welcher Verein soll es wissen?",
  reason: "Was ist nicht in Ordnung?",
  reasonMissing: "Schreib ein, zwei Worte.",
  send: "Meldung abschicken",
  sent: "Danke. Es ist abgeschickt.",
  noClub:
    "Ihr habt keinen Verein gemeinsam, also gibt es niemanden, dem man es sagen kann. Du kannst die Person blockieren.",
  by: (name) => `${name} meldet:`,
  person: "die Person, nicht eine Nachricht",
  picture: "Bild",
  deleted: "Die Nachricht wurde gelöscht. Diese Kopie verschwindet, wenn du die Meldung schließt.",
  see: "Nachricht ansehen",
  deleteMessage: "Nachricht löschen",
  remove: "Entfernen",
  close: "Schließen",
  gone: "nicht mehr Mitglied",
  more: (count) =>
    plural(lang, count, { one: "1 weitere ist offen.", other: `${n(count)} weitere sind offen.` }),
  failed: "Die Meldungen lassen sich gerade nicht zeigen.",
};
