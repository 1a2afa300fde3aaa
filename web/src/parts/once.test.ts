import { expect, test } from "vitest";
import { Once } from "./once";

test("twice within 300 ms is once, and later counts again", () => {
  const once = new Once();
  expect([0, 120, 500].map((at) => once.counts("👍", at))).toEqual([true, false, true]);
});

test("a hand that goes on tapping counts once", () => {
  const once = new Once();
  expect([0, 200, 400, 600, 900].map((at) => once.counts("👍", at))).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});

test("each has its own clock", () => {
  const once = new Once();
  expect(once.counts("👍", 0)).toBe(true);
  expect(once.counts("🎉", 50)).toBe(true);
  expect(once.counts("👍", 100)).toBe(false);
});
