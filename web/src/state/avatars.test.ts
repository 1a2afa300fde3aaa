import { beforeEach, expect, test, vi } from "vitest";
import type { Member, Placed } from "../wire/types";
import { snapshotOf } from "./given";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("./house.svelte");
const { applyAll, fromSnapshot } = await import("./apply");
const { avatarsAfter, avatarsFrom, avatarsWithout } = await import("./avatars");

const at = "2026-11-22T18:00:00.000000Z";
const ben = (more: Partial<Member> = {}): Member => ({
  user: "ben",
  name: "Ben",
  role: "member",
  left: false,
  ...more,
});

function held(group: number, ...members: Member[]) {
  const state = fromSnapshot(snapshotOf({ group, seq: 2, members }));
  house.states.set(group, state);
  avatarsFrom(state);
  return state;
}

function happens(group: number, ...actions: Placed[]) {
  house.states.set(group, applyAll(house.states.get(group)!, actions));
  avatarsAfter(actions);
}

const pictured = (seq: number, avatar?: string): Placed => ({
  seq,
  at,
  type: "person_pictured",
  user: "ben",
  ...(avatar && { avatar }),
});
const removed: Placed = { seq: 3, at, type: "member_removed", user: "ben", by: "ben" };

beforeEach(() => house.clear());

test("a picture is known as soon as one group that is held tells of it, and changes with the log", () => {
  held(1, ben());
  expect(house.avatars.get("ben")).toBeUndefined();
  happens(1, pictured(3, "one"));
  expect(house.avatars.get("ben")).toBe("one");
  happens(1, pictured(4, "two"));
  expect(house.avatars.get("ben")).toBe("two");
  happens(1, pictured(5));
  expect(house.avatars.has("ben")).toBe(false);
});

test("whoever comes brings theirs, whoever leaves takes it along", () => {
  held(1);
  happens(1, { seq: 3, at, type: "member_joined", user: "ben", name: "Ben", role: "member", avatar: "one" });
  expect(house.states.get(1)!.members.get("ben")).toMatchObject({ avatar: "one" });
  expect(house.avatars.get("ben")).toBe("one");
  happens(1, { ...removed, seq: 4 });
  expect(house.states.get(1)!.members.get("ben")).not.toHaveProperty("avatar");
  expect(house.avatars.has("ben")).toBe(false);
});

test("whoever is still met elsewhere keeps their face, until that group is held no more, either", () => {
  held(1, ben({ avatar: "one" }));
  const other = held(2, ben({ avatar: "one" }));
  happens(1, removed);
  expect(house.avatars.get("ben")).toBe("one");
  held(3, ben({ left: true }));
  expect(house.avatars.get("ben")).toBe("one");
  house.states.delete(2);
  avatarsWithout(other);
  expect(house.avatars.has("ben")).toBe(false);
});

test("a fresh state in which somebody has no picture any more is believed", () => {
  held(1, ben({ avatar: "one" }));
  held(1, ben());
  expect(house.avatars.has("ben")).toBe(false);
});

test("what a group tells late of somebody who left it does not stay over what others know", () => {
  held(1, ben());
  held(2, ben({ avatar: "two" }));
  happens(1, pictured(3, "one"), { ...removed, seq: 4 });
  expect(house.avatars.get("ben")).toBe("two");
});
