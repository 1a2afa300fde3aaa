/** The words about pictures and files in messages, in German. */

import { plural } from "./speech";

const lang = "de";

export const files = {
  pick: "Bilder oder Dateien hinzufügen",
  drop: "Loslassen zum Hinzufügen",
  dropHint: "Bilder und Dateien gehen mit deiner Nachricht mit.",
  tray: "Geht mit",
  remove: (name: string) => `${name} entfernen`,
  again: (name: string) => `Noch einmal versuchen mit ${name}`,
  tryAgain: "Noch einmal",
  describe: "Beschreiben",
  described: "Beschrieben",
  describeFor: (name: string) => `Was ist auf ${name} zu sehen?`,
  describeHint: (max: number) =>
    `Wird Menschen vorgelesen, die das Bild nicht sehen. Höchstens ${max} Zeichen.`,
  tooMuchSaid:
    "Die Beschreibungen sind zusammen zu lang für eine Nachricht. Kürze einige, oder sende zwei Nachrichten.",
  done: "Fertig",
  uploadOf: (name: string) => `Hochladen von ${name}`,
  refusedOf: (name: string, why: string) => `${name}: ${why}`,
  stage: {
    preparing: "Wird vorbereitet",
    waiting: "Wartet, bis es dran ist",
    uploading: "Wird hochgeladen",
    cut: "Keine Verbindung. Es geht von selbst weiter.",
    looking: "Wird geprüft",
    ready: "Fertig",
    failed: "Kann nicht gesendet werden",
  },
  uploading: "Die Dateien sind noch unterwegs",
  some: (count: number) => plural(lang, count, { one: "1 Datei", other: `${count} Dateien` }),
  picture: "Bild",
  pictureOf: (n: number, all: number) => `Bild ${n} von ${all}`,
  open: (what: string) => `Öffnen: ${what}`,
  download: "Herunterladen",
  downloadOf: (name: string, size: string) => `${name} herunterladen, ${size}`,
  previous: "Voriges Bild",
  next: "Nächstes Bild",
  zoomIn: "Größer",
  zoomOut: "An den Bildschirm anpassen",
  notShown: "Dieses Bild lässt sich gerade nicht zeigen.",
  why: {
    file_type: "Diese Art von Datei kann man nicht senden.",
    file_too_large: "Zu groß. Bilder dürfen 20 MB haben, Dokumente 25 MB.",
    too_many: "Eine Nachricht fasst höchstens zehn Dateien.",
    empty: "Diese Datei ist leer.",
    not_uploaded: "Sie ist nicht angekommen.",
    uploads_open: "Zu viele Dateien auf einmal.",
    day_full: "Das ist mehr, als eine Person an einem Tag hochladen darf.",
    space_full: "Hier ist kein Platz mehr für Dateien.",
    wrong_type: "Sie ist nicht das, was ihr Name sagt.",
    broken: "Diese Datei lässt sich nicht lesen.",
    too_many_pixels: "Dieses Bild hat zu viele Bildpunkte.",
    too_many_frames: "Dieses Bild bewegt sich zu lange.",
    gone: "So lange wurde sie nicht aufgehoben.",
    lost: "Sie ist nicht mehr auf diesem Gerät.",
    forbidden: "Du darfst hier keine Dateien senden.",
    other: "Sie konnte nicht gesendet werden.",
  } as Record<string, string>,
};
