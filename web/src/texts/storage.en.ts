/** What pictures and documents take of what there is, in English. */

import { plural } from "./speech";

const lang = "en";

export const storage = {
  title: "Storage",
  used: (used: string, limit: string) => `${used} of ${limit} are used.`,
  images: (count: number, size: string) =>
    `${plural(lang, count, { one: "1 picture", other: `${count} pictures` })}, ${size}`,
  documents: (count: number, size: string) =>
    `${plural(lang, count, { one: "1 document", other: `${count} documents` })}, ${size}`,
  free: (size: string) => `${size} are free`,
  nothing:
    "No picture and no document has been sent here yet. When there are some, this shows what they take.",
  largest: "The largest",
  largestLead: "Whoever deletes the message deletes its files, for everybody.",
  by: (name: string, day: string) => `${name}, ${day}`,
  document: "Document",
  purposes: {
    message: "Picture",
    avatar: "Picture of a person",
    picture: "Picture of the club",
    cover: "Picture of an event",
    emote: "Emoji of the club",
    preview: "Picture of a link",
  },
  unseen: "In a place that you are not in, or not sent yet",
  see: "Show",
  seeOf: (what: string, name: string) => `Show the message with ${what} by ${name}`,
  delete: "Delete",
  deleteOf: (what: string, name: string) => `Delete the message with ${what} by ${name}`,
  failed: "The list could not be had.",
  own: "What you bring",
  ownLead: "Pictures and documents in a club take of its room. In conversations they take of your own.",
  day: "In the last 24 hours",
  kept: "In conversations, and of yourself",
};
