import { expect, test } from "vitest";
import type { Counts, EventEntry, OwnAnswer } from "../wire/types";
import type { OfEvent } from "./applyEvent";
import { changedEntry, placeMoved } from "./applyOwn";
import { eventOf } from "./given";

const counts = (waiting: number): Counts => ({ going: 1, maybe: 0, no: 0, waiting, taken: 1, labels: {} });
const entry = (...mine: OwnAnswer[]): EventEntry => ({ ...eventOf({}), mine });
const answered = (user: string, said: object): OfEvent =>
  ({ type: "event_answered", seq: 9, at: "", key: "once", user, answer: "going", ...said }) as OfEvent;

test("what I say stands in my list, and what others say only counts", () => {
  const mine = changedEntry(entry(), answered("me", { standing: "in", guests: 2, counts: counts(0) }), "me");
  expect(mine.mine).toEqual([{ key: "once", answer: "going", standing: "in", guests: 2 }]);
  const others = changedEntry(mine, answered("ben", { standing: "waiting", counts: counts(1) }), "me");
  expect(others.mine).toEqual(mine.mine);
  expect(others.occurrences[0]!.counts.waiting).toBe(1);
});

test("an answer in my own log counts nothing, for everybody's log tells that", () => {
  const before = entry();
  const after = changedEntry(before, answered("me", { standing: "in", group: 7 }), "me");
  expect(after.occurrences).toEqual(before.occurrences);
  expect(after.mine[0]!.standing).toBe("in");
});

test("a change asks again whoever is going, and the next answer ends that", () => {
  const going: OwnAnswer = { key: "once", answer: "going", standing: "in" };
  const { event: _e, by: _b, cancelled: _c, occurrences, ...says } = eventOf({});
  const changed = {
    type: "event_changed",
    seq: 9,
    at: "",
    by: "ann",
    says: { ...says, name: "Concert" },
    occurrences,
    again: ["once"],
  } as OfEvent;
  const asked = changedEntry(entry(going), changed, "me");
  expect(asked.mine).toEqual([{ ...going, again: true }]);
  expect(changedEntry(entry({ ...going, answer: "maybe" }), changed, "me").mine[0]!.again).toBeUndefined();
  const said = answered("me", { standing: "in", counts: counts(0) });
  expect(changedEntry(asked, said, "me").mine).toEqual([going]);
});

test("where I stand on the waiting list is asked for when I come to it, and when it gets longer or shorter", () => {
  const waits: OwnAnswer = { key: "once", answer: "going", standing: "waiting", ahead: 2 };
  const before = { ...entry(waits), occurrences: [{ key: "once", counts: counts(3) }] };
  const other = (waiting: number) =>
    changedEntry(before, answered("ben", { standing: "out", counts: counts(waiting) }), "me");
  expect(placeMoved(before, other(2))).toBe(true);
  expect(placeMoved(before, other(3))).toBe(false);
  const comes = changedEntry(entry(), answered("me", { standing: "waiting", counts: counts(1) }), "me");
  expect(placeMoved(entry(), comes)).toBe(true);
  const held = changedEntry(
    before,
    answered("me", { standing: "offered", until: "z", counts: counts(3) }),
    "me",
  );
  expect(placeMoved(before, held)).toBe(false);
  expect(held.mine).toEqual([{ key: "once", answer: "going", standing: "offered", until: "z" }]);
});
