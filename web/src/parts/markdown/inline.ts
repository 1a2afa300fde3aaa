/** The tree of a line: each mark finds its partner, then the nodes grow. Both go through the tokens once. */

import { hostBeside } from "../links";
import { ALONE, tokensOf, type Mark, type MarkToken, type Token } from "./tokens";
import { MARKS_DEPTH_MAX, type Inline, type Looks } from "./tree";

const KINDS = { "**": "bold", "*": "italic", _: "italic", "~~": "strike" } as const;

export function inlinesOf(text: string, looks: Looks): Inline[] {
  const tokens = tokensOf(text, looks);
  pair(tokens);
  looks.count += 2 * tokens.length;
  return grow(tokens);
}

/** Opened marks that have no partner yet, the newest last. */
class Opened {
  private readonly places: number[] = [];
  private readonly counts = { "**": 0, "*": 0, _: 0, "~~": 0 };

  constructor(private readonly tokens: Token[]) {}

  add(place: number) {
    this.places.push(place);
    this.counts[this.markAt(place)]++;
  }

  /** The newest of this kind; what was opened since then is no mark. */
  take(mark: Mark): number {
    if (this.counts[mark] === 0) return ALONE;
    for (;;) {
      const place = this.places.pop()!;
      const found = this.markAt(place);
      this.counts[found]--;
      if (found === mark) return place;
    }
  }

  /** Of two stars and one, those opened last close first. */
  get singleFirst(): boolean {
    if (this.counts["*"] === 0 || this.counts["**"] === 0) return false;
    const newest = this.places.findLast((place) => this.markAt(place).startsWith("*"))!;
    return this.markAt(newest) === "*";
  }

  private markAt(place: number): Mark {
    return (this.tokens[place] as MarkToken).mark;
  }
}

function pair(tokens: Token[]) {
  let opened = new Opened(tokens);
  let around: Opened | null = null; // that of the words around a link; links stand in no links
  tokens.forEach((_, place) => {
    const token = tokens[place]!;
    if (token.kind === "words") [around, opened] = [opened, new Opened(tokens)];
    if (token.kind === "end") opened = around!;
    if (token.kind === "gap") opened = new Opened(tokens);
    if (token.kind !== "mark") return;
    const next = tokens[place + 1];
    if (token.triple && next?.kind === "mark" && next.triple && opened.singleFirst) swap(tokens, place);
    const mark = tokens[place] as MarkToken;
    const partner = mark.closes ? opened.take(mark.mark) : ALONE;
    if (partner !== ALONE) {
      mark.partner = partner;
      (tokens[partner] as MarkToken).partner = place;
    } else if (mark.opens) opened.add(place);
  });
}

function swap(tokens: Token[], place: number) {
  [tokens[place], tokens[place + 1]] = [tokens[place + 1]!, tokens[place]!];
}

function grow(tokens: Token[]): Inline[] {
  let into: Inline[] = [];
  const around: Inline[][] = [];
  const flat = new Set<number>(); // marks deeper than MARKS_DEPTH_MAX
  let depth = 0;
  let link: Extract<Inline, { kind: "link" }> | null = null;
  tokens.forEach((token, place) => {
    if (token.kind === "text") write(into, token.text);
    else if (token.kind === "node") {
      if (link && token.node.kind === "link") write(into, wordsOf(token.node.nodes));
      else into.push(token.node);
    } else if (token.kind === "words") {
      link = { kind: "link", href: token.href, host: null, nodes: [] };
      around.push(into);
      into.push(link);
      into = link.nodes;
    } else if (token.kind === "end") {
      // A name may look like an address: what leads on from one says where.
      link!.host = hostBeside(
        wordsOf(link!.nodes, () => "@"),
        link!.href,
      );
      link = null;
      into = around.pop()!;
    } else if (token.kind === "mark") {
      const { mark, partner } = token;
      const opening = partner > place;
      if (opening && depth === MARKS_DEPTH_MAX) flat.add(place).add(partner);
      if (partner === ALONE || flat.has(place)) write(into, mark);
      else if (opening) {
        const nodes: Inline[] = [];
        into.push({ kind: KINDS[mark], nodes });
        around.push(into);
        into = nodes;
        depth++;
      } else {
        into = around.pop()!;
        depth--;
      }
    }
  });
  return into;
}

function write(into: Inline[], text: string) {
  const last = into.at(-1);
  if (last?.kind === "text") last.text += text;
  else into.push({ kind: "text", text });
}

/** The words of nodes alone; a mention has none of its own. */
export function wordsOf(nodes: readonly Inline[], called: (user: string) => string = () => ""): string {
  return nodes
    .map((node) => {
      if (node.kind === "mention") return called(node.user);
      if (node.kind === "emote") return `:${node.name}:`;
      return "nodes" in node ? wordsOf(node.nodes, called) : node.text;
    })
    .join("");
}
