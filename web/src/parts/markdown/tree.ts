/** What a message's text means: plain nodes, never HTML. */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; nodes: Inline[] }
  | { kind: "code"; text: string }
  /** `host` stands where the words look like another address than the one they lead to. */
  | { kind: "link"; href: string; host: string | null; nodes: Inline[] }
  /** `user` is a user id, or EVERYBODY. */
  | { kind: "mention"; user: string }
  /** Written `:name:`. Whether there is an emote of that name is not known here. */
  | { kind: "emote"; name: string };

export type Block =
  | { kind: "paragraph"; nodes: Inline[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "quote"; blocks: Block[] }
  | List;

export type List = { kind: "list"; ordered: boolean; items: Item[] };

/** `number` is the one that was written, null in a bulleted list; `lists` are one level deep. */
export type Item = { number: number | null; nodes: Inline[]; lists: List[] };

export const EVERYBODY = "all";
export const QUOTES_DEPTH_MAX = 4;
export const MARKS_DEPTH_MAX = 8;

/** How many characters were looked at, so that a test can say how many there may be. */
export type Looks = { count: number };
