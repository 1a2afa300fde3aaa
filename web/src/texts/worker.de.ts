/** Was der Service Worker von sich aus sagt, auf Deutsch. */

import type { WorkerTexts } from "./worker.en";

export const worker: WorkerTexts = {
  strange: "Etwas Neues",
  strangeBody: "Öffne Clubroom, um es zu sehen.",
  reply: "Antworten",
  replyHint: "Deine Antwort",
  read: "Als gelesen markieren",
  again: "Nochmals versuchen",
  notSent: "Nicht gesendet",
  notRead: "Konnte nicht als gelesen markiert werden",
  notReadBody: "Drücke hier, um den Raum zu öffnen.",
  going: "Dabei",
  cannot: "Kann nicht",
  notAnswered: "Deine Antwort kam nicht an",
  notAnsweredBody: "Drücke hier und sieh, warum.",
};
