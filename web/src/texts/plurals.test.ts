/** A number and a noun agree: what is said of one is not what is said of two with another figure. */

import { expect, test } from "vitest";
import { de } from "./de";
import { en, type Texts } from "./en";
import { pseudoOf } from "./pseudo";
import { plural } from "./speech";

type Saying = [name: string, say: (...given: unknown[]) => unknown];

function sayingsOf(texts: unknown, path: string): Saying[] {
  if (typeof texts === "function") return [[path, texts as Saying[1]]];
  if (typeof texts !== "object" || texts === null) return [];
  return Object.entries(texts).flatMap(([name, inner]) => sayingsOf(inner, path ? `${path}.${name}` : name));
}

/** With this number for everything that it wants to know; "" where it wants something else. */
function said([, say]: Saying, number: number): string {
  try {
    return String(say(number, number, number, number));
  } catch {
    return ""; // it counts nothing: it lists people, or tells of one thing
  }
}

/** No things that are counted: what somebody does, whose name stands before it. */
const VERBS = ["is", "has", "begins", "becomes", "belongs", "gets", "invites", "needs", "reports"];
const SAME = new Set([...VERBS, "Prozent", "Zeichen"]);
/** Of what is never one. */
const MANY = new Set([
  "club.emotes.full",
  "create.passwordHint",
  "eventForm.faults.tooMany",
  "message.callAll",
  "missing.password",
  "parts.files.describeHint",
  "place.keepTitle",
  "search.found",
  "talks.line",
]);

test.each<[Texts, RegExp]>([
  [en, /(?:^|\s)2 ([a-z]+s|people)\b/],
  [de, /(?:^|\s)2 (\p{Lu}\p{L}+)/u],
])("one thing is said otherwise than two", (texts, noun) => {
  const sayings = sayingsOf(texts, "").filter(([name]) => !MANY.has(name));
  const wrong = sayings.filter((saying) => {
    const two = said(saying, 2);
    const counted = noun.exec(two)?.[1];
    return counted && !SAME.has(counted) && two.replaceAll("2", "1") === said(saying, 1);
  });
  expect(wrong.map((saying) => `${saying[0]}: ${said(saying, 1)}`)).toEqual([]);
});

test("a language may have more forms than two", () => {
  const forms = { one: "klub", few: "kluby", other: "klubów" };
  expect([1, 3, 5, 22].map((count) => plural("pl", count, forms))).toEqual([
    "klub",
    "kluby",
    "klubów",
    "kluby",
  ]);
});

test("the language of the tests has an accent on each letter of its own, and none on what people said", () => {
  const texts = pseudoOf(en);
  expect(texts.dir).toBe("rtl");
  expect(texts.close).toMatch(/^\u202e[^\x00-\x7f]+\u202c$/);
  expect(texts.close.length).toBeGreaterThan(en.close.length * 1.3);
  expect(texts.notice.left("Ann Able")).toMatch(/^Ann Able \u202e[^\x00-\x7f]+\u202c$/);
  expect(texts.typing.few(["Ann", "Ben"])).toMatch(/^Ann .* Ben .*$/);
});
