import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../wire/http";
import type { GroupState } from "./apply";
import { fromSnapshot } from "./apply";
import { entryOf, snapshotOf } from "./given";
import { KEEPING_UP_TO, KEPT_GROUPS_MAX } from "./kept";
import type { Intake } from "./intake";

const page = { hidden: false };
vi.stubGlobal("document", page);
const device = { saveData: false };
vi.stubGlobal("navigator", { connection: device });
const { house } = await import("./house.svelte");
const { Keeping } = await import("./keeping");

const held = (group: number): GroupState => fromSnapshot(snapshotOf({ group, seq: 1 }));

/** An intake to which every room comes, but for those that do not. */
function intake(fails: readonly number[] = [], error: Error | null = null, keeps = true) {
  const asked: number[] = [];
  const keep = (group: number) => {
    asked.push(group);
    if (!fails.includes(group)) house.states.set(group, held(group));
    else if (error) return Promise.reject(error);
    return Promise.resolve();
  };
  const cursor = (group: number) => house.states.get(group)?.seq ?? null;
  return { asked, intake: { keep, cursor, keeps } as unknown as Intake };
}

/** Whoever is next at the latest moment that there is. */
const AT_LAST_MS = 60_000;

const club = entryOf({ group: 1 });
const room = (group: number, more = {}) => entryOf({ group, kind: "channel", parent: 1, ...more });

function listOf(...groups: ReturnType<typeof entryOf>[]) {
  house.me = { user: "me", groups } as never;
}

let people = 0;

beforeEach(() => {
  vi.useFakeTimers();
  house.clear();
  house.user = `u_${people++}`; // nobody waits for a round that another test has left
  house.link = "live";
  device.saveData = page.hidden = false;
});

afterEach(() => vi.useRealTimers());

test("every room in the list comes, one after the other, first where something is new", async () => {
  const notes = entryOf({ group: 9, kind: "self" });
  listOf(
    notes,
    room(3),
    room(4, { unread: 2 }),
    room(5, { followed: false }),
    room(6, { archived: true }),
    club,
  );
  const { asked, intake: taking } = intake();
  house.states.set(3, held(3)); // opened already
  const keeping = new Keeping(taking);
  keeping.soon();
  keeping.soon();
  await vi.advanceTimersByTimeAsync(AT_LAST_MS + 10_000);
  expect(asked).toEqual([1, 4, 9]);
  listOf(...house.me!.groups, room(7));
  keeping.soon();
  await vi.advanceTimersByTimeAsync(AT_LAST_MS + 10_000);
  expect(asked).toEqual([1, 4, 9, 7]);
  keeping.stop();
});

test("what does not come is left out until the next connection, and keeps nothing else back", async () => {
  listOf(club, room(3));
  const { asked, intake: taking } = intake([1]);
  const keeping = new Keeping(taking);
  const goes = () => vi.advanceTimersByTimeAsync(AT_LAST_MS + 10_000);
  keeping.live();
  await goes();
  expect(asked).toEqual([1, 3]);
  keeping.soon();
  await goes();
  expect(asked).toEqual([1, 3]);
  keeping.live();
  await goes();
  expect(asked).toEqual([1, 3, 1]);
  keeping.stop();
});

test("where the server asks for a pause it is left alone for a minute at least", async () => {
  listOf(club, room(3));
  const { asked, intake: taking } = intake([1], new Refused("rate_limited", 429));
  const keeping = new Keeping(taking);
  keeping.live();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([1]);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked.slice(0, 2)).toEqual([1, 1]);
  keeping.stop();
});

test("as a page opens it begins soon, when a connection is back each device at its own moment", async () => {
  const chance = vi.spyOn(Math, "random").mockReturnValue(1);
  listOf(club, room(3), room(4));
  const { asked, intake: taking } = intake();
  const keeping = new Keeping(taking);
  keeping.live();
  keeping.soon(); // does not put it off
  await vi.advanceTimersByTimeAsync(6_000 + 500);
  expect(asked).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(asked).toEqual([1]);
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toEqual([1, 3]);
  await vi.advanceTimersByTimeAsync(10_000);
  house.states.delete(4);
  keeping.live();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(asked).toEqual([1, 3, 4]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toEqual([1, 3, 4, 4]);
  keeping.stop();
  chance.mockRestore();
});

test("a page that nobody looks at leaves it to another, until somebody does", async () => {
  listOf(club);
  const { asked, intake: taking } = intake();
  const keeping = new Keeping(taking);
  page.hidden = true;
  keeping.live();
  await vi.advanceTimersByTimeAsync(AT_LAST_MS);
  expect(asked).toEqual([]);
  page.hidden = false;
  keeping.seen();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([1]);
  keeping.stop();
});

test("conversations take their places together, when all have come", async () => {
  const talk = (group: number) => entryOf({ group, kind: "dm", head: 9 });
  const wrote = (group: number, day: number): GroupState => ({
    ...held(group),
    messages: [{ id: "m", group, seq: 1, author: "ann", text: "", sent_at: `2026-03-${day}T10:00:00Z` }],
  });
  listOf(talk(2), talk(3), talk(4));
  const shown: number[][] = [];
  const days = new Map([
    [2, 20],
    [3, 11],
    [4, 12],
  ]);
  const keep = (group: number) => {
    house.states.set(group, wrote(group, days.get(group)!));
    shown.push(house.dms.map((dm) => dm.group));
    return Promise.resolve();
  };
  const cursor = (group: number) => house.states.get(group)?.seq ?? null;
  const keeping = new Keeping({ keep, cursor, keeps: true } as unknown as Intake);
  keeping.live();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(shown).toEqual([
    [4, 3, 2],
    [4, 3, 2],
    [4, 3, 2],
  ]);
  expect(house.dms.map((dm) => dm.group)).toEqual([2, 4, 3]);
  keeping.stop();
});

test("nothing comes without a connection, for who saves data, near the limit, without a store, or after the end", async () => {
  listOf(club);
  const { asked, intake: taking } = intake();
  house.link = "connecting";
  const keeping = new Keeping(taking);
  const tried = async () => {
    keeping.soon();
    await vi.advanceTimersByTimeAsync(AT_LAST_MS + 10_000);
  };
  await tried();
  house.link = "live";
  device.saveData = true;
  await tried();
  device.saveData = false;
  for (let group = 100; group < 100 + KEEPING_UP_TO * KEPT_GROUPS_MAX; group++)
    house.states.set(group, held(group));
  await tried();
  house.states.clear();
  keeping.stop();
  await tried();
  const nowhere = intake([], null, false);
  new Keeping(nowhere.intake).live();
  await vi.advanceTimersByTimeAsync(AT_LAST_MS);
  expect([asked, nowhere.asked]).toEqual([[], []]);
});
