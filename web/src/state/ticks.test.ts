import { describe, expect, it } from "vitest";
import type { AtTheDoor, Door } from "../wire/types";
import { headOf, momentAfter, occurrenceNow, rowsOf, withTicks, type Tick } from "./ticks";

const one = (user: string, more: Partial<AtTheDoor> = {}): AtTheDoor => ({ user, name: user, ...more });
const door: Door = {
  key: "once",
  group: 7,
  name: "Concert",
  people: [one("Zoe", { standing: "in" }), one("ann", { standing: "in", came: true }), one("Émile")],
};
const tick = (user: string, came: boolean | null): Tick => ({
  event: "e",
  key: "once",
  user,
  came,
  at: "2026-11-28T17:00:00.000Z",
});

describe("a list at the door", () => {
  it("is in the order of names, and says what was ticked here before it is sent", () => {
    const rows = rowsOf(door, [tick("ann", null), tick("Émile", true)]);
    expect(rows.map((row) => [row.name, row.came, row.unsent])).toEqual([
      ["ann", null, true],
      ["Émile", true, true],
      ["Zoe", null, false],
    ]);
    expect(headOf(rows)).toEqual({ here: 0, expected: 2, more: 1, unsent: 2 });
  });

  it("takes what is told of another door", () => {
    const rows = rowsOf(withTicks(door, [{ user: "Zoe", came: true }]), []);
    expect(headOf(rows)).toEqual({ here: 2, expected: 2, more: 0, unsent: 0 });
  });
});

describe("a tick", () => {
  it("is later than the one before, even where the clock was set back", () => {
    const now = Date.parse("2026-11-28T16:00:00Z");
    expect(momentAfter(now, undefined)).toBe("2026-11-28T16:00:00.000Z");
    expect(momentAfter(now, tick("ann", true))).toBe("2026-11-28T17:00:00.001Z");
  });
});

describe("the occurrence one stands at the door of", () => {
  const all = [
    { key: "a", start: "2026-11-10T18:00:00Z" },
    { key: "b", start: "2026-11-17T18:00:00Z" },
    { key: "c", start: "2026-11-24T18:00:00Z", cancelled: true },
  ];
  const at = (moment: string) => occurrenceNow(all, Date.parse(moment))?.key;

  it("is the one that goes on, else the next, else the last that was held", () => {
    expect(at("2026-11-10T20:00:00Z")).toBe("a");
    expect(at("2026-11-11T20:00:00Z")).toBe("b");
    expect(at("2026-12-01T20:00:00Z")).toBe("b");
  });

  it("is the only one where there is no date yet", () => {
    expect(occurrenceNow([{ key: "once" }], 0)?.key).toBe("once");
    expect(occurrenceNow([], 0)).toBe(null);
  });
});
