import { expect, test } from "vitest";
import { localOf, momentOf } from "./zoned";

const said = (local: string, zone: string) => new Date(momentOf(local, zone)).toISOString().slice(0, 16);

test("a local time is a moment of its zone, in summer and in winter", () => {
  expect(said("2026-11-28T18:30", "Europe/Berlin")).toBe("2026-11-28T17:30");
  expect(said("2026-07-28T18:30", "Europe/Berlin")).toBe("2026-07-28T16:30");
  expect(said("2026-07-28T18:30", "America/New_York")).toBe("2026-07-28T22:30");
  expect(said("2026-07-28T18:30", "Asia/Kathmandu")).toBe("2026-07-28T12:45");
  expect(localOf(Date.parse("2026-07-28T23:30Z"), "Europe/Berlin")).toBe("2026-07-29T01:30");
});

test("a time that is left out is an hour later, of one that comes twice it is the first", () => {
  expect(said("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30"); // 03:30 there
  expect(said("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30");
  expect(said("2026-10-25T04:30", "Europe/Berlin")).toBe("2026-10-25T03:30");
  expect(said("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30");
});
