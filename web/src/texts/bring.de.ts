/** Leute in einen Verein holen, und wie Mitglieder erreicht werden, auf Deutsch. */

import { listOf, plural } from "./speech";
import type { Texts } from "./en";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);
const people = (count: number) => plural(lang, count, { one: "1 Person", other: `${n(count)} Leute` });

export const bring: Texts["bring"] = {
  title: "Leute holen",
  pasteLead:
    "Füge eine Liste mit Namen ein, am besten mit E-Mail-Adressen. Bevor etwas hinausgeht, siehst du sie an.",
  list: "Namen und Adressen",
  listHint:
    "Eine Person je Zeile, oder Zeilen aus einer Tabelle. Eine Spalte für Stimme oder Mannschaft wird zu Labels.",
  example: "Anna Schmidt <anna@example.org>\nBen Müller\tben@example.org\tBass",
  file: "Datei wählen",
  next: "Liste ansehen",
  empty: "Darin steht niemand. Füge Namen oder Adressen ein.",
  otherList: "Andere Liste",
  found: people,
  repeated: (count: number) =>
    plural(lang, count, {
      one: "1 Zeile stand doppelt da.",
      other: `${n(count)} Zeilen standen doppelt da.`,
    }),
  left: (count: number) =>
    plural(lang, count, {
      one: "1 weitere Zeile passt nicht: Hol sie danach.",
      other: `${n(count)} weitere Zeilen passen nicht: Hol sie danach.`,
    }),
  name: (row: number) => `Name ${n(row)}`,
  email: (row: number) => `E-Mail ${n(row)}`,
  noEmail: "keine E-Mail",
  leaveOut: (name: string) => `${name} weglassen`,
  wrong: {
    name: "Dieser Name geht nicht.",
    email: "Das ist keine E-Mail-Adresse.",
  },
  wrongSome: (count: number) =>
    plural(lang, count, {
      one: "1 Zeile geht so nicht. Verbessere sie, oder lass sie weg.",
      other: `${n(count)} Zeilen gehen so nicht. Verbessere sie, oder lass sie weg.`,
    }),
  withoutEmail: (count: number) =>
    plural(lang, count, {
      one: "1 von ihnen hat keine Adresse: Du bekommst einen Link zum Weitergeben.",
      other: `${n(count)} von ihnen haben keine Adresse: Du bekommst Links zum Weitergeben.`,
    }),
  labelsForAll: "Labels für alle",
  makeLabels: (names: string) => `Die Labels ${names} anlegen`,
  makeLabelsHint: "Die Liste nennt sie, und der Verein hat sie noch nicht.",
  asMembers: "Sofort Mitglieder",
  asMembersHint:
    "Sie stehen in der Mitgliederliste, bevor sie ein Gerät haben. Wer ihren Link öffnet, meldet sich als sie an.",
  noMail: "Von hier geht keine Post hinaus.",
  noMailHow:
    "Die Briefe liegen bei dem, der diesen Ort betreibt. Gib die Links selbst weiter: Unten hat jeder einen, sobald er eingeladen ist. Oder teile den Code des Vereins.",
  code: "Code zeigen",
  submit: (count: number) =>
    plural(lang, count, { one: "1 Person einladen", other: `${n(count)} Leute einladen` }),
  submitMembers: (count: number) =>
    plural(lang, count, { one: "1 Mitglied aufnehmen", other: `${n(count)} Mitglieder aufnehmen` }),
  busy: (done: number, all: number) => `${n(done)} von ${n(all)} …`,
  done: (count: number) =>
    plural(lang, count, { one: "1 Person ist eingeladen.", other: `${n(count)} Leute sind eingeladen.` }),
  doneMembers: (count: number) =>
    plural(lang, count, {
      one: "1 Mitglied ist aufgenommen.",
      other: `${n(count)} Mitglieder sind aufgenommen.`,
    }),
  sent: (count: number) =>
    plural(lang, count, { one: "1 Brief ist unterwegs.", other: `${n(count)} Briefe sind unterwegs.` }),
  known: (count: number) =>
    plural(lang, count, {
      one: "1 war schon eingeladen oder da und bekommt keine zweite Einladung.",
      other: `${n(count)} waren schon eingeladen oder da und bekommen keine zweite Einladung.`,
    }),
  more: "Weitere Leute holen",
  whoCame: (came: number, all: number) => `${n(came)} von ${n(all)} sind gekommen`,
  waiting: "Wer noch nicht kam",
  everybody: "Alle",
  show: "Zeigen",
  nobodyWaiting: "Alle sind gekommen.",
  nobodyInvited: "Noch ist niemand eingeladen.",
  states: {
    invited: "noch kein Brief",
    sent: "Brief verschickt",
    kept: "der Brief liegt beim Betreiber",
    failed: "der Brief kam nicht an",
    came: "ist da",
    withdrawn: "zurückgenommen",
  },
  member: "ohne Gerät",
  again: (count: number) => `${people(count)} nochmals anschreiben`,
  againSent: (count: number, held: number) => {
    const sent = plural(lang, count, {
      one: "1 Brief ist unterwegs.",
      other: `${n(count)} Briefe sind unterwegs.`,
    });
    const more = plural(lang, held, { one: "1 weiterer kann", other: `${n(held)} weitere können` });
    return held === 0 ? sent : `${sent} ${more} morgen hinaus.`;
  },
  link: (name: string) => `Link für ${name}`,
  linkTitle: (name: string) => `Ein Link für ${name}`,
  linkLead: (name: string) =>
    `Wer ihn öffnet, kommt als ${name} herein, einmal. Er gilt 60 Tage. Gib ihn nur ${name}.`,
  share: "Teilen",
  shareText: (club: string) => `Du bist eingeladen: ${club}`,
  withdraw: (name: string) => `Einladung von ${name} zurücknehmen`,
  withdrawTitle: (name: string) => `Die Einladung von ${name} zurücknehmen?`,
  withdrawLead: "Ihre Links öffnen nichts mehr, und die Adresse wird vergessen.",
  withdrawConfirm: "Zurücknehmen",
  memberList: "Mitgliederliste als Datei",
  memberListName: (club: string) => `${club} – Mitglieder.csv`,
  columns: {
    name: "Name",
    role: "Rolle",
    labels: "Labels",
    joined: "Dabei seit",
    email: "E-Mail",
    phone: "Telefon",
    note: "Hinweis",
  },
  addedMany: (names: string[], more: number, by: string) =>
    `${by} hat ${listOf(lang, more > 0 ? [...names, plural(lang, more, { one: "1 weitere", other: `${n(more)} weitere` })] : names)} hinzugefügt`,
  came: (name: string) => `${name} hat sich zum ersten Mal angemeldet`,
};

export const welcome: Texts["welcome"] = {
  title: "Du bist eingeladen",
  by: (name: string) => `${name} lädt dich ein zu`,
  name: "Dein Name",
  nameHint: "So sehen dich die anderen.",
  submit: "Hereinkommen",
  busy: "Die Tür geht auf …",
  asMe: (name: string) => `Du kommst als ${name} herein.`,
  gone: "Dieser Link öffnet nichts mehr.",
  goneHow:
    "Vielleicht wurde er schon benutzt oder zurückgenommen, oder er ist älter als 60 Tage. Bitte um einen neuen.",
  otherDevice:
    "Du bist schon drin, auf einem anderen Gerät? Melde dich dort an und mach einen Link für dieses.",
  managedLead: (club: string) => `Dein Platz in ${club} ist freigehalten. Ab jetzt gehört er dir.`,
};

export const reach: Texts["reach"] = {
  title: "So erreicht man mich",
  lead: (club: string) =>
    `Nur für ${club}. Es steht in keiner Nachricht und keiner anderen Liste, und verschwindet, wenn du gehst.`,
  email: "E-Mail",
  phone: "Telefon",
  note: "Was hilft",
  noteHint: "Zum Beispiel: nur abends.",
  who: "Wer es sieht",
  nobody: "Niemand",
  nobodyHint: "Nichts wird aufgehoben.",
  admins: "Wer den Verein leitet",
  members: "Alle Mitglieder",
  save: "Speichern",
  ofPerson: "So erreicht man sie",
  seenByAdmins: "Das sieht nur, wer den Verein leitet.",
  rename: "Namen ändern",
  renameSave: "Namen speichern",
};
