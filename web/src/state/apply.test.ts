import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Placed, Snapshot } from "../wire/types";
import { snapshotOf } from "./given";
import { apply, applyAll, fromSnapshot, trimmed, withOlder, type GroupState } from "./apply";

const at = "2026-11-22T18:00:00.000000Z";
const member = { user: "ann", name: "Ann", role: "owner", left: false } as const;

function club(): GroupState {
  return fromSnapshot(snapshotOf({ group: 7, seq: 2, members: [member] }));
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

test("an edit changes the message where it stands, and a deletion leaves a place that says nothing", () => {
  const state = applyAll(club(), [
    posted(3, "one"),
    posted(4, "two"),
    { seq: 5, at, type: "emote_added", id: "id-3", emote: "👍", user: "ben" },
    { seq: 6, at, type: "message_pinned", id: "id-3", by: "ann" },
    { seq: 7, at, type: "message_edited", id: "id-4", text: "zwei" },
    { seq: 8, at, type: "message_deleted", id: "id-3", by: "ann" },
    { seq: 9, at, type: "message_edited", id: "id-3", text: "back" },
  ]);
  expect(state.messages).toEqual([
    { id: "id-3", group: 7, seq: 3, author: "ann", text: "", sent_at: at, deleted: true },
    { id: "id-4", group: 7, seq: 4, author: "ann", text: "zwei", sent_at: at, edited_at: at },
  ]);
  expect(state.pinned).toEqual([]);
});

test("what is done to a message that is not held changes nothing", () => {
  const before = applyAll(club(), [posted(3)]);
  const after = apply(before, { seq: 4, at, type: "message_edited", id: "id-1", text: "x" });
  expect(after.messages).toBe(before.messages);
});

test("kinds of reactions and who reacted stand in one order, whoever came first", () => {
  const react = (seq: number, user: string, emote: string, type: "emote_added" | "emote_removed") =>
    ({ seq, at, type, id: "id-3", emote, user }) satisfies Placed;
  const both = applyAll(club(), [
    posted(3),
    react(4, "zoe", "👍", "emote_added"),
    react(5, "ben", "👍", "emote_added"),
    react(6, "ben", "❤️", "emote_added"),
  ]);
  expect(both.messages[0]!.emotes).toEqual([
    { emote: "❤️", users: ["ben"] },
    { emote: "👍", users: ["ben", "zoe"] },
  ]);
  const none = applyAll(both, [
    react(7, "ben", "👍", "emote_removed"),
    react(8, "zoe", "👍", "emote_removed"),
    react(9, "ben", "❤️", "emote_removed"),
  ]);
  expect(none.messages[0]).not.toHaveProperty("emotes");
});

test("a room that is changed says what it is now, and whoever inherits it another role", () => {
  const state = applyAll(club(), [
    {
      seq: 3,
      at,
      type: "channel_changed",
      by: "ann",
      name: "Board",
      description: "d",
      announce: true,
      landing: false,
      archived: true,
    },
    { seq: 4, at, type: "role_changed", user: "ann", role: "member" },
    { seq: 5, at, type: "club_changed", by: "ann", rooms_by_admins: true, dms_off: true },
  ]);
  expect(state).toMatchObject({
    name: "Board",
    description: "d",
    announce: true,
    archived: true,
    dms_off: true,
  });
  expect(state.members.get("ann")?.role).toBe("member");
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
  { seq: 3, at, type: "channel_followed", group: 9, on: true },
  { seq: 3, at, type: "dm_created", by: "ann" },
  { seq: 3, at, type: "person_blocked", user: "ben" },
  { seq: 3, at, type: "person_unblocked", user: "ben" },
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
  const { members, notices: _notices, messages, pinned, labels, club_emotes, ...rest } = state;
  return sorted({
    ...rest,
    members: [...members.values()],
    messages: [...messages],
    pinned: [...pinned],
    labels: [...labels],
    club_emotes: [...club_emotes],
  });
}

function sorted(snapshot: Snapshot): Snapshot {
  return { ...snapshot, members: [...snapshot.members].sort((a, b) => (a.user < b.user ? -1 : 1)) };
}

test("what a link shows comes, is another, and goes", () => {
  const preview = { url: "https://news.example/", title: "News" };
  const shown = (seq: number, more: object): Placed => ({
    seq,
    at,
    type: "link_previewed",
    id: "id-3",
    ...more,
  });
  const before = apply(club(), posted(3, "https://news.example/"));
  const first = apply(before, shown(4, { preview }));
  expect(first.messages[0]).toMatchObject({ text: "https://news.example/", preview });
  const second = apply(first, shown(5, { preview: { ...preview, title: "Other" } }));
  expect(second.messages[0]!.preview!.title).toBe("Other");
  const gone = apply(second, shown(6, {}));
  expect(gone.messages).toEqual(before.messages);
  expect(gone.seq).toBe(6);
});

test("what was shown and is rewritten in the log shows nothing, and changes no message that shows nothing", () => {
  const before = apply(club(), posted(3));
  const after = apply(before, { seq: 4, at, type: "link_previewed", id: "id-3" });
  expect(after.messages).toBe(before.messages);
});

test("a deleted message shows nothing, and an edited one what it showed", () => {
  const preview = { url: "https://news.example/", title: "News" };
  const shown = applyAll(club(), [posted(3), { seq: 4, at, type: "link_previewed", id: "id-3", preview }]);
  const edited = apply(shown, { seq: 5, at, type: "message_edited", id: "id-3", text: "still" });
  expect(edited.messages[0]).toMatchObject({ text: "still", preview });
  const deleted = apply(edited, { seq: 6, at, type: "message_deleted", id: "id-3", by: "ann" });
  expect(deleted.messages[0]).not.toHaveProperty("preview");
});
