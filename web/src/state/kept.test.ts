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
  const many = Array.from({ length: 20 }, (_, i) => `u_${i}`);
  const preview = { url: "https://example.org", title: "x".repeat(200), description: "y".repeat(300) };
  expect(more({ messages: [{ ...said, preview }] })).toBeGreaterThan(1_000);
  expect(more({ messages: [{ ...said, emotes: [{ emote: "👍", users: many }] }] })).toBeGreaterThan(1_000);
  expect(more({ notices: many.map((user, seq) => ({ seq, user }) as never) })).toBeGreaterThan(2_000);
  expect(more({ club_emotes: many.map((file) => ({ file, name: file })) })).toBeGreaterThan(1_000);
  const carries = new Map([["ann", { labels: many } as never]]);
  expect(more({ members: carries })).toBeGreaterThan(1_000);
});
