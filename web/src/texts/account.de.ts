/** Das eigene Konto: Profil, Anmelden, Geräte, Daten, Gehen. */

import type { account as english } from "./account.en";
import { listOf } from "./speech";

export { issuer } from "./issuer.de";

const lang = "de";

export const account: typeof english = {
  profile: "Name, Sprache, Zeitzone",
  waysIn: "Anmelden",
  waysInHint: "E-Mail, Passwort, Passkeys",
  devices: "Geräte",
  devicesHint: "Wo du angemeldet bist",
  data: "Deine Daten",
  dataHint: "Eine Kopie mitnehmen, und sehen, wie viel Platz du brauchst",
  deletion: "Konto löschen",
  you: "Du",
  app: "Dieses Gerät",

  name: "Dein Name",
  nameHint: "Alle in deinen Vereinen sehen ihn sofort.",
  language: "Sprache",
  asBrowser: "Wie der Browser",
  languages: { en: "English", de: "Deutsch" },
  zone: "Zeitzone",
  presence: "Wer sieht, dass du da bist",
  invisible: "Unsichtbar sein",
  invisibleHint:
    "Niemand sieht, ob du da bist oder gerade schreibst. Lesen und schreiben kannst du wie immer.",
  zoneAsBrowser: (zone: string) => `Wie dieses Gerät (${zone})`,
  save: "Speichern",
  saved: "Gespeichert.",

  quiet: "Ruhezeiten",
  quietHint: "Wann nichts klingeln soll",
  quietLead: "In diesen Stunden klingelt auf keinem deiner Geräte etwas. Nachrichten kommen trotzdem an.",
  quietNone: "Du hast keine Ruhezeiten.",
  quietNight: (from: string, to: string) => `Jede Nacht, ${from} bis ${to}`,
  quietDays: "Tage",
  quietOther: "Andere Zeiten",
  quietMore: "Weitere Zeiten",
  quietRemove: "Diese Zeiten entfernen",
  quietFrom: "Von",
  quietTo: "Bis",
  quietNextDay: "Endet am nächsten Tag.",
  quietZone: (zone: string) => `Nach der Uhr von ${zone}.`,
  quietZoneChange: "Zeitzone ändern",
  quietSpan: (days: string, from: string, to: string) => `${days}, ${from} bis ${to}`,
  quietEveryDay: "Jeden Tag",
  quietNoDay: "Wähle mindestens einen Tag.",
  quietNoTime: "Sag, von wann bis wann.",

  verified: "Bestätigt.",
  unverified: "Noch nicht bestätigt: Öffne den Link in dem Brief, der dorthin ging.",
  askAgain: "Brief noch einmal schicken",
  asked: "Er ist unterwegs.",
  noMail: "Dieser Ort verschickt noch keine Post: Wer ihn betreibt, findet sie in einem Ordner.",
  noMailReset:
    "Dieser Ort verschickt noch keine Post. Bitte die Leitung deines Vereins um einen Link zum Anmelden.",
  verifyTitle: "Deine Adresse",
  verifyLead: "Drücke den Knopf, und deine Adresse ist bestätigt.",
  verifySubmit: "Adresse bestätigen",
  verifyDone: (email: string) => `${email} ist bestätigt.`,
  verifyUsed:
    "Dieser Link funktioniert nicht mehr. In den Einstellungen kannst du dir einen neuen schicken lassen.",
  linkMissing: "Der Link ist nicht vollständig. Öffne ihn noch einmal aus dem Brief.",
  goOn: "Weiter",

  forgot: "Passwort vergessen?",
  forgotTitle: "Ein neues Passwort",
  forgotLead: "Wir schicken einen Link an deine Adresse. Damit wählst du ein neues Passwort.",
  forgotSubmit: "Link schicken",
  forgotDone: (email: string) =>
    `Wenn ${email} zu einem Konto gehört, ist ein Brief dorthin unterwegs. Der Link darin gilt 30 Minuten.`,
  resetTitle: "Wähle ein neues Passwort",
  resetLead: "Damit werden alle deine Geräte abgemeldet, und dieses wird angemeldet.",
  resetSubmit: "Speichern und anmelden",
  resetUsed: "Dieser Link funktioniert nicht mehr. Lass dir einen neuen schicken.",

  passkey: "Meldet sich mit einem Passkey an",
  passkeys: "Passkeys",
  passkeysLead: "Melde dich mit Fingerabdruck, Gesicht oder dem Code deines Geräts an, ohne Passwort.",
  passkeyAdd: "Passkey hinzufügen",
  passkeyAdded: "Dieses Gerät hat jetzt einen Passkey.",
  passkeySignIn: "Mit einem Passkey anmelden",
  passkeyFailed: "Das hat nicht geklappt. Versuch es noch einmal, oder melde dich anders an.",
  passkeyKnown: "Dieses Gerät hat schon einen Passkey.",
  passkeyMade: (day: string) => `Seit ${day}`,
  passkeyRemove: (name: string) => `${name} entfernen`,
  passkeyRemoveShort: "Entfernen",
  passkeyRemoveTitle: (name: string) => `${name} entfernen?`,
  passkeyRemoveLead: "Niemand kann sich mehr damit anmelden.",

  here: "dieses Gerät",
  unknownDevice: "Ein Gerät",
  usedAt: (day: string, time: string) => `Zuletzt benutzt: ${day}, ${time}`,
  endOne: (name: string) => `${name} abmelden`,
  endShort: "Abmelden",
  endOthers: "Überall sonst abmelden",
  endOthersTitle: "Überall sonst abmelden?",
  endOthersLead:
    "Alle deine anderen Geräte werden binnen zwei Sekunden abgemeldet. Offene Links zum Anmelden gelten nicht mehr.",
  endAll: "Überall abmelden",
  endAllTitle: "Überall abmelden?",
  endAllLead:
    "Alle deine Geräte werden abgemeldet, auch dieses. Offene Links zum Anmelden gelten nicht mehr.",
  endAllLost:
    "Du kannst dich auf keine andere Weise anmelden: Du verlierst deinen Platz in deinen Vereinen für immer.",

  exportLead:
    "Eine Datei mit allem, was du geschrieben hast und was über dich bekannt ist: Konto, Geräte, Vereine, Nachrichten und Reaktionen. Deine Bilder und Dokumente stehen darin mit Adressen, unter denen du sie einige Stunden lang herunterladen kannst. Was andere geschrieben haben, steht nicht darin.",
  exportMake: "Kopie speichern",
  exportBusy: "Wird gesammelt …",
  exportFile: "clubroom.zip",

  deleteTitle: "Konto löschen?",
  deleteLead:
    "Du verlässt alle Vereine, Räume und Gespräche und wirst überall abgemeldet. Adresse, Passwort und Passkeys werden gelöscht, dein Name wird ersetzt. Es führt kein Weg zurück.",
  deleteStays: "Was du geschrieben hast, bleibt, ohne deinen Namen.",
  deleteMessages: "Auch alles löschen, was ich geschrieben habe",
  deleteMessagesHint: "In jedem Raum, für alle.",
  deletePassword: "Dein Passwort",
  deleteName: (name: string) => `Schreib deinen Namen: ${name}`,
  deletePasskey: "Du bestätigst es mit deinem Passkey.",
  deleteSubmit: "Mein Konto löschen",
  deleteClubs: (clubs: string[]) =>
    `${listOf(lang, clubs)}: Dort leitest nur noch du. Übergib die Leitung oder lösche den Verein, dann komm hierher zurück.`,

  gone: "Jemand, der gegangen ist",
  handed: (name: string) => `${name} hat einen Link gemacht, mit dem man sich als du anmeldet.`,
  handedHint: (club: string) =>
    `Wer ${club} leitet, kann das, solange du weder E-Mail-Adresse noch Passkey hast. War das nicht abgesprochen? Melde dich überall sonst ab.`,
  handedAction: "Zu deinen Geräten",
  handTitle: (name: string) => `Ein Link zum Anmelden für ${name}`,
  handLead: (name: string) =>
    `Für ${name}, wenn das Gerät verloren ist. Er gilt einmal, 24 Stunden lang. Wer ihn öffnet, ist ${name}: Zeig ihn sonst niemandem. ${name} erfährt davon, und es steht im Protokoll des Vereins.`,
  handMake: "Link machen",
  handQr: (name: string) => `QR-Code, der ${name} anmeldet`,
  handMenu: "Link zum Anmelden",
};
