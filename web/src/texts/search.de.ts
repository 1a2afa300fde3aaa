/** Die Worte fürs Suchen, auf Deutsch. */

import type { search as english } from "./search.en";

export const search: { [K in keyof typeof english]: (typeof english)[K] } = {
  title: "Suchen",
  open: "Nachrichten suchen",
  field: "Nachrichten suchen",
  filters: { from: "von", in: "in", before: "vor", after: "nach", has: "mit" },
  kinds: { image: ["Bild", "Foto"], file: ["Datei", "Dokument"], link: ["Link"] },
  askFor: "Wörter finden Nachrichten in all deinen Räumen. Zum Eingrenzen:",
  hints: {
    from: "von jemandem",
    in: "in einem Raum oder Verein",
    before: "vor einem Tag",
    after: "nach einem Tag",
  },
  hintsOfKinds: { image: "mit einem Bild", file: "mit einem Dokument", link: "mit einem Link" },
  noKind: (text) => `„${text}“ liegt bei keiner Nachricht. Frag nach mit:Bild, mit:Datei oder mit:Link.`,
  picture: "Bild",
  named: (name) => `Dokument ${name}`,
  names: "Namen",
  nobody: (name) => `Hier heißt niemand „${name}“.`,
  nowhere: (name) => `Es gibt keinen Raum und keinen Verein namens „${name}“.`,
  noDay: (text) => `„${text}“ ist kein Tag. Schreib ihn wie 5.11.2026.`,
  nothing: "Nichts gefunden.",
  nothingHint: "Versuch es mit weniger Wörtern, oder nur mit dem Anfang eines Wortes.",
  looking: "Wird gesucht …",
  found: (count, more) =>
    more ? `Die neuesten ${count} Nachrichten` : count === 1 ? "1 Nachricht" : `${count} Nachrichten`,
  further: "Weiter zurück suchen",
  offline: "Zum Suchen braucht es eine Verbindung. Was schon hier ist, lässt sich durchblättern.",
  day: (room) => `Zu einem Tag in ${room}`,
  go: "Los",
  emptyRoom: "Hier wurde noch nichts geschrieben.",
};
