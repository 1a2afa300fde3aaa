/** The words of the smaller parts, in English: reactions, menus, what is completed, the switcher. */

import { crop, shownPictures } from "./crop.en";
import { late } from "./late.en";
import { files } from "./pictures.en";
import { preview } from "./previews.en";
import { listOf, plural } from "./speech";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

export const parts = {
  files,
  crop,
  pictures: shownPictures,
  preview,
  late,
  emoji: {
    own: "The club’s own",
    label: "Choose an emoji",
    failed: "The emoji cannot be loaded just now.",
  },
  reactions: {
    label: "Reactions",
    add: "Add a reaction",
    you: "you",
    by: (emote: string, names: string[], more: number) =>
      `${emote} ${listOf(lang, more > 0 ? [...names, plural(lang, more, { one: "1 other", other: `${n(more)} others` })] : names)}`,
  },
  menu: {
    tools: "For this message",
    react: "React",
    reactWith: (emote: string) => `React with ${emote}`,
    reply: "Reply",
    more: "More",
    edit: "Edit",
    copyText: "Copy text",
    copyLink: "Copy link",
    pin: "Pin",
    unpin: "Unpin",
    unread: "Mark unread from here",
    seen: "Seen by",
    why: "Why did I (not) get this?",
    remove: "Delete",
  },
  complete: {
    person: "People",
    room: "Rooms",
    emoji: "Emoji",
  },
  switcher: {
    title: "Find or go to",
    field: "Room, person or club",
    places: "Places",
    nothing: (typed: string) => `There is nothing called “${typed}”.`,
    unread: "unread",
    mentions: (count: number) => plural(lang, count, { one: "1 mention", other: `${n(count)} mentions` }),
  },
  shortcuts: {
    title: "Keyboard",
    ctrl: "Ctrl",
    alt: "Alt",
    shift: "Shift",
    enter: "Enter",
    esc: "Esc",
    around: "Getting about",
    go: "Find or go to",
    room: "Room above, room below",
    unread: "The same, unread only",
    readAll: "Mark everything read",
    search: "Search messages",
    list: "This list",
    writing: "Writing",
    send: "Send",
    line: "New line",
    edit: "Edit your last message, when the box is empty",
    cancel: "Cancel what you edit or reply to",
    person: "Call somebody",
    place: "Name a room",
    emoji: "Emoji, after two letters",
    take: "Take what is offered",
  },
};
