import { expect, test } from "vitest";
import { BACKOFF_MAX_MS, backoffMs, verdictOf } from "./closing";

test("a reconnect comes anywhere between at once and a bound that doubles up to ten seconds", () => {
  expect([0, 1, 2, 3, 6, 7, 50].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
    500, 1000, 2000, 4000, 10_000, 10_000, 10_000,
  ]);
  expect(backoffMs(9, () => 0)).toBe(0);
  for (let attempt = 0; attempt < 40; attempt++) {
    const wait = backoffMs(attempt);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(BACKOFF_MAX_MS);
  }
});

test("clients do not come back all at the same moment", () => {
  const waits = new Set(Array.from({ length: 200 }, () => Math.round(backoffMs(5))));
  expect(waits.size).toBeGreaterThan(100);
});

test("each close code says what to do", () => {
  expect([4403, 4409, 4426].map(verdictOf)).toEqual(["stop-ended", "stop-too-many", "stop-too-old"]);
  expect([4400, 1007].map(verdictOf)).toEqual(["once", "once"]);
  expect(verdictOf(4401)).toBe("new-token");
  expect(verdictOf(4429)).toBe("wait");
  for (const code of [1000, 1001, 1005, 1006, 1009, 1011, 1012, 4408, 4503, 4999, 4000]) {
    expect(verdictOf(code)).toBe("again");
  }
});
