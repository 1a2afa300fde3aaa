import { expect, test } from "vitest";
import type { Message } from "../wire/types";
import { rowsOf, steady } from "./timeline";

const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `id-${seq}`,
  group: 1,
  seq,
  author: "ann",
  text: `m${seq}`,
  sent_at: new Date(noon + seq * 1_000).toISOString(),
  ...more,
});
const rows = (messages: Message[]) =>
  rowsOf({ messages, notices: [], outbox: [], me: "me", newAfter: null, pinned: [] });

test("a page of older messages leaves the rows that stood there as they are", () => {
  const before = steady([], rows([message(3), message(4), message(5)]));
  const now = steady(before, rows([message(1), message(2), message(3), message(4), message(5)]));
  expect(now.map((row) => row.key)).toEqual(["id-1", "id-2", "id-3", "id-4", "id-5"]);
  expect(now[2]).not.toBe(before[0]); // no longer the first of its author
  expect(now[2]).toMatchObject({ continued: true });
  expect(now[3]).toBe(before[1]);
  expect(now[4]).toBe(before[2]);
});

test("a row in which something has changed is another", () => {
  const before = steady([], rows([message(1), message(2)]));
  const now = steady(before, rows([message(1), message(2, { emotes: [{ emote: "👍", users: ["bo"] }] })]));
  expect(now[0]).toBe(before[0]);
  expect(now[1]).toMatchObject({ emotes: [{ emote: "👍", users: ["bo"] }] });
});
