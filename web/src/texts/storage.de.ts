/** Was Bilder und Dokumente brauchen, auf Deutsch. */

import { plural } from "./speech";
import type { storage as english } from "./storage.en";

const lang = "de";

export const storage: typeof english = {
  title: "Speicher",
  used: (used, limit) => `${used} von ${limit} sind belegt.`,
  images: (count, size) => `${plural(lang, count, { one: "1 Bild", other: `${count} Bilder` })}, ${size}`,
  documents: (count, size) =>
    `${plural(lang, count, { one: "1 Dokument", other: `${count} Dokumente` })}, ${size}`,
  free: (size) => `${size} sind frei`,
  nothing:
    "Hier wurde noch kein Bild und kein Dokument verschickt. Sobald es welche gibt, steht hier, was sie brauchen.",
  largest: "Die größten",
  largestLead: "Wer die Nachricht löscht, löscht ihre Dateien, für alle.",
  by: (name, day) => `${name}, ${day}`,
  document: "Dokument",
  purposes: {
    message: "Bild",
    avatar: "Bild einer Person",
    picture: "Bild des Vereins",
    cover: "Bild einer Veranstaltung",
    emote: "Emoji des Vereins",
    preview: "Bild eines Links",
  },
  unseen: "An einem Ort, an dem du nicht bist, oder noch nicht verschickt",
  see: "Zeigen",
  seeOf: (what, name) => `Zeigen: Nachricht mit ${what} von ${name}`,
  delete: "Löschen",
  deleteOf: (what, name) => `Löschen: Nachricht mit ${what} von ${name}`,
  failed: "Die Liste war nicht zu bekommen.",
  own: "Was du mitbringst",
  ownLead:
    "Bilder und Dokumente in einem Verein zählen zu seinem Platz. In Gesprächen zählen sie zu deinem eigenen.",
  day: "In den letzten 24 Stunden",
  kept: "In Gesprächen und von dir selbst",
};
