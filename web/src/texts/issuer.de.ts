/** Anmelden über einen Dienst, den der Gastgeber genannt hat. */

import type { issuer as english } from "./issuer.en";

export const issuer: typeof english = {
  goOn: (name) => `Weiter mit ${name}`,
  or: "oder",
  onlyLead: (name) => `Hier meldet man sich mit ${name} an.`,
  signsIn: (name) => `Meldet sich mit ${name} an`,
  looking: "Du wirst angemeldet…",
  connecting: "Wird verbunden…",

  title: "Anmelden",
  denied: (name) => `Du hast ${name} nicht erlaubt, uns zu sagen, wer du bist. Es wurde niemand angemeldet.`,
  refused: (name) => `${name} konnte dich nicht anmelden. Versuche es noch einmal.`,
  lost: "Diese Anmeldung wurde nicht in diesem Browser begonnen, oder sie hat zu lange gedauert. Beginne noch einmal.",
  taken: (name) =>
    `Dieses Konto bei ${name} führt hier schon zu jemand anderem. Melde dich damit an, um zu sehen, zu wem.`,
  again: "Noch einmal versuchen",
  otherWays: "Andere Wege, dich anzumelden",
  back: "Zurück",

  nameTitle: "Du bist drin.",
  nameLead: "Wie heißt du? Alle in deinen Vereinen sehen es.",
  nameSubmit: "Weiter",

  connected: (day) => `Verbunden seit ${day}`,
  lead: (name) => `Melde dich hier mit deinem Konto bei ${name} an.`,
  connect: (name) => `Mit ${name} verbinden`,
  disconnect: "Trennen",
  disconnectOne: (name) => `${name} trennen`,
  disconnectTitle: (name) => `${name} trennen?`,
  disconnectLead: "Niemand kommt damit mehr in dein Konto. Deine Geräte bleiben angemeldet.",
  lastWay: "Es ist dein einziger Weg hinein. Füge erst ein Passwort oder einen Passkey hinzu.",
  lastWayOnly: "Es ist dein einziger Weg hinein, und einen anderen gibt es hier nicht.",
};

export const issuerErrors = {
  not_vouched: "Die Anmeldung kam nicht so zurück, wie sie sollte. Beginne noch einmal.",
  issuer_only: "Hier meldet man sich nur über den Anmeldedienst dieses Ortes an.",
};
