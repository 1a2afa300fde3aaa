import { expect, test } from "vitest";
import { matchesFor } from "./complete";
import { emojiCandidates } from "./emojiNames";

async function found(lang: string, query: string) {
  const token = { kind: "emoji" as const, from: 0, to: 0, query };
  return matchesFor(await emojiCandidates(lang), token).map((candidate) => candidate.key);
}

test("emoji are found by their names and by other words, in each language", async () => {
  expect(await found("en", "tada")).toEqual(["🎉"]);
  expect(await found("en", "thumbs_up")).toContain("👍");
  expect(await found("en", "+1")).toContain("👍");
  expect((await found("de", "daumen"))[0]).toBe("👍");
  expect(await found("de", "vioLINE")).toContain("🎻");
  expect(await found("de", "herz in fl")).toContain("❤\uFE0F\u200D🔥");
});

test("skin tones and hair by themselves are no emoji", async () => {
  for (const lang of ["en", "de"]) {
    const keys = (await emojiCandidates(lang)).map((candidate) => candidate.key);
    expect(keys.length).toBeGreaterThan(1800);
    expect(keys).not.toContain("🏽");
    expect(keys).not.toContain("🦰");
    expect(new Set(keys).size).toBe(keys.length);
  }
});
