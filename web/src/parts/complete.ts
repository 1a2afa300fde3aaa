/** What the letters before the caret may become: a person, a room or an emoji. */

import { folded, rankOf } from "./match";

export type Kind = "person" | "room" | "emoji";

export interface Token {
  kind: Kind;
  /** Of the sign, in the text. */
  from: number;
  /** The caret. */
  to: number;
  /** What stands between them. */
  query: string;
}

export interface Candidate {
  /** For callbacks: a user id, "all", a room, an emoji. */
  key: string;
  name: string;
  /** What is put into the text. */
  insert: string;
  /** Other words that find it. */
  also?: readonly string[];
  /** A second line or word beside the name. */
  detail?: string;
}

export const MATCHES_MAX = 8;
const QUERY_CHARACTERS_MAX = 60;
const EMOJI_LETTERS_MIN = 2;

const SIGNS: Record<string, Kind> = { "@": "person", "#": "room", ":": "emoji" };
/** Before the sign: nothing, a space, or what opens. In "a@b.c", "10:30" and "C#" it means something else. */
const OPENING = /[\s([{"'“„«‘‚>/*_~-]/u;
/** Names of people and rooms have spaces. What ends in one is finished; two in a row end every name. */
const NAME = /^(?:[^\s@#](?:[^\n@#]*[^\s@#])?)?$/u;
const WORD = /^[\p{L}\p{N}_+-]+$/u;

/** The token that ends at the caret, if there is one. */
export function tokenAt(text: string, caret: number): Token | null {
  for (let from = caret - 1; from >= 0 && caret - from <= QUERY_CHARACTERS_MAX + 1; from--) {
    const kind = SIGNS[text[from]!];
    if (text[from] === "\n") return null;
    if (!kind || (from > 0 && !OPENING.test(text[from - 1]!))) continue;
    const query = text.slice(from + 1, caret);
    if (fits(kind, query)) return { kind, from, to: caret, query };
  }
  return null;
}

function fits(kind: Kind, query: string): boolean {
  if (kind === "emoji") return [...query].length >= EMOJI_LETTERS_MIN && WORD.test(query);
  return NAME.test(query) && !query.includes("  ");
}

/**
 * At most `MATCHES_MAX`, best first, then in the order given. With a space in it, a query must be how a name
 * begins: else the list would stay open over the sentence that follows.
 */
export function matchesFor(candidates: readonly Candidate[], { query }: Token): Candidate[] {
  const wanted = folded(query).replaceAll("_", " ");
  const onlyBeginnings = /\s/u.test(query);
  return candidates
    .flatMap((candidate) => {
      const rank = rankAmong(candidate, wanted);
      return rank === null || (onlyBeginnings && rank > 1) ? [] : [{ candidate, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MATCHES_MAX)
    .map(({ candidate }) => candidate);
}

/** Other words count half a step less than the name itself. */
function rankAmong({ name, also = [] }: Candidate, wanted: string): number | null {
  let best = rankOf(folded(name), wanted);
  for (const word of also) {
    const rank = rankOf(folded(word).replaceAll("_", " "), wanted);
    if (rank !== null && (best === null || rank + 0.5 < best)) best = rank + 0.5;
  }
  return best;
}

/** The text with the candidate in the token's place, a space after it, and where the caret stands then. */
export function accepted(text: string, token: Token, { insert }: Candidate): { text: string; caret: number } {
  const rest = text.slice(token.to);
  const caret = token.from + insert.length + 1;
  return { text: `${text.slice(0, token.from)}${insert}${/^\s/u.test(rest) ? "" : " "}${rest}`, caret };
}
