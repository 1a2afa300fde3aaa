/** Räume, Gespräche, und was man mit einer Nachricht tut. */

import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

export const rooms = {
  all: "Alle Räume",
  missing: "Was dazwischen geschrieben wurde, kommt mit der Verbindung.",
  make: "Neuer Raum",
  name: "Name des Raums",
  description: "Wofür er da ist",
  descriptionHint: "Kann leer bleiben.",
  who: "Wer hineinkann",
  open: "Alle im Verein",
  openLead: "Alle finden ihn, lesen ihn und schreiben darin.",
  closed: "Nur wer hinzugefügt wird",
  closedLead: "Niemand sonst erfährt, dass es ihn gibt.",
  announce: "Nur für Ankündigungen",
  announceHint: "Wer den Raum leitet, schreibt; alle lesen und reagieren.",
  landing: "In der Liste aller",
  landingHint: "Auch neue Mitglieder finden ihn dort.",
  create: "Raum öffnen",
  allLead: "In diesen dürfen alle im Verein lesen und schreiben.",
  none: "Neben Alle gibt es noch keine Räume.",
  noneLead: "Öffne einen für das, was dort zu viel wäre: das nächste Spiel, die Noten, die Reise.",
  join: "Beitreten",
  joined: "In deiner Liste",
  leave: "Raum verlassen",
  leaveTitle: (name: string) => `${name} verlassen?`,
  leaveLead: "Er verschwindet aus deiner Liste. Unter Alle Räume findest du ihn wieder.",
  leaveClosedLead:
    "Du kannst dort nicht mehr lesen und schreiben. Wer darin ist, kann dich wieder hinzufügen.",
  about: "Über diesen Raum",
  change: "Speichern",
  archive: "Raum archivieren",
  archiveTitle: (name: string) => `${name} archivieren?`,
  archiveLead: "Er bleibt lesbar, und niemand schreibt mehr darin. Du kannst ihn zurückholen.",
  unarchive: "Raum zurückholen",
  archived: "Dieser Raum ist archiviert. Man kann ihn lesen, und niemand schreibt mehr darin.",
  archivedRooms: "Archiviert",
  onlyAnnouncements: "Hier schreibt nur, wer den Raum leitet. Du kannst lesen und reagieren.",
  looking: (name: string) => `Du siehst dir ${name} an.`,
  public: "Offen für alle im Verein",
  private: (members: number) =>
    plural(lang, members, { one: "Bisher nur du", other: `${n(members)} Leute, auf Einladung` }),
  add: "Leute hinzufügen",
  addLead: (name: string) => `Wer soll in ${name} sein?`,
  addSome: (count: number) =>
    plural(lang, count, { one: "1 Person hinzufügen", other: `${n(count)} Leute hinzufügen` }),
  history: "Sie können lesen, was vorher geschrieben wurde",
  find: "Jemanden finden",
  nobodyLeft: "Es sind schon alle darin.",
  write: (name: string) => `In ${name} schreiben`,
  beginning: (name: string) => `Hier beginnt ${name}.`,
  quietLead: "Sag, wofür er da ist, oder fang einfach an.",
  pins: "Angeheftet",
  pinsHint: "Was man wiederfinden soll",
  pinsNone: "Hier ist nichts angeheftet.",
};

export const talks = {
  title: "Gespräche",
  make: "Neues Gespräch",
  lead: "Mit wem? Bis zu zehn Leute, dich mitgezählt.",
  start: "Beginnen",
  tooMany: "Höchstens zehn Leute, dich mitgezählt.",
  write: (names: string) => `An ${names} schreiben`,
  beginning: (names: string) => `Hier beginnt dein Gespräch mit ${names}.`,
  quietLead: "Nur ihr seht, was hier steht.",
  lineTwo: "Nur ihr beide seht das",
  line: (people: number) => `${n(people)} Leute`,
  block: (name: string) => `${name} blockieren`,
  unblock: (name: string) => `${name} nicht mehr blockieren`,
  blockTitle: (name: string) => `${name} blockieren?`,
  blockLead: (name: string) =>
    `Keiner von euch kann dem anderen mehr schreiben. ${name} erfährt es nicht. In den Räumen eurer Vereine seht ihr einander weiterhin.`,
  blocked: (name: string) => `Du hast ${name} blockiert.`,
  closed:
    "Hier kann gerade niemand schreiben: Ihr habt keinen gemeinsamen Verein, der es erlaubt, oder einer von euch hat den anderen blockiert.",
  leave: "Gespräch verlassen",
  leaveLead: "Niemand kann dich wieder hineinholen.",
  message: (name: string) => `${name} schreiben`,
  about: "Über dieses Gespräch",
};

export const message = {
  callAll: (count: number) => `Alle ${n(count)} Leute rufen?`,
  callAllLead: "Bei allen steht eine Zahl an diesem Raum, bis sie es gelesen haben.",
  edited: "(bearbeitet)",
  deleted: "Diese Nachricht wurde gelöscht.",
  pinned: "angeheftet",
  answering: (name: string) => `Antwort an ${name}`,
  editing: "Nachricht ändern",
  cancel: "Abbrechen",
  save: "Speichern",
  quoteGone: "Die Nachricht ist nicht mehr da.",
  deleteTitle: "Diese Nachricht löschen?",
  deleteLead: "Niemand kann sie mehr lesen, auch du nicht.",
  delete: "Löschen",
  copied: "Kopiert.",
  seenTitle: "Gesehen von",
  seenNobody: "Noch niemandem.",
  seenMore: (count: number) =>
    plural(lang, count, { one: "und 1 weiteren", other: `und ${n(count)} weiteren` }),
  failed: "Das hat nicht geklappt:",
  gone: "Diese Nachricht ist nicht mehr da, oder nicht für dich.",
};

export const levels = {
  title: "Mitteilungen",
  room: "Aus diesem Raum",
  talk: "Aus diesem Gespräch",
  club: "Aus diesem Verein",
  clubHint: "In einem Raum kannst du es anders haben.",
  all: "Alle Nachrichten",
  mentions: "Nur, wenn mich jemand ruft",
  nothing: "Nichts",
  nothingHint: "Keine Zahl und keine Mitteilung, auch nicht, wenn dich jemand beim Namen ruft.",
  asRoom: (level: string) => `Wie im Verein (${level})`,
  asClub: (level: string) => `Wie der Verein (${level})`,
};

export const quiet = {
  label: "Stummschalten",
  hint: "Hier fällt nichts Neues auf. Wer dich beim Namen ruft, schon.",
  hintTalk: "Hier fällt nichts Neues auf.",
  off: "Nicht stumm",
  hour: "Für eine Stunde",
  hours: "Für 8 Stunden",
  week: "Für eine Woche",
  ever: "Bis ich es ändere",
  until: (day: string, time: string) => `Bis ${day ? `${day}, ` : ""}${time}`,
  muted: "stumm",
  everyone: "„Alle“ stummschalten",
};
