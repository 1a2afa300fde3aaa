import { expect, test } from "vitest";

/** Words of the trade, that no member of a club has to know. */
const NEVER = /\b(?:groups?|seqs?|epochs?|outbox|ledgers?|kick(?:s|ed|ing)?|bann?(?:s|ed|ing)?|DMs?)\b/i;
/** An emote is the club's own picture; one reacts with it. */
const AS_A_VERB = /\b(?:to emote|emoted|emoting|emotes? (?:with|to|on))\b/i;

/** Every sentence, with where it stands: of one that is made, also its source, for words that one case alone has. */
function sentences(at: string, said: unknown): [string, string][] {
  if (typeof said === "string") return [[at, said]];
  if (typeof said === "function") return literals(String(said)).map((one) => [at, one]);
  if (said && typeof said === "object")
    return Object.entries(said).flatMap(([key, one]) => sentences(`${at}.${key}`, one));
  return [];
}

const literals = (source: string): string[] =>
  [...source.matchAll(/"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(([, plain, made]) =>
    (plain ?? made ?? "").replace(/\$\{[^}]*\}/g, "…"),
  );

const all = sentences("", import.meta.glob("./*.en.ts", { eager: true })).concat(
  sentences("", import.meta.glob("./en.ts", { eager: true })),
);

test("no word of the trade stands on the screen", () => {
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(([, one]) => NEVER.test(one) || AS_A_VERB.test(one))).toEqual([]);
});

test("such a word is found, alone and in a sentence that is made", () => {
  const said = sentences("x", { a: "Ban them", b: (n: number) => `${n} groups`, c: "A banner", d: "a bank" });
  expect(said.filter(([, one]) => NEVER.test(one)).map(([at]) => at)).toEqual(["x.a", "x.b"]);
});
