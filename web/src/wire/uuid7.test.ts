import { expect, test } from "vitest";
import { uuid7 } from "./uuid7";

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id is a UUIDv7 that begins with its time", () => {
  const now = Date.now() + 60_000;
  const id = uuid7(now);
  expect(id).toMatch(SHAPE);
  expect(parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(now);
});

test("ids are unique and grow, also within one millisecond and when the clock goes back", () => {
  const now = Date.now() + 120_000;
  const ids = Array.from({ length: 20_000 }, (_, i) => uuid7(i % 3 === 0 ? now - 5000 : now));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(SHAPE);
});
