/** Reads a text character by character, and counts each look. */

import type { Looks } from "./tree";

export class Reader {
  constructor(
    readonly text: string,
    readonly looks: Looks,
  ) {}

  get end(): number {
    return this.text.length;
  }

  /** The character at a place; outside the text the empty one. */
  char(at: number): string {
    this.looks.count += 1;
    return this.text[at] ?? "";
  }

  has(words: string, at: number): boolean {
    const begun = this.char(at) === words[0];
    if (begun) this.looks.count += words.length - 1;
    return begun && this.text.startsWith(words, at);
  }

  /** The next place of `words` that ends before `until`, or -1. */
  find(words: string, from: number, until: number): number {
    for (let at = from; at + words.length <= until; at++) if (this.has(words, at)) return at;
    return -1;
  }

  /** From `at` on, the first place before `until` whose character is not one of these. */
  after(characters: string, at: number, until = this.end): number {
    let next = at;
    while (next < until && characters.includes(this.char(next))) next++;
    return next;
  }

  cut(from: number, to: number): string {
    this.looks.count += Math.max(0, to - from);
    return this.text.slice(from, to);
  }
}
