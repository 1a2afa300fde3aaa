import { expect, test } from "vitest";
import { fromSnapshot } from "./apply";
import { snapshotOf } from "./given";
import { shownCount, unreadOf } from "./unread";

const state = (window: number, ...messages: [number, string, string?][]) =>
  fromSnapshot({
    ...snapshotOf({ group: 1, seq: messages.at(-1)?.[0] ?? 0, window }),
    messages: messages.map(([seq, author, text = ""]) => ({
      id: `${seq}`,
      group: 1,
      seq,
      author,
      text,
      sent_at: "",
    })),
  });

test("others' messages after the pointer are unread, one's own never", () => {
  expect(unreadOf(state(1, [2, "ann"], [3, "me"], [4, "ben"]), "me", 2, null)).toEqual({
    unread: 1,
    mentions: 0,
  });
});

test("what calls me by name, or everybody, is counted apart, but not what only shows how one writes it", () => {
  const held = state(
    1,
    [2, "ann", "<@me> and <@ben>"],
    [3, "ann", "<@all>"],
    [4, "ann", "`<@me>`"],
    [5, "me", "<@me>"],
  );
  expect(unreadOf(held, "me", 0, null)).toEqual({ unread: 3, mentions: 2 });
});

test("where not all is held, the server's count goes on with what came since", () => {
  const held = state(50, [50, "ann"], [51, "ann"], [61, "ben"]);
  expect(unreadOf(held, "me", 10, { at: 60, unread: 30, mentions: 2 })).toEqual({
    unread: 31,
    mentions: 2,
  });
});

test("once the pointer has passed what the server counted, only what is held counts", () => {
  expect(
    unreadOf(state(50, [50, "ann"], [61, "ben"]), "me", 60, { at: 60, unread: 30, mentions: 2 }),
  ).toEqual({
    unread: 1,
    mentions: 0,
  });
});

test("while what is held ends before what the server counted its count stands, but for what was read here since", () => {
  const held = state(1, [2, "ann"], [3, "ann", "<@me>"], [4, "ben"]);
  const counted = { at: 900, from: 1, unread: 60, mentions: 2 };
  expect(unreadOf(held, "me", 1, counted)).toEqual({ unread: 60, mentions: 2 });
  expect(unreadOf(held, "me", 3, counted)).toEqual({ unread: 58, mentions: 1 });
  expect(unreadOf(held, "me", 900, counted)).toEqual({ unread: 0, mentions: 0 });
});

test("a club that was never opened shows the server's count", () => {
  expect(unreadOf(null, "me", 0, { at: 9, unread: 4, mentions: 1 }).unread).toBe(4);
});

test("a hundred or more are not counted on the screen", () => {
  expect([shownCount(7), shownCount(99), shownCount(100)]).toEqual(["7", "99", "99+"]);
});
