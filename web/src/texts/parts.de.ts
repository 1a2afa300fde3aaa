/** The words of the smaller parts, in German. */

import type { Texts } from "./en";
import { crop, shownPictures } from "./crop.de";
import { late } from "./late.de";
import { files } from "./pictures.de";
import { preview } from "./previews.de";
import { listOf, plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);

export const parts: Texts["parts"] = {
  files,
  crop,
  pictures: shownPictures,
  preview,
  late,
  emoji: {
    own: "Eigene des Clubs",
    label: "Emoji auswählen",
    failed: "Die Emoji lassen sich gerade nicht laden.",
  },
  reactions: {
    label: "Reaktionen",
    add: "Reaktion hinzufügen",
    you: "du",
    by: (emote, names, more) =>
      `${emote} ${listOf(lang, more > 0 ? [...names, plural(lang, more, { one: "1 weitere Person", other: `${n(more)} weitere` })] : names)}`,
  },
  menu: {
    tools: "Zu dieser Nachricht",
    react: "Reagieren",
    reactWith: (emote) => `Mit ${emote} reagieren`,
    reply: "Antworten",
    more: "Mehr",
    edit: "Bearbeiten",
    copyText: "Text kopieren",
    copyLink: "Link kopieren",
    pin: "Anheften",
    unpin: "Nicht mehr anheften",
    unread: "Ab hier ungelesen",
    seen: "Gesehen von",
    why: "Warum habe ich das (nicht) bekommen?",
    remove: "Löschen",
  },
  complete: {
    person: "Personen",
    room: "Räume",
    emoji: "Emoji",
  },
  switcher: {
    title: "Wohin?",
    field: "Raum, Person oder Verein",
    places: "Orte",
    nothing: (typed) => `Nichts heißt „${typed}“.`,
    unread: "ungelesen",
    mentions: (count) => plural(lang, count, { one: "1 Erwähnung", other: `${n(count)} Erwähnungen` }),
  },
  shortcuts: {
    title: "Tastatur",
    ctrl: "Strg",
    alt: "Alt",
    shift: "Umschalt",
    enter: "Enter",
    esc: "Esc",
    around: "Von Ort zu Ort",
    go: "Finden oder öffnen",
    room: "Raum darüber, Raum darunter",
    unread: "Ebenso, nur ungelesene",
    readAll: "Alles als gelesen markieren",
    search: "Nachrichten suchen",
    list: "Diese Liste",
    writing: "Schreiben",
    send: "Senden",
    line: "Neue Zeile",
    edit: "Deine letzte Nachricht bearbeiten, wenn das Feld leer ist",
    cancel: "Bearbeiten oder Antworten abbrechen",
    person: "Jemanden rufen",
    place: "Einen Raum nennen",
    emoji: "Emoji, nach zwei Buchstaben",
    take: "Nehmen, was angeboten wird",
  },
};
