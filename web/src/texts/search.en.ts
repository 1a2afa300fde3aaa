/** The words for searching, in English. The filters can be typed in English in every language. */

export const search = {
  title: "Search",
  open: "Search messages",
  field: "Search messages",
  filters: { from: "from", in: "in", before: "before", after: "after", has: "has" },
  /** What may lie with a message: the first word is the one that is offered. */
  kinds: { image: ["image"], file: ["file"], link: ["link"] },
  askFor: "Words find messages in all your rooms. To narrow it down:",
  hints: {
    from: "by one person",
    in: "in one room or club",
    before: "before a day",
    after: "after a day",
  },
  hintsOfKinds: { image: "with a picture", file: "with a document", link: "with a link" },
  noKind: (text: string) => `“${text}” lies with no message. Ask for has:image, has:file or has:link.`,
  picture: "Picture",
  named: (name: string) => `Document ${name}`,
  names: "Names",
  nobody: (name: string) => `Nobody here is called “${name}”.`,
  nowhere: (name: string) => `There is no room or club called “${name}”.`,
  noDay: (text: string) => `“${text}” is no day. Write it like 2026-11-05.`,
  nothing: "Nothing was found.",
  nothingHint: "Try fewer words, or only how a word begins.",
  looking: "Looking…",
  found: (count: number, more: boolean) =>
    more ? `The newest ${count} messages` : count === 1 ? "1 message" : `${count} messages`,
  further: "Look further back",
  offline: "Searching needs a connection. What is here already can be scrolled.",
  day: (room: string) => `Go to a day in ${room}`,
  go: "Go",
  emptyRoom: "Nothing was written here yet.",
};
