/** A club's own emotes in what people write: `:name:`. Which of them there are, and where, whoever shows it says. */

import type { FileLink } from "../wire/types";
import { isEmojiOnly } from "./links";
import type { Inline } from "./markdown";

export interface OwnEmotes {
  /** Its picture; null = there is none of that name. */
  fileOf: (name: string) => string | null;
  /** Null = not to be had; undefined = not asked for yet. */
  linkOf: (file: string) => FileLink | null | undefined;
  onwant: (file: string) => void;
  /** It did not load. False = asking anew helps nothing. */
  onfailed: (file: string) => boolean;
}

export const NO_EMOTES: OwnEmotes = {
  fileOf: () => null,
  linkOf: () => null,
  onwant: () => undefined,
  onfailed: () => false,
};

export const EMOTE_NAME = /^[a-z0-9_]{2,32}$/;
const WRITTEN = /:([a-z0-9_]{2,32}):/g;
const LARGE_MAX = 3;
const LARGE_CHARACTERS_MAX = 150;

/** The name in `:name:`; null for what is no such thing, like an emoji. */
export function ownName(emote: string): string | null {
  const name = emote.startsWith(":") && emote.endsWith(":") ? emote.slice(1, -1) : "";
  return EMOTE_NAME.test(name) ? name : null;
}

/** What a message says that is shown large, being emoji and own emotes alone; else null. */
export function largeNodes(text: string, known: (name: string) => boolean): Inline[] | null {
  if (text.length > LARGE_CHARACTERS_MAX) return null;
  let count = 0;
  const without = text.replace(WRITTEN, (written, name: string) =>
    known(name) ? (count++, " 🙂 ") : written,
  );
  if (count > LARGE_MAX || !isEmojiOnly(without)) return null;
  return text
    .split(/(:[a-z0-9_]{2,32}:)/)
    .filter((part) => part !== "")
    .map((part) => {
      const name = ownName(part);
      return name !== null ? { kind: "emote", name } : { kind: "text", text: part };
    });
}

/** A name that a file suggests: what of its own name may stand in one. */
export function nameFrom(file: string): string {
  const stem = file
    .replace(/\.[^.]*$/, "")
    .normalize("NFKD")
    .toLowerCase();
  const plain = stem.replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "_");
  const name = plain.replace(/^_+|_+$/g, "").slice(0, 32);
  return EMOTE_NAME.test(name) ? name : "";
}
