/**
 * A small Markdown for messages: a text becomes a tree of plain nodes, which the screen draws as elements of
 * its own choice. There is no way from here to HTML. What is no markup comes out exactly as it was written,
 * and each text is read in a time that grows with its length alone.
 */

import { t } from "../texts";
import { blocksOf } from "./markdown/blocks";
import { wordsOf } from "./markdown/inline";
import { EVERYBODY, type Block, type Item, type Looks } from "./markdown/tree";

export type { Block, Inline, Item, List } from "./markdown/tree";
export { EVERYBODY } from "./markdown/tree";

/** The name of a user id, or null for somebody who is not known here. */
export type NameOf = (user: string) => string | null;

export function treeOf(text: string, looks: Looks = { count: 0 }): Block[] {
  return blocksOf(text, looks);
}

/** How a mention is written on the screen. */
export function calledName(user: string, nameOf: NameOf): string {
  return `@${user === EVERYBODY ? t.text.everyone : (nameOf(user) ?? t.text.someone)}`;
}

/** One line of plain words, for quotes, notifications and lists. */
export function plainOf(text: string, nameOf: NameOf): string {
  const called = (user: string) => calledName(user, nameOf);
  return treeOf(text)
    .map((block) => plain(block, called))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}

function plain(block: Block, called: (user: string) => string): string {
  switch (block.kind) {
    case "paragraph":
      return wordsOf(block.nodes, called);
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map((inner) => plain(inner, called)).join(" ");
    case "list":
      return block.items.map((item) => plainItem(item, called)).join(" ");
  }
}

function plainItem({ nodes, lists }: Item, called: (user: string) => string): string {
  return [wordsOf(nodes, called), ...lists.map((list) => plain(list, called))].join(" ");
}
