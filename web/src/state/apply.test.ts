import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Placed, Snapshot } from "../wire/types";
import { apply, applyAll, fromSnapshot, trimmed, withOlder, type GroupState } from "./apply";

const at = "2026-11-22T18:00:00.000000Z";
const member = { user: "ann", name: "Ann", role: "owner", left: false } as const;

function club(): GroupState {
  return fromSnapshot({
    group: 7,
    epoch: "e1",
    seq: 2,
    kind: "club",
    name: "Chess",
    parent: null,
    members: [member],
    messages: [],
    window: 1,
  });
}

const posted = (seq: number, text = `m${seq}`): Placed => ({
  seq,
  at,
  type: "message_posted",
  id: `id-${seq}`,
  author: "ann",
  text,
});

test("a posted message stands at the end, with its place and time", () => {
  const state = apply(club(), posted(3, "hello"));
  expect(state.messages).toEqual([
    { id: "id-3", group: 7, seq: 3, author: "ann", text: "hello", sent_at: at },
  ]);
  expect(state.seq).toBe(3);
});

test("somebody who joins is a member and is announced", () => {
  const state = apply(club(), {
    seq: 3,
    at,
    type: "member_joined",
    user: "ben",
    name: "Ben",
    role: "member",
  });
  expect(state.members.get("ben")).toEqual({ user: "ben", name: "Ben", role: "member", left: false });
  expect(state.notices).toEqual([{ seq: 3, at, what: "joined", user: "ben", by: "ben" }]);
});

test("somebody who is removed keeps the name for what they wrote, and has left", () => {
  const joined = apply(club(), {
    seq: 3,
    at,
    type: "member_joined",
    user: "ben",
    name: "Ben",
    role: "member",
  });
  const state = apply(joined, { seq: 4, at, type: "member_removed", user: "ben", by: "ann" });
  expect(state.members.get("ben")).toMatchObject({ name: "Ben", left: true });
  expect(state.notices.at(-1)).toMatchObject({ what: "removed", user: "ben", by: "ann" });
});

test("whoever leaves by themselves was not removed by anybody", () => {
  const state = apply(club(), { seq: 3, at, type: "member_removed", user: "ann", by: "ann" });
  expect(state.notices.at(-1)?.what).toBe("left");
});

test("somebody who comes back is a member again, with the new name and role", () => {
  const actions: Placed[] = [
    { seq: 3, at, type: "member_joined", user: "ben", name: "Ben", role: "member" },
    { seq: 4, at, type: "member_removed", user: "ben", by: "ben" },
    { seq: 5, at, type: "member_joined", user: "ben", name: "Benedikt", role: "admin" },
  ];
  expect(applyAll(club(), actions).members.get("ben")).toEqual({
    user: "ben",
    name: "Benedikt",
    role: "admin",
    left: false,
  });
});

test("removing somebody unknown changes nobody", () => {
  const state = apply(club(), { seq: 3, at, type: "member_removed", user: "zoe", by: "ann" });
  expect([...state.members.keys()]).toEqual(["ann"]);
});

test("a club that is created has its name", () => {
  const state = apply(
    { ...club(), name: "" },
    { seq: 3, at, type: "club_created", by: "ann", name: "Choir" },
  );
  expect(state.name).toBe("Choir");
});

test("an account begins as the one owner of its notes", () => {
  const state = apply(
    { ...club(), kind: "self", name: "", members: new Map() },
    { seq: 1, at, type: "account_created", user: "ann", name: "Ann" },
  );
  expect(state.name).toBe("Ann");
  expect([...state.members.values()]).toEqual([member]);
});

test.each<Placed>([
  { seq: 3, at, type: "sign_in_changed", email: "a@b.c" },
  { seq: 3, at, type: "added_to_group", group: 9, kind: "club", name: "Choir" },
  { seq: 3, at, type: "removed_from_group", group: 9 },
  { seq: 3, at, type: "join_code_created", by: "ann" },
])("$type only moves the cursor", (action) => {
  expect(apply(club(), action)).toEqual({ ...club(), seq: 3 });
});

test("an action of a newer server only moves the cursor", () => {
  const action = { seq: 3, at, type: "confetti_thrown", by: "ann" } as unknown as Placed;
  expect(apply(club(), action)).toEqual({ ...club(), seq: 3 });
});

test("the state before is never changed in place", () => {
  const before = Object.freeze(club());
  Object.freeze(before.messages);
  applyAll(before, [
    posted(3),
    { seq: 4, at, type: "member_joined", user: "ben", name: "Ben", role: "member" },
  ]);
  expect(before.messages).toHaveLength(0);
  expect(before.members.size).toBe(1);
});

test("older messages are put in front, once, and the window moves down", () => {
  const state = { ...applyAll(club(), [posted(8), posted(9)]), window: 8 };
  const page = applyAll(club(), [posted(5), posted(6), posted(7), posted(8)]).messages;
  const grown = withOlder(state, page, [], 5);
  expect(grown.messages.map((message) => message.seq)).toEqual([5, 6, 7, 8, 9]);
  expect(grown.window).toBe(5);
  expect(withOlder(grown, page, [], 6)).toBe(grown);
});

test("what is stored is the newest messages, complete from its window on", () => {
  const state = applyAll(
    club(),
    Array.from({ length: 30 }, (_, i) => posted(i + 3)),
  );
  const kept = trimmed(state, 10);
  expect(kept.messages.map((message) => message.seq)).toEqual([23, 24, 25, 26, 27, 28, 29, 30, 31, 32]);
  expect(kept.window).toBe(23);
  expect(kept.seq).toBe(32);
});

/** Made by the server's tests: its state before, what happened, its state after. Both sides must agree. */
const fixtures = join(import.meta.dirname, "../../../tests/fixtures/actions");

describe.runIf(existsSync(fixtures))("the server's own histories", () => {
  const names = existsSync(fixtures) ? readdirSync(fixtures).filter((name) => name.endsWith(".json")) : [];

  test("there are some", () => {
    expect(names.length).toBeGreaterThan(0);
  });

  test.each(names)("%s: state + actions = fresh state", (name) => {
    const { before, actions, after } = JSON.parse(readFileSync(join(fixtures, name), "utf8")) as {
      before: Snapshot;
      actions: Placed[];
      after: Snapshot;
    };
    expect(asSnapshot(applyAll(fromSnapshot(before), actions))).toEqual(sorted(after));
  });
});

function asSnapshot(state: GroupState): Snapshot {
  const { members, notices: _notices, messages, ...rest } = state;
  return sorted({ ...rest, members: [...members.values()], messages: [...messages] });
}

function sorted(snapshot: Snapshot): Snapshot {
  return { ...snapshot, members: [...snapshot.members].sort((a, b) => (a.user < b.user ? -1 : 1)) };
}
