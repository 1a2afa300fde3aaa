/** The words for what happened to me, in English. */

import { listOf, plural } from "./speech";

const lang = "en";
const others = (more: number) =>
  plural(lang, more, { one: "1 other", other: `${more.toLocaleString(lang)} others` });
const who = (names: string[], more: number) => listOf(lang, more > 0 ? [...names, others(more)] : names);

export const activity = {
  title: "Activity",
  empty: "All quiet so far.",
  emptyHint: "When somebody calls you by name, answers you or reacts to what you wrote, it stands here.",
  offline: "No connection: this is how it was last.",
  further: "Show earlier",
  isNew: "new",
  mention: "mentioned you",
  everybody: "called everybody",
  event: "asks whether you come",
  reply: "answered you",
  reaction: (names: string[], more: number) => `${who(names, more)} reacted to you`,
  addedToClub: "added you to the club",
  addedToRoom: "added you to this room",
  addedToTalk: "opened a conversation with you",
  more: (count: number) =>
    plural(lang, count, { one: "and 1 more", other: `and ${count.toLocaleString(lang)} more` }),
  inRoom: (room: string) => `in ${room}`,
};
