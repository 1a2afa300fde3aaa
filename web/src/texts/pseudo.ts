/**
 * English texts as no language writes them, for the tests (docs/languages.md): accented, a third longer, from right
 * to left. Whatever is read on the screen without an accent stands in no file of texts. Nobody is offered it: a
 * browser has to ask for `ar-XB`, by which the field knows such a language.
 */

import type { Texts } from "./en";

export const PSEUDO = "ar-XB";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "áƀçðéƒĝĥíĵķļɱñóþɋřšŧúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞɊŘŠŦÚṼŴẊÝŽ";
const accents = new Map([...PLAIN].map((letter, at) => [letter, [...ACCENTED][at]!]));
/** They turn the letters between them round: 202E and 202C. */
const TURN = "\u202e";
const TURN_BACK = "\u202c";

function word(plain: string): string {
  const longer = plain.replace(/[aeiou]/g, "$&$&");
  return TURN + [...longer].map((letter) => accents.get(letter) ?? letter).join("") + TURN_BACK;
}

/** What people have written stays as it is. */
function said(text: string, given: readonly string[]): string {
  const [next, ...others] = given;
  if (next === undefined) return text.replace(/[A-Za-z]+/g, word);
  return text
    .split(next)
    .map((piece) => said(piece, others))
    .join(next);
}

function stringsIn(given: unknown): string[] {
  if (typeof given === "string") return given ? [given] : [];
  if (typeof given !== "object" || given === null) return [];
  return Object.values(given).flatMap(stringsIn);
}

function turned(of: unknown): unknown {
  if (typeof of === "string") return said(of, []);
  if (Array.isArray(of)) return of.map(turned);
  if (typeof of === "function")
    return (...given: unknown[]) => {
      const answer: unknown = of(...given);
      const kept = stringsIn(given).sort((a, b) => b.length - a.length);
      return typeof answer === "string" ? said(answer, kept) : answer;
    };
  if (typeof of !== "object" || of === null) return of;
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, turned(value)]));
}

export const pseudoOf = (texts: Texts): Texts => ({
  ...(turned(texts) as Texts),
  lang: PSEUDO,
  dir: "rtl",
});
