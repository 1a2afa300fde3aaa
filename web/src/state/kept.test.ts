import { expect, test } from "vitest";
import { fromSnapshot, type GroupState } from "./apply";
import { snapshotOf } from "./given";
import { areKept, bytesOf, newestOf } from "./kept";

/** A group whose last message is of this day. */
const wroteOn = (day: number, group: number, parent: number | null = null, text = "hi"): GroupState =>
  fromSnapshot(
    snapshotOf({
      group,
      seq: 1,
      parent,
      messages: day
        ? [{ id: `${group}`, group, seq: 1, author: "ann", text, sent_at: `2026-03-${day}T10:00:00Z` }]
        : [],
    }),
  );

const groups = (states: readonly GroupState[]) => states.map(({ group }) => group);

test("where there is room for fewer, those stay in which somebody wrote last, with what they lie in", () => {
  const all = [wroteOn(11, 1), wroteOn(20, 2), wroteOn(25, 3, 1), wroteOn(0, 4), wroteOn(12, 5, 2)];
  expect(groups(newestOf(all, 3))).toEqual([1, 3, 2]);
  expect(groups(newestOf(all, 10))).toEqual([1, 3, 2, 5, 4]);
});

test("the newest stay as far as there is room for their bytes", () => {
  const all = [wroteOn(11, 1), wroteOn(12, 2, null, "x".repeat(5_000)), wroteOn(13, 3)];
  const room = bytesOf(all[2]!) + bytesOf(all[1]!);
  expect(groups(newestOf(all, 10, room))).toEqual([3, 2]);
  expect(groups(newestOf(all, 10, room - 1))).toEqual([3]);
  expect(areKept(all)).toEqual({ groups: 3, bytes: room + bytesOf(all[0]!) });
});

test("an estimate grows with words, pictures and members", () => {
  const plain = wroteOn(11, 1);
  const said = plain.messages[0]!;
  const image = { id: "i", kind: "image", name: "a.jpg", alt: "" } as never;
  const more = (change: Partial<GroupState>) => bytesOf({ ...plain, ...change }) - bytesOf(plain);
  expect(more({ messages: [{ ...said, text: "hi there" }] })).toBe(12);
  expect(more({ messages: [{ ...said, images: [image] }] })).toBeGreaterThan(500);
  expect(more({ members: new Map([["ann", {} as never]]) })).toBeGreaterThan(100);
});
