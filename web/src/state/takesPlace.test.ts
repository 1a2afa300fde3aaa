import { expect, test } from "vitest";
import type { Placed } from "../wire/types";
import { entryOf, eventOf, occurrenceOf } from "./given";
import { changedEvent } from "./applyEvent";
import { closesAt, comingUp, facesOf, isClosed, isOver, lanesOf, nextOf, placesOf } from "./takesPlace";

const at = (time: string) => Date.parse(time);
const weekly = eventOf({
  closes_min: 60,
  occurrences: [
    occurrenceOf({ key: "a", start: "2026-12-01T18:00:00Z", end: "2026-12-01T20:00:00Z" }),
    occurrenceOf({ key: "b", start: "2026-12-08T18:00:00Z", end: "2026-12-08T20:00:00Z" }),
    occurrenceOf({ key: "c", start: "2026-12-15T18:00:00Z", end: "2026-12-15T20:00:00Z" }),
  ],
});

test("a series shows what is on or comes next, leaves out what is cancelled, and in the end its last", () => {
  expect(nextOf(weekly, at("2026-12-01T19:00:00Z"))?.key).toBe("a");
  expect(nextOf(weekly, at("2026-12-01T20:00:00Z"))?.key).toBe("b");
  const without = {
    ...weekly,
    occurrences: weekly.occurrences.map((one) => ({ ...one, cancelled: one.key === "b" })),
  };
  expect(nextOf(without, at("2026-12-02T00:00:00Z"))?.key).toBe("c");
  expect(nextOf(weekly, at("2027-01-01T00:00:00Z"))?.key).toBe("c");
});

test("an occurrence that was moved stands where it is now", () => {
  const [a, b, c] = weekly.occurrences;
  const moved = { ...a!, start: "2026-12-10T18:00:00Z", end: "2026-12-10T20:00:00Z" };
  expect(nextOf({ ...weekly, occurrences: [moved, b!, c!] }, at("2026-12-02T00:00:00Z"))?.key).toBe("b");
});

test("one answers until the deadline, and where there is no date there is none", () => {
  const [a] = weekly.occurrences;
  expect(closesAt(weekly, a!)).toBe(at("2026-12-01T17:00:00Z"));
  expect(isClosed(weekly, a!, at("2026-12-01T16:59:59Z"))).toBe(false);
  expect(isClosed(weekly, a!, at("2026-12-01T17:00:00Z"))).toBe(true);
  expect(isClosed({ ...weekly, cancelled: true }, a!, 0)).toBe(true);
  const some = occurrenceOf({ key: "once" });
  expect(isClosed(weekly, some, at("2036-01-01T00:00:00Z"))).toBe(false);
  expect(isOver(some, at("2036-01-01T00:00:00Z"))).toBe(false);
});

test("what comes up is in the order of the next dates, without a date last, and without what is over", () => {
  const of = (group: number, start: string | null, more = {}) =>
    entryOf({
      group,
      kind: "event",
      event: { ...eventOf({ ...more, occurrences: [occurrenceOf({ key: "once", start })] }), mine: [] },
    });
  const all = [
    of(1, null),
    of(2, "2026-12-05T18:00:00Z"),
    of(3, "2026-11-01T18:00:00Z"),
    of(4, "2026-12-03T18:00:00Z"),
    of(5, "2026-12-04T18:00:00Z", { cancelled: true }),
  ];
  const now = at("2026-12-01T00:00:00Z");
  expect(comingUp(all, now).map(({ entry }) => entry.group)).toEqual([4, 2, 1]);
});

test("places are in total, by label, or without a limit", () => {
  const counts = { going: 3, maybe: 0, no: 0, waiting: 0, taken: 4, labels: { x: 3 } };
  expect(lanesOf(eventOf({ places: 20 }), counts)).toEqual([{ label: null, places: 20, taken: 4 }]);
  const labels = [
    { label: "x", places: 6 },
    { label: "y", places: 4 },
  ];
  const byLabel = eventOf({ label_places: labels });
  expect(lanesOf(byLabel, counts)).toEqual([
    { label: "x", places: 6, taken: 3 },
    { label: "y", places: 4, taken: 0 },
  ]);
  expect([placesOf(byLabel), placesOf(eventOf({})), placesOf(eventOf({ places: 20 }))]).toEqual([
    10,
    null,
    20,
  ]);
});

test("the first who come have a name, and are for nobody to see once only admins see the list", () => {
  const counts = { ...occurrenceOf({ key: "once" }).counts, going: 3, faces: ["ann", "gone", "ben"] };
  const event = eventOf({ occurrences: [occurrenceOf({ key: "once", counts })] });
  const members = new Map(["ann", "ben"].map((user) => [user, { name: user.toUpperCase() }]));
  expect(facesOf(event, counts, members)).toEqual([
    { user: "ann", name: "ANN" },
    { user: "ben", name: "BEN" },
  ]);
  const { faces: _, ...numbers } = counts;
  expect(facesOf(event, numbers, members)).toEqual([]);
  const changed = (list_shown: "all" | "admins") => {
    const says = { ...event, name: "Concert", list_shown };
    const action = { type: "event_changed", seq: 2, at: "", by: "ann", says, occurrences: [{ key: "once" }] };
    return changedEvent(event, action as unknown as Extract<Placed, { type: "event_changed" }>);
  };
  expect(changed("all").occurrences[0]!.counts).toEqual(counts);
  expect(changed("admins").occurrences[0]!.counts).toEqual(numbers);
  expect(facesOf(changed("admins"), numbers, members)).toBeNull();
});
