import { expect, test } from "vitest";
import { afterRestart, answered, inOrder, isKept, nextToSend, type Outgoing } from "./outbox";

const item = (order: number, change: Partial<Outgoing> = {}): Outgoing => ({
  id: `id-${order}`,
  group: 1,
  text: `m${order}`,
  order,
  writtenAt: "2026-11-22T18:00:00Z",
  state: "waiting",
  ...change,
});

test("messages go out in the order in which they were written", () => {
  expect(nextToSend([item(3), item(1), item(2)], 1)?.order).toBe(1);
  expect(inOrder([item(3), item(1), item(2)]).map((one) => one.order)).toEqual([1, 2, 3]);
});

test("in one group only one is under way", () => {
  expect(nextToSend([item(1, { state: "sending" }), item(2)], 1)).toBeNull();
});

test("groups do not wait for each other", () => {
  expect(nextToSend([item(1, { state: "sending" }), item(2, { group: 2 })], 2)?.order).toBe(2);
});

test("one without an answer is sent again before those behind it, with the same id", () => {
  const first = answered(item(1, { state: "sending" }), { kind: "silence" });
  expect(first.state).toBe("unconfirmed");
  expect(nextToSend([first, item(2)], 1)).toEqual(first);
  expect(first.id).toBe("id-1");
});

test("one that was refused for good says why and does not hold up the others", () => {
  const refused = answered(item(1), { kind: "refused", code: "text_too_long", passing: false });
  expect(refused).toMatchObject({ state: "failed", code: "text_too_long" });
  expect(nextToSend([refused, item(2)], 1)?.order).toBe(2);
});

test("too often is not a refusal: it waits and goes first", () => {
  const slowed = answered(item(1), { kind: "refused", code: "rate_limited", passing: true });
  expect(slowed.state).toBe("waiting");
  expect(nextToSend([slowed, item(2)], 1)?.order).toBe(1);
});

test("after a restart nothing is under way: it may have arrived", () => {
  expect(afterRestart(item(1, { state: "sending" })).state).toBe("unconfirmed");
  expect(afterRestart(item(1, { state: "failed" })).state).toBe("failed");
});

test("a confirmed message is not sent again, and is of use until the log is held as far as its place", () => {
  const sent = answered(item(1), { kind: "sent", seq: 7 });
  expect(nextToSend([sent], 1)).toBeNull();
  expect([isKept(sent, 6), isKept(sent, 7), isKept(item(1), 7)]).toEqual([false, true, false]);
});

test("one that waits for its files holds up nobody, and goes out when they are ready", () => {
  const waits = item(1, { files: ["k"] });
  const none = new Set<string>();
  const ready = (keys: ReadonlySet<string>) => (one: Outgoing) =>
    (one.files ?? []).every((key) => keys.has(key));
  expect(nextToSend([waits, item(2)], 1, ready(none))?.order).toBe(2);
  expect(nextToSend([waits], 1, ready(none))).toBeNull();
  expect(nextToSend([waits, item(2)], 1, ready(new Set(["k"])))?.order).toBe(1);
});
