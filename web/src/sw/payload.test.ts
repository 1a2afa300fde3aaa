import { expect, test } from "vitest";
import { pushedIn } from "./payload";

const at = "2026-05-01T10:00:00Z";
const message = "01900000-0000-7000-8000-000000000001";
const data = { kind: "message", group: "42", seq: "17", message, at, silent: "0" };
const said = { topic: "g42", title: "Ann · Choir", body: "at ten?", badge: 3, data };
const pushed = (one: unknown) => pushedIn(JSON.stringify(one));

test("a message is taken as it was pushed", () => {
  const plain = { kind: "message", group: 42, seq: 17, message, at: Date.parse(at) };
  const words = { title: "Ann · Choir", body: "at ten?" };
  expect(pushed(said)).toEqual({ ...plain, ...words, badge: 3, silent: false });
  const quiet = { ...said, badge: undefined, data: { ...data, silent: "1" } };
  expect(pushed(quiet)).toEqual({ ...plain, ...words, badge: null, silent: true });
});

test("so is what was read elsewhere, and a test", () => {
  const read = { topic: "g42", badge: 0, data: { kind: "read", group: "42", seq: "17" }, withdraw: true };
  expect(pushed(read)).toEqual({ kind: "read", group: 42, seq: 17, badge: 0 });
  const tried = { topic: "test", title: "It works", data: { kind: "test", group: "0", seq: "0" } };
  expect(pushed(tried)).toEqual({ kind: "test", title: "It works", body: "" });
});

test("what is told of an event can be answered, unless it is cancelled", () => {
  const told = { kind: "event", what: "asked", group: "44", seq: "3", event: message, key: "once" };
  const one = { topic: "e44-0", title: "Are you coming? Concert", body: "Fri 28 Nov, 18:30" };
  const plain = { kind: "event", group: 44, event: message, title: one.title, body: one.body };
  expect(pushed({ ...one, data: told })).toEqual({ ...plain, key: "once" });
  expect(pushed({ ...one, data: { ...told, what: "cancelled" } })).toMatchObject({ ...plain, key: null });
  expect(pushed({ ...one, data: { ...told, event: "../me" } })).toEqual({ kind: "strange" });
});

test("whatever is not understood is something new, and never breaks", () => {
  const strange = [
    ...["", "{", "null", "7", '"message"', "[]"].map(pushedIn),
    ...[{}, { data: null }, { data: { kind: "dance" } }, { data: { kind: "test" } }].map(pushed),
    pushed({ ...said, title: undefined }),
    pushed({ ...said, badge: -1 }),
    ...[
      { group: 42 },
      { group: "-1" },
      { seq: "1.5" },
      { seq: undefined },
      { message: "../../settings" },
    ].map((wrong) => pushed({ ...said, data: { ...data, ...wrong } })),
  ];
  for (const one of strange) expect(one).toEqual({ kind: "strange" });
});
