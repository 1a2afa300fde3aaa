import { expect, test } from "vitest";
import type { EventLook, OwnAnswer } from "../wire/types";
import { byDay, happeningsOf, isAhead, stands, type KnownEvent } from "./upcoming";

const counts = { going: 0, maybe: 0, no: 0, waiting: 0, taken: 0, labels: {} };

function known(group: number, starts: (string | null)[], mine: OwnAnswer[] = []): KnownEvent {
  const occurrences = starts.map((start) => ({ key: start ?? "once", start, counts }));
  const look = { place: "hall", cancelled: false, occurrences } as unknown as EventLook;
  return { group, name: `event ${group}`, where: "Choir", look, mine, asked: true };
}

test("what comes next stands first, and what has no date last", () => {
  const all = happeningsOf([
    known(1, [null]),
    known(2, ["2026-12-08T18:00:00Z", "2026-12-15T18:00:00Z"]),
    known(3, ["2026-12-09T18:00:00Z"]),
  ]);
  expect(all.map((one) => one.group)).toEqual([2, 3, 2, 1]);
});

test("a day is that of whoever looks", () => {
  const all = happeningsOf([known(1, ["2026-12-08T23:30:00Z", null])]);
  expect([...byDay(all, "Europe/Berlin").days.keys()]).toEqual(["2026-12-09"]);
  expect([...byDay(all, "America/New_York").days.keys()]).toEqual(["2026-12-08"]);
  expect(byDay(all, "Europe/Berlin").undated).toHaveLength(1);
});

test("how one stands is told for each, and whoever is asked again has not answered", () => {
  const mine: OwnAnswer[] = [
    { key: "2026-12-01T18:00:00Z", answer: "going", standing: "in" },
    { key: "2026-12-02T18:00:00Z", answer: "going", standing: "waiting" },
    { key: "2026-12-03T18:00:00Z", answer: "maybe", standing: "out" },
    { key: "2026-12-04T18:00:00Z", answer: "going", standing: "in", again: true },
  ];
  const starts = [1, 2, 3, 4, 5].map((day) => `2026-12-0${day}T18:00:00Z`);
  const all = happeningsOf([known(1, starts, mine)]);
  expect(all.map((one) => one.stand)).toEqual(["going", "waiting", "maybe", "silent", "silent"]);
  expect(all.filter((one) => stands(one, "silent"))).toHaveLength(2);
  expect(all.filter((one) => stands(one, ""))).toHaveLength(5);
  expect(stands({ ...all[4]!, asked: false }, "silent")).toBe(false);
  expect(stands({ ...all[4]!, cancelled: true }, "silent")).toBe(false);
});

test("it is ahead until it is over", () => {
  const [one] = happeningsOf([known(1, ["2026-12-08T18:00:00Z"])]);
  const at = Date.parse("2026-12-08T19:00:00Z");
  expect(isAhead(one!, at)).toBe(false);
  expect(isAhead({ ...one!, end: at + 1 }, at)).toBe(true);
  expect(isAhead({ ...one!, start: null }, at)).toBe(true);
  expect(isAhead({ ...one!, start: null, cancelled: true }, at)).toBe(false);
});
