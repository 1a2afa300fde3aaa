/** Paragraphs, code, quotes and lists: a text line by line. */

import { inlinesOf } from "./inline";
import { Reader } from "./reader";
import { QUOTES_DEPTH_MAX, type Block, type Inline, type Item, type List, type Looks } from "./tree";

const FENCE = "```";
const LANGUAGE = /^[\w+#.-]{1,20}$/;
const HEADING = /^#{1,6} +(?=\S)/;
const ITEM = /^([ \t]*)(?:[-*]|(\d{1,3})[.)])[ \t]+(?=\S)/;
const INDENTED_MIN = 2;

export function blocksOf(text: string, looks: Looks, depth = 0): Block[] {
  const blocks: Block[] = [];
  for (const part of partsOf(new Reader(text, looks), depth < QUOTES_DEPTH_MAX)) {
    if (part.kind === "code") blocks.push(part);
    else blocks.push(...new Lines(part.text.split("\n"), looks, depth).blocks(part.text === text));
  }
  return blocks;
}

type Part = Extract<Block, { kind: "code" }> | { kind: "lines"; text: string };

/** Cuts the fenced code out. What is quoted keeps its fences: they are cut out of the quote. */
function* partsOf(reader: Reader, quotes: boolean): Generator<Part> {
  let start = 0;
  let at = 0;
  while (at < reader.end) {
    const end = lineEnd(reader, at);
    const fence = quotes && isQuoted(reader, at, end) ? -1 : openFence(reader, at, end);
    if (fence < 0) {
      at = end + 1;
      continue;
    }
    const close = reader.find(FENCE, fence + FENCE.length, reader.end);
    const code = codeOf(reader.cut(fence + FENCE.length, close < 0 ? reader.end : close));
    at = close < 0 ? reader.end : close + FENCE.length;
    if (!code) continue;
    if (fence > start) yield { kind: "lines", text: reader.cut(start, fence) };
    yield code;
    at = reader.after(" \t", at);
    if (reader.char(at) === "\n") at += 1;
    start = at;
  }
  if (start < reader.end || start === 0) yield { kind: "lines", text: reader.cut(start, reader.end) };
}

function lineEnd(reader: Reader, at: number): number {
  const end = reader.find("\n", at, reader.end);
  return end < 0 ? reader.end : end;
}

/** Where code begins that has lines of its own, or -1: what ends in the same line stands in it. */
function openFence(reader: Reader, from: number, end: number): number {
  const first = reader.after(" \t", from, end);
  let at = first;
  while (at < end) {
    const character = reader.char(at);
    if (character === "\\") at += 2;
    else if (character !== "`") at += 1;
    else if (reader.has(FENCE, at)) {
      const close = reader.find(FENCE, at + FENCE.length, end);
      if (close < 0) return at;
      if (at === first && reader.after(" \t", close + FENCE.length, end) === end) return at;
      at = close + FENCE.length;
    } else {
      const close = reader.find("`", at + 1, end);
      if (close < 0) return -1;
      at = close + 1;
    }
  }
  return -1;
}

/** null: there is nothing in it, so it is no code. */
function codeOf(raw: string): Extract<Block, { kind: "code" }> | null {
  if (raw.trim() === "") return null;
  const lines = raw.split("\n");
  const info = lines[0]!.trim();
  const rest = lines.slice(1);
  const named = LANGUAGE.test(info) && rest.some((line) => line.trim() !== "");
  const kept = named || info === "" ? rest : lines;
  if (kept.length > 1 && kept.at(-1)!.trim() === "") kept.pop();
  return { kind: "code", language: named ? info : "", text: kept.join("\n") };
}

/** "> " or ">> " and so on, or ">" alone. */
function isQuoted(reader: Reader, at: number, end: number): boolean {
  const behind = reader.after(">", at, end);
  return behind > at && (behind === end || reader.char(behind) === " ");
}

class Lines {
  private readonly found: Block[] = [];
  private paragraph: string[] = [];
  private at = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly looks: Looks,
    private readonly depth: number,
  ) {}

  /** `whole`: nothing stands beside these lines; a paragraph alone keeps its empty lines at both ends. */
  blocks(whole: boolean): Block[] {
    while (this.at < this.lines.length) {
      const line = this.lines[this.at]!;
      this.looks.count += line.length + 1;
      if (!this.quote() && !this.list() && !this.heading(line)) {
        this.paragraph.push(line);
        this.at += 1;
      }
    }
    if (whole && this.found.length === 0) return [this.paragraphOf(this.paragraph.join("\n"))];
    this.flush();
    return this.found;
  }

  private put(block: Block) {
    this.flush();
    this.found.push(block);
  }

  private flush() {
    const filled = (line: string) => line.trim() !== "";
    const first = this.paragraph.findIndex(filled);
    const last = this.paragraph.findLastIndex(filled);
    if (first >= 0) this.found.push(this.paragraphOf(this.paragraph.slice(first, last + 1).join("\n")));
    this.paragraph = [];
  }

  private paragraphOf(text: string): Block {
    return { kind: "paragraph", nodes: this.inlines(text) };
  }

  private inlines(text: string): Inline[] {
    return inlinesOf(text, this.looks);
  }

  private quote(): boolean {
    if (this.depth >= QUOTES_DEPTH_MAX || !this.isQuoted(this.at)) return false;
    const inner: string[] = [];
    if (unquoted(this.lines[this.at]!).trim() === "") return false;
    while (this.at < this.lines.length && this.isQuoted(this.at))
      inner.push(unquoted(this.lines[this.at++]!));
    this.put({ kind: "quote", blocks: blocksOf(inner.join("\n"), this.looks, this.depth + 1) });
    return true;
  }

  private isQuoted(place: number): boolean {
    const line = this.lines[place]!;
    return isQuoted(new Reader(line, this.looks), 0, line.length);
  }

  private heading(line: string): boolean {
    const marks = HEADING.exec(line);
    if (!marks) return false;
    const nodes = this.inlines(line.slice(marks[0].length));
    this.put({ kind: "paragraph", nodes: [{ kind: "bold", nodes }] });
    this.at += 1;
    return true;
  }

  private list(): boolean {
    const first = this.itemAt(this.at);
    if (!first) return false;
    const items: Written[] = [];
    let at = this.at;
    while (at < this.lines.length) {
      const line = this.lines[at]!;
      const item = this.itemAt(at);
      const last = items.at(-1);
      if (item && item.indent < first.indent + INDENTED_MIN) {
        if (isOrdered(item) !== isOrdered(first)) break;
        items.push(item);
      } else if (item) last!.inner.push(item);
      else if (line.trim() === "") {
        const next = this.filledAfter(at);
        const more = this.itemAt(next);
        if (!more || isOrdered(more) !== isOrdered(first)) break;
        at = next - 1;
      } else if (indentOf(line) >= first.indent + INDENTED_MIN) {
        (last!.inner.at(-1) ?? last!).lines.push(line.trim());
      } else break;
      at += 1;
    }
    // A number alone is a date more often than a list.
    if (isOrdered(first) && items.length === 1 && items[0]!.inner.length === 0) return false;
    this.put(this.listOf(items));
    this.at = at;
    return true;
  }

  private itemAt(place: number): Written | null {
    const line = this.lines[place] ?? "";
    this.looks.count += line.length;
    const found = ITEM.exec(line);
    if (!found) return null;
    const number = found[2] === undefined ? null : Number(found[2]);
    return { indent: indentOf(line), number, lines: [line.slice(found[0].length)], inner: [] };
  }

  private filledAfter(place: number): number {
    let next = place;
    while (next < this.lines.length && this.lines[next]!.trim() === "") {
      this.looks.count += this.lines[next]!.length + 1;
      next++;
    }
    return next;
  }

  private listOf(items: readonly Written[]): List {
    return { kind: "list", ordered: isOrdered(items[0]!), items: items.map((item) => this.itemOf(item)) };
  }

  private itemOf({ number, lines, inner }: Written): Item {
    const runs: Written[][] = [];
    for (const one of inner) {
      const run = runs.at(-1);
      if (run && isOrdered(run[0]!) === isOrdered(one)) run.push(one);
      else runs.push([one]);
    }
    return { number, nodes: this.inlines(lines.join("\n")), lists: runs.map((run) => this.listOf(run)) };
  }
}

/** An item as it was written, before its words are read. */
type Written = { indent: number; number: number | null; lines: string[]; inner: Written[] };

const isOrdered = (item: Written): boolean => item.number !== null;

function indentOf(line: string): number {
  let indent = 0;
  for (const character of line) {
    if (character === "\t") indent += 4;
    else if (character === " ") indent += 1;
    else break;
  }
  return indent;
}

function unquoted(line: string): string {
  return line.slice(line[1] === " " ? 2 : 1);
}
