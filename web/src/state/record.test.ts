import { expect, test } from "vitest";
import type { AuditEntry } from "../wire/types";
import { sentenceOf } from "./record";

const entry: AuditEntry = {
  id: 1,
  at: "2026-11-22T18:00:00.000000Z",
  what: "club_changed",
  by: { user: "ann", name: "Ann" },
  about_user: null,
  about_group: null,
  details: {},
};

test("what was changed is said in words, one after the other", () => {
  const details = { name: ["Chess", "Go"], joining_paused: [false, true], unheard_of: [1, 2] };
  expect(sentenceOf({ ...entry, details })).toBe(
    "Ann changed the club: the name from Chess to Go and new members paused: on",
  );
});

test("who was removed is named, and what the host did is the host's", () => {
  const removed = { ...entry, what: "member_removed", about_user: { user: "ben", name: "Ben" } };
  expect(sentenceOf(removed)).toBe("Ann removed Ben");
  expect(sentenceOf({ ...entry, what: "club_suspended", by: null })).toMatch(/^The host/);
});

test("what a newer server writes is told somehow", () => {
  expect(sentenceOf({ ...entry, what: "moon_painted" })).toBe("Ann: moon painted");
});
