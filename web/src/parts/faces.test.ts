import { expect, test } from "vitest";
import { initialsOf, tintOf } from "./faces";

test.each([
  ["Ann", "A"],
  ["Tomasz Okoń", "TO"],
  ["anna maria von der berg", "AB"],
  ["  Ben  ", "B"],
  ["李 小龍", "李小"],
  ["محمد علي", "م"],
  ["ܡܪܝܡ ܐܦܪܝܡ", "ܡ"],
  ["ߊߓߘߎ ߞߊߡߊ", "ߊ"],
  ["ᠪᠠᠲᠤ ᠬᠠᠨ", "ᠪ"],
  ["😀", "😀"],
  ["Ann (treasurer)", "AT"],
])("%s is %s", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test("the same person always has the same window, one of six", () => {
  expect(tintOf("u1")).toBe(tintOf("u1"));
  const tints = new Set(Array.from({ length: 100 }, (_, i) => tintOf(`user-${i}`)));
  expect([...tints].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});
