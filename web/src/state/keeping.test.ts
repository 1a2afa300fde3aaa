import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GroupState } from "./apply";
import { fromSnapshot } from "./apply";
import { entryOf, snapshotOf } from "./given";
import { KEPT_GROUPS_MAX } from "./kept";
import type { Intake } from "./intake";

vi.stubGlobal("document", { hidden: false });
const device = { saveData: false };
vi.stubGlobal("navigator", { connection: device });
const { house } = await import("./house.svelte");
const { Keeping } = await import("./keeping");

const held = (group: number): GroupState => fromSnapshot(snapshotOf({ group, seq: 1 }));

/** An intake to which every room comes, but for those that do not. */
function intake(fails: readonly number[] = []) {
  const asked: number[] = [];
  const keep = (group: number) => {
    asked.push(group);
    if (!fails.includes(group)) house.states.set(group, held(group));
    return Promise.resolve();
  };
  const cursor = (group: number) => house.states.get(group)?.seq ?? null;
  return { asked, intake: { keep, cursor } as unknown as Intake };
}

const club = entryOf({ group: 1 });
const room = (group: number, more = {}) => entryOf({ group, kind: "channel", parent: 1, ...more });

function listOf(...groups: ReturnType<typeof entryOf>[]) {
  house.me = { user: "me", groups } as never;
}

beforeEach(() => {
  vi.useFakeTimers();
  house.clear();
  house.link = "live";
  device.saveData = false;
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
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([1, 4, 9]);
  listOf(...house.me!.groups, room(7));
  keeping.soon();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([1, 4, 9, 7]);
  keeping.stop();
});

test("what does not come is not asked for again until something calls for it", async () => {
  listOf(club, room(3));
  const { asked, intake: taking } = intake([1]);
  const keeping = new Keeping(taking);
  keeping.soon();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([1]);
  keeping.soon();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([1, 1]);
  keeping.stop();
});

test("nothing comes without a connection, for who saves data, after the end, or beyond the limit", async () => {
  listOf(club);
  const { asked, intake: taking } = intake();
  house.link = "connecting";
  const keeping = new Keeping(taking);
  const tried = async () => {
    keeping.soon();
    await vi.advanceTimersByTimeAsync(60_000);
  };
  await tried();
  house.link = "live";
  device.saveData = true;
  await tried();
  device.saveData = false;
  for (let group = 100; group < 100 + KEPT_GROUPS_MAX; group++) house.states.set(group, held(group));
  await tried();
  house.states.clear();
  keeping.stop();
  await tried();
  expect(asked).toEqual([]);
});
