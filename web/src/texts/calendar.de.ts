/** One's events in the calendar of one's telephone, in German. */

import type { calendar as english } from "./calendar.en";

export const calendar: typeof english = {
  title: "Kalender im Handy",
  hint: "Deine Termine im Kalender, den du benutzt",
  lead: "Dein Kalender liest deine Termine unter einer Adresse und fragt von selbst nach Änderungen, etwa jede Stunde.",
  all: "Alle meine Termine",
  open: (name) => `In den Kalender: ${name}`,
  add: "In den Kalender",
  copy: (name) => `Adresse kopieren: ${name}`,
  how: "Wenn sich nichts öffnet, kopiere die Adresse und abonniere in deinem Kalender einen Kalender mit dieser Adresse.",
  secret: "Wer eine Adresse hat, liest diese Termine und deine Antworten. Gib sie niemandem.",
  anew: "Neue Adressen",
  anewQuestion: "Neue Adressen machen?",
  anewLead:
    "Die bisherigen Adressen öffnen dann nichts mehr. Kalender, die sie lesen, bleiben, wie sie sind, und du fügst die neuen hinzu.",
  anewDone: "Das sind die neuen Adressen.",
};
