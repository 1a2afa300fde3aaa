/** What stands in a line, one after the other: words, marks, and links, code and mentions as a whole. */

import { hostBeside, linkEnd, safe, withoutTrailing } from "../links";
import { Reader } from "./reader";
import type { Inline, Looks } from "./tree";

export type Mark = "**" | "*" | "_" | "~~";

export type MarkToken = {
  kind: "mark";
  mark: Mark;
  opens: boolean;
  closes: boolean;
  /** One of "***": two marks side by side. */
  triple: boolean;
  /** The place of the mark that it opens or closes with. */
  partner: number;
};

export type Token =
  | { kind: "text"; text: string }
  | { kind: "node"; node: Inline }
  | MarkToken
  | { kind: "words"; href: string }
  | { kind: "end" }
  /** An empty line: no mark reaches over it. */
  | { kind: "gap" };

export const ALONE = -1;
const ESCAPABLE = "\\`*_~[]()>#-.!";
const SHRUG = "¯\\_(ツ)_/¯";
const USER_MAX = 255;
const EMOTE_MIN = 2;
const EMOTE_MAX = 32;
const IN_EMOTE = /[a-z0-9_]/;
/** Where words stand side by side without spaces, a mark may stand inside what looks like one. */
const WORD = /(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{N}\p{M}]/u;
const SPACE = /\s/;
const SHOWS = /[^\s\p{Cf}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/u;

export function tokensOf(text: string, looks: Looks): Token[] {
  return new Tokens(new Reader(text, looks)).all();
}

class Tokens {
  private readonly tokens: Token[] = [];
  /** Where in `tokens` and in the text each open "[" stands. */
  private brackets: { token: number; at: number }[] = [];
  private readonly brace: Map<number, number>;
  private at = 0;
  private plain = 0;

  constructor(private readonly reader: Reader) {
    this.brace = targets(reader);
  }

  all(): Token[] {
    const { reader } = this;
    while (this.at < reader.end) this.at = this.step(reader.char(this.at));
    this.flush();
    return this.tokens;
  }

  /** Takes what begins here; where to go on. */
  private step(character: string): number {
    const { reader, at } = this;
    switch (character) {
      case "\\":
        return this.escape();
      case "`":
        return this.code();
      case "<":
        return this.mention();
      case ":":
        return this.emote();
      case "[":
        this.brackets.push({ token: this.put({ kind: "text", text: "[" }, at + 1), at });
        return at + 1;
      case "]":
        return this.link();
      case "h":
      case "H":
        return this.bareLink();
      case "*":
      case "_":
      case "~":
        return this.marks(character);
      case "¯":
        return reader.has(SHRUG, at) ? at + SHRUG.length : at + 1;
      case "\n":
        if (reader.char(at + 1) === "\n") {
          this.put({ kind: "gap" }, at);
          this.brackets = [];
        }
        return at + 1;
      default:
        return at + 1;
    }
  }

  private escape(): number {
    const next = this.reader.char(this.at + 1);
    if (!next || !ESCAPABLE.includes(next)) return this.at + 1;
    this.put({ kind: "text", text: next }, this.at + 2);
    return this.at + 2;
  }

  private code(): number {
    const { reader, at } = this;
    const fence = reader.has("```", at) ? "```" : "`";
    const from = at + fence.length;
    let to = from;
    while (to < reader.end && reader.char(to) !== "\n" && !reader.has(fence, to)) to++;
    if (to === from || !reader.has(fence, to)) return to === from && reader.has("`", to) ? to + 1 : from;
    const text = reader.cut(from, to);
    if (!SHOWS.test(text)) return to + fence.length;
    return this.node({ kind: "code", text }, to + fence.length);
  }

  private mention(): number {
    const { reader, at } = this;
    if (!reader.has("<@", at)) return at + 1;
    const from = at + 2;
    let to = from;
    while (to < reader.end && to - from <= USER_MAX && !/[<>\s]/.test(reader.char(to))) to++;
    if (to === from || to - from > USER_MAX || reader.char(to) !== ">") return from;
    return this.node({ kind: "mention", user: reader.cut(from, to) }, to + 1);
  }

  /** Not in the midst of a word or a time: there a colon means something else. */
  private emote(): number {
    const { reader, at } = this;
    const from = at + 1;
    if (WORD.test(reader.char(at - 1))) return from;
    let to = from;
    while (to < reader.end && to - from <= EMOTE_MAX && IN_EMOTE.test(reader.char(to))) to++;
    const fits = to - from >= EMOTE_MIN && to - from <= EMOTE_MAX && reader.char(to) === ":";
    return fits ? this.node({ kind: "emote", name: reader.cut(from, to) }, to + 1) : from;
  }

  private bareLink(): number {
    const { reader, at } = this;
    const end = linkEnd(reader.text, at, this.brackets.length > 0);
    if (end === at) return at + 1;
    const words = withoutTrailing(reader.cut(at, end));
    reader.looks.count += 4 * (end - at);
    const href = safe(words);
    if (!href) return at + words.length;
    const nodes: Inline[] = [{ kind: "text", text: words }];
    return this.node({ kind: "link", href, host: hostBeside(words, href), nodes }, at + words.length);
  }

  private link(): number {
    const { reader, at } = this;
    const open = this.brackets.pop();
    const close = this.brace.get(at + 1);
    if (!open || close === undefined || !this.shows(open.at + 1, at)) return at + 1;
    const href = safe(reader.cut(at + 2, close));
    if (!href) return at + 1;
    this.put({ kind: "end" }, close + 1);
    this.tokens[open.token] = { kind: "words", href };
    this.brackets = []; // a link stands in no other link
    return close + 1;
  }

  private shows(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (SHOWS.test(this.reader.char(at))) return true;
    return false;
  }

  private marks(character: string): number {
    const { reader, at } = this;
    const end = reader.after(character, at);
    const run = end - at;
    const before = reader.char(at - 1);
    const after = reader.char(end);
    const opens = after !== "" && !SPACE.test(after);
    const closes = before !== "" && !SPACE.test(before);
    const outside = { opens: opens && !WORD.test(before), closes: closes && !WORD.test(after) };
    const marks: MarkToken[] = [];
    const mark = (mark: Mark, may: { opens: boolean; closes: boolean }) =>
      marks.push({ kind: "mark", mark, ...may, triple: run === 3, partner: ALONE });
    if (character === "~" && run === 2) mark("~~", { opens, closes });
    if (character === "_" && run === 1) mark("_", outside);
    if (character === "*" && (run === 2 || run === 3)) mark("**", { opens, closes });
    if (character === "*" && (run === 1 || run === 3)) mark("*", outside);
    for (const token of marks) this.put(token, end);
    return end;
  }

  private node(node: Inline, next: number): number {
    this.put({ kind: "node", node }, next);
    return next;
  }

  /** The text so far and this token; what follows as plain text begins at `next`. Its place in the tokens. */
  private put(token: Token, next: number): number {
    this.flush();
    this.plain = next;
    return this.tokens.push(token) - 1;
  }

  private flush() {
    if (this.at > this.plain) this.tokens.push({ kind: "text", text: this.reader.cut(this.plain, this.at) });
    this.plain = this.at;
  }
}

/**
 * For each "(" behind a "]": where its ")" stands, with no space and at most one more pair of brackets between.
 * More would make reading what is between them a matter of the square of their number.
 */
function targets(reader: Reader): Map<number, number> {
  const found = new Map<number, number>();
  let open: { at: number; height: number }[] = [];
  for (let at = 0; at < reader.end; at++) {
    const character = reader.char(at);
    if (character === "(") open.push({ at, height: 1 });
    else if (SPACE.test(character)) open = [];
    else if (character === ")") {
      const one = open.pop();
      if (!one) continue;
      const around = open.at(-1);
      if (around) around.height = Math.max(around.height, one.height + 1);
      if (one.height <= 2 && reader.char(one.at - 1) === "]") found.set(one.at, at);
    }
  }
  return found;
}
