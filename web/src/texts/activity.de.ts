/** Die Worte für das, was mir geschah. */

import { listOf, plural } from "./speech";
import type { activity as english } from "./activity.en";

const lang = "de";
const others = (more: number) =>
  plural(lang, more, { one: "1 weitere Person", other: `${more.toLocaleString(lang)} weitere` });
const who = (names: string[], more: number) => listOf(lang, more > 0 ? [...names, others(more)] : names);

export const activity: { [K in keyof typeof english]: (typeof english)[K] } = {
  title: "Aktivität",
  empty: "Bisher ist alles ruhig.",
  emptyHint:
    "Wenn dich jemand beim Namen ruft, dir antwortet oder auf deine Nachricht reagiert, steht es hier.",
  offline: "Keine Verbindung: So war es zuletzt.",
  further: "Früheres zeigen",
  isNew: "neu",
  mention: "hat dich erwähnt",
  everybody: "hat alle gerufen",
  event: "fragt, ob du kommst",
  reply: "hat dir geantwortet",
  reaction: (names: string[], more: number) =>
    `${who(names, more)} ${names.length + more > 1 ? "haben" : "hat"} auf deine Nachricht reagiert`,
  addedToClub: "hat dich in den Verein geholt",
  addedToRoom: "hat dich in diesen Raum geholt",
  addedToTalk: "hat ein Gespräch mit dir begonnen",
  more: (count: number) => `und ${count.toLocaleString(lang)} weitere`,
  inRoom: (room: string) => `in ${room}`,
};
