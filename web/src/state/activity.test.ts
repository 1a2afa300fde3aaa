import { beforeEach, expect, test, vi } from "vitest";
import { entryOf } from "./given";
import type { ActivityEntry, ActivityPage, Me, Placed } from "../wire/types";

vi.stubGlobal("document", { hidden: false });
vi.stubGlobal("location", { pathname: "/" });
let page: ActivityPage;
vi.mock("./intake", () => ({
  calls: { activity: () => Promise.resolve(page), seeActivity: () => Promise.resolve() },
}));
const heard = new Set();
vi.mock("./account", () => ({ here: () => ({ heard }) }));
const { activity } = await import("./activity.svelte");
const { calling } = await import("./calling.svelte");
const { house } = await import("./house.svelte");

const at = (minute: number) => `2026-11-26T20:${String(minute).padStart(2, "0")}:00.000000Z`;
const said = (seq: number, text: string, more: Partial<Placed> = {}) =>
  ({ type: "message_posted", id: `m${seq}`, seq, at: at(seq), author: "ben", text, ...more }) as Placed;
const stands = (seq: number): ActivityEntry => ({
  kind: "mention",
  group: 1,
  seq,
  at: at(seq),
  by: [],
  people: 1,
  emotes: [],
});
const shown = () => activity.entries.map(({ kind, seq }) => `${kind} ${seq}`);

beforeEach(() => {
  house.clear();
  activity.end();
  calling.done();
  house.user = "me";
  house.link = "live";
  const groups = [
    { group: 1 },
    { group: 2, kind: "channel" as const, followed: false },
    { group: 3, kind: "dm" as const },
  ];
  house.me = {
    groups: groups.map(entryOf),
    activity_seen: "",
    activity_unseen: 4,
    blocked: [],
  } as unknown as Me;
});

test("an event stands there until its next occurrence is answered, and again when that is asked again", () => {
  const occurrences = [
    { key: "gone", start: "2020-01-01T18:00:00.000000Z" },
    { key: "next", start: "2090-01-01T18:00:00.000000Z" },
    { key: "later", start: "2091-01-01T18:00:00.000000Z" },
  ];
  const answered = (...mine: object[]) => {
    const event = { cancelled: false, closes_min: 0, asked: [], occurrences, mine };
    const known = entryOf({ group: 9, kind: "event", event } as never);
    house.me = { ...house.me!, groups: [...house.me!.groups.filter(({ group }) => group !== 9), known] };
  };
  activity.heard(1, [said(2, "Concert", { event: 9 } as Partial<Placed>)]);
  expect(shown()).toEqual(["event 2"]);
  answered({ key: "gone" });
  expect(shown()).toEqual(["event 2"]);
  answered({ key: "next" });
  expect(shown()).toEqual([]);
  answered({ key: "next", again: true });
  expect(shown()).toEqual(["event 2"]);
});

test("an event that asks others stands there only for whom it asks, as soon as that is known", () => {
  const occurrences = [{ key: "next", start: "2090-01-01T18:00:00.000000Z" }];
  const event = { cancelled: false, closes_min: 0, asked: ["tenor"], occurrences, mine: [] };
  const known = entryOf({ group: 9, kind: "event", parent: 1, event } as never);
  house.me = { ...house.me!, groups: [...house.me!.groups, known] };
  activity.heard(1, [said(2, "Concert", { event: 9 } as Partial<Placed>)]);
  const knownLabels = ["tenor", "bass"].map((label) => ({ label, name: label }));
  const carrying = (...labels: string[]) =>
    house.states.set(1, {
      private: true,
      parent: null,
      labels: knownLabels,
      members: new Map([["me", { labels }]]),
    } as never);
  expect(shown()).toEqual(["event 2"]);
  carrying("bass");
  expect(shown()).toEqual([]);
  carrying("bass", "tenor");
  expect(shown()).toEqual(["event 2"]);
});

test("who calls or answers me is there once, newest first, and gone when they say so no more", () => {
  activity.heard(1, [said(1, "mine", { author: "me" } as Partial<Placed>)]);
  activity.heard(1, [
    said(2, "<@me>"),
    said(3, "`<@me>` as code"),
    said(4, "yes", { reply_to: "m1" } as Partial<Placed>),
  ]);
  activity.heard(1, [said(2, "<@me>"), said(5, "<@all>"), said(6, "to nobody")]);
  activity.heard(2, [said(7, "<@all>"), said(8, "<@all> and <@me>")]); // a room that is not in my list
  expect(shown()).toEqual(["mention 8", "mention 5", "reply 4", "mention 2"]);
  activity.heard(1, [{ type: "message_edited", id: "m2", seq: 9, at: at(9), text: "nobody" }]);
  activity.heard(1, [{ type: "message_deleted", id: "m4", seq: 10, at: at(10), by: "ben" }]);
  expect(shown()).toEqual(["mention 8", "mention 5"]);
});

test("what counts is what came after I looked, on whichever device, and was not read where it stands", async () => {
  expect(activity.unseen).toBe(4); // as the list of groups said
  page = { entries: [stands(3), stands(2), stands(1)], seen: at(1), unseen: 2 };
  await activity.load();
  expect(activity.unseen).toBe(2);
  house.reads.set(1, 2);
  expect(activity.unseen).toBe(1);
  activity.heard(9, [{ type: "activity_seen", upto: at(3), seq: 1, at: at(4) }]);
  activity.heard(9, [{ type: "activity_seen", upto: at(2), seq: 2, at: at(4) }]);
  expect(activity.unseen).toBe(0);
  for (let seq = 4; seq < 20; seq++) activity.heard(1, [said(seq, "<@me>")]);
  expect(activity.unseen).toBe(10);
  await activity.see();
  expect([activity.unseen, activity.seen]).toEqual([0, at(19)]);
});

test("no number is lit where I want to be told nothing, nor by whom I block", async () => {
  const by = [{ user: "ben", name: "Ben" }];
  page = { entries: [{ ...stands(3), kind: "reply", by }, stands(2)], seen: "", unseen: 2 };
  await activity.load();
  house.block("ben", true);
  expect(activity.unseen).toBe(1);
  house.amend(1, { level: "nothing" });
  expect(activity.unseen).toBe(0);
});

test("what is said while a page is on its way is not lost by it", async () => {
  page = { entries: [stands(1)], seen: "", unseen: 1 };
  const loading = activity.load();
  activity.heard(1, [said(2, "<@me>")]);
  await loading;
  expect(shown()).toEqual(["mention 2", "mention 1"]);
});

test("shown for a moment is who calls or writes to me elsewhere, unless nothing is wanted from there, it is read or long ago", () => {
  house.amend(2, { followed: true, level: "nothing" });
  const ids = (looking: number) => calling.elsewhere(looking).map(({ id }) => id);
  house.link = "connecting";
  calling.heard(1, [said(1, "<@me> while I was away")]);
  house.link = "live";
  calling.heard(1, [
    said(2, "<@me>"),
    said(3, "nobody"),
    said(4, "<@me>", { author: "me" } as Partial<Placed>),
  ]);
  calling.heard(2, [said(5, "<@me> muted")]);
  calling.heard(3, [said(6, "just us")]);
  expect([ids(9), ids(1), ids(3)]).toEqual([["m6", "m2"], ["m6"], ["m2"]]);
  house.block("ben", true);
  expect(ids(9)).toEqual([]);
  house.block("ben", false);
  calling.show("m6"); // the worker need not tell of it once more
  expect(["m2", "m6"].map((id) => calling.wasShown(id))).toEqual([false, true]);
  house.reads.set(3, 6);
  calling.heard(1, [{ type: "message_deleted", id: "m2", seq: 9, at: at(9), by: "ben" }]);
  expect(ids(9)).toEqual([]);
});

test("what the log held when the connection came back was missed, and is not called out when it is pulled", () => {
  house.missed.set(1, 5);
  calling.heard(1, [said(5, "<@me> hours ago"), said(6, "<@me> now")]);
  expect(calling.elsewhere(2).map(({ seq }) => seq)).toEqual([6]);
});
