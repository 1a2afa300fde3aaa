import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../wire/http";
import { entryOf, snapshotOf } from "./given";
import type { ActionsPage, Placed } from "../wire/types";
import { fromSnapshot } from "./apply";

vi.stubGlobal("document", { hidden: false });
const asked: string[] = [];
/** What the server says to each call; an error is thrown. */
let answer: (path: string) => unknown;
vi.mock("./access", () => ({
  callAsMe: (_method: string, path: string) => {
    asked.push(path);
    const said = answer(path);
    return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
  },
}));
const { house } = await import("./house.svelte");
const { Intake } = await import("./intake");
const { Store } = await import("./store");

const snapshot = (seq: number) => snapshotOf({ group: 3, seq });

const posted = (seq: number): Placed => ({
  seq,
  at: "",
  type: "message_posted",
  id: `${seq}`,
  author: "ann",
  text: "hi",
});

const pageUpTo = (after: number, to: number, head: number): ActionsPage => ({
  group: 3,
  from: after + 1,
  to,
  actions: Array.from({ length: to - after }, (_, i) => posted(after + 1 + i)),
  more: to < head,
  head,
});

const asks = (path: string) => Object.fromEntries(new URLSearchParams(path.split("?")[1]));

async function intake(seq?: number) {
  const store = await Store.open("me");
  if (seq !== undefined) vi.spyOn(store, "groups").mockResolvedValue([fromSnapshot(snapshot(seq))]);
  const heard = { applied: vi.fn(), closed: vi.fn(), late: vi.fn() };
  const taking = new Intake(store, heard);
  await taking.load("e1");
  return { taking, heard };
}

beforeEach(() => {
  house.clear();
  house.link = "connecting";
  asked.length = 0;
  vi.useFakeTimers();
});

afterEach(() => vi.useRealTimers());

test("where the line breaks before a page is through, a smaller one is asked for, then a whole one again", async () => {
  const { taking } = await intake(4);
  answer = (path) => {
    const [after, limit] = [Number(asks(path).after), Number(asks(path).limit)];
    return after === 4 && limit > 50 ? new Unreachable() : pageUpTo(after, Math.min(after + limit, 40), 40);
  };
  await taking.pull(3);
  expect(asked.map((path) => [asks(path).after, asks(path).limit])).toEqual([
    ["4", "500"],
    ["4", "125"],
    ["4", "31"],
    ["35", "500"],
  ]);
  expect(house.states.get(3)?.messages).toHaveLength(36);
});

test("where there is no line at all, or the server said no, a pull ends", async () => {
  const { taking, heard } = await intake(4);
  answer = () => new Unreachable();
  await taking.pull(3);
  expect(asked.map((path) => asks(path).limit)).toEqual(["500", "125", "31", "20"]);
  answer = () => new Refused("unavailable", 503);
  await taking.pull(3);
  expect(asked).toHaveLength(5);
  expect(heard.closed).not.toHaveBeenCalled();
});

const unlessDown = (down: () => boolean) => (path: string) => {
  if (down()) return new Unreachable();
  return path.endsWith("snapshot") ? snapshot(4) : pageUpTo(4, 4, 4);
};

test("a snapshot that did not come is fetched again when the server tells of heads, or the connection is back", async () => {
  const { taking } = await intake();
  answer = unlessDown(() => asked.length <= 2);
  await taking.fetchSnapshot(3);
  await taking.fetchWanted();
  expect(taking.cursor(3)).toBeNull();
  await taking.catchUp({});
  expect(taking.cursor(3)).toBe(4);
  const calls = asked.length;
  await taking.fetchWanted();
  expect(asked).toHaveLength(calls);
  taking.stop();
});

test("while there is a connection a snapshot that did not come is fetched until it is here", async () => {
  const { taking } = await intake();
  house.link = "live";
  answer = unlessDown(() => asked.length <= 3);
  await taking.fetchSnapshot(3);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked.filter((path) => path.endsWith("snapshot"))).toHaveLength(4);
  expect(taking.cursor(3)).toBe(4);
  taking.stop();
});

test("what is not for us, or was dropped, is not wanted any more", async () => {
  const { taking, heard } = await intake();
  house.link = "live";
  answer = () => new Refused("not_found", 404);
  await taking.fetchSnapshot(3);
  expect(heard.closed).toHaveBeenCalledOnce();
  answer = () => new Unreachable();
  await taking.fetchSnapshot(4);
  taking.drop(4);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked).toHaveLength(2);
  taking.stop();
});

/** Held up to 4 each; rooms 10 and up lie in club 3, and 10 is on the screen. */
async function rooms(groups: readonly number[]) {
  const store = await Store.open("me");
  const states = groups.map((group) => fromSnapshot(snapshotOf({ group, seq: 4, parent: 3 })));
  vi.spyOn(store, "groups").mockResolvedValue([fromSnapshot(snapshot(4)), ...states]);
  house.me = {
    user: "me",
    groups: [
      entryOf({ group: 3, head: 4 }),
      ...groups.map((group) => entryOf({ group, kind: "channel", parent: 3, head: 4 })),
    ],
  } as never;
  house.shown = 10;
  const heard = { applied: vi.fn(), closed: vi.fn(), late: vi.fn() };
  const taking = new Intake(store, heard);
  await taking.load("e1");
  return { taking, heard, store };
}

const groupOf = (path: string) => Number(path.split("/")[2]);
const pageOf = (path: string, head: number): ActionsPage => ({
  ...pageUpTo(4, head, head),
  group: groupOf(path),
});

test("coming back, only what is on the screen is waited for; the rest follows some at a time", async () => {
  const others = Array.from({ length: 20 }, (_, i) => 11 + i);
  const { taking, heard } = await rooms([10, ...others]);
  answer = (path) => pageOf(path, 9);
  await taking.catchUp(Object.fromEntries([3, 10, ...others].map((group) => [group, 9])));
  expect(asked.map(groupOf)).toEqual([3, 10]);
  expect(heard.late.mock.calls.flat()).toEqual(others);
  expect(taking.lagsInSight).toBe(false);

  house.link = "live";
  taking.live();
  expect(asked.map(groupOf).slice(2)).toEqual(others.slice(0, 4));
  await vi.advanceTimersByTimeAsync(0);
  expect(others.map((group) => taking.cursor(group))).toEqual(others.map(() => 9));
  expect(asked).toHaveLength(22); // each once
  taking.stop();
});

test("a room that is opened meanwhile is brought up to date at once, and asked for once", async () => {
  const { taking } = await rooms([10, 11]);
  answer = (path) => pageOf(path, 9);
  await taking.catchUp({ 11: 9 });
  house.shown = 11;
  expect(taking.lagsInSight).toBe(true);
  await taking.pullInSight();
  expect([taking.cursor(11), taking.lagsInSight]).toEqual([9, false]);
  house.link = "live";
  taking.live();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(1);
  taking.stop();
});

test("of a log that is far ahead and not on the screen the snapshot is fetched, by whatever way one comes to it", async () => {
  const { taking, heard, store } = await rooms([10, 11, 12]);
  answer = (path) => {
    if (path.endsWith("snapshot")) return snapshotOf({ group: groupOf(path), seq: 1_990, parent: 3 });
    const after = Number(asks(path).after);
    return { ...pageUpTo(after, Math.min(after + 500, 2_000), 2_000), group: groupOf(path) };
  };
  await taking.catchUp({ 10: 2_000, 11: 2_000 });
  expect(asked.map(groupOf)).toEqual([10, 10, 10, 10]); // on the screen: its log, however far
  expect([taking.cursor(10), taking.cursor(11)]).toEqual([2_000, 4]);
  house.link = "live";
  taking.take(12, { from: 2_000, to: 2_000, actions: [posted(2_000)] });
  await vi.advanceTimersByTimeAsync(600);
  await taking.catchUp({ 11: 2_000 });
  await vi.advanceTimersByTimeAsync(0);
  expect([taking.cursor(11), taking.cursor(12)]).toEqual([2_000, 2_000]);
  for (const group of [11, 12])
    expect(asked.filter((path) => groupOf(path) === group && Number(asks(path).after) < 1_000)).toEqual([]);
  expect(heard.late).toHaveBeenCalledWith(11);

  house.include(entryOf({ group: 13, kind: "channel", parent: 3 }));
  house.heads.set(13, 2_000);
  vi.spyOn(store, "group").mockResolvedValue(fromSnapshot(snapshotOf({ group: 13, seq: 4, parent: 3 })));
  asked.length = 0;
  await taking.keep(13);
  expect([asked[0], taking.cursor(13)]).toEqual(["/groups/13/snapshot", 2_000]);
  taking.stop();
});

test("what another database said is not taken from the store", async () => {
  const { taking, store } = await rooms([10]);
  house.include(entryOf({ group: 12 }));
  vi.spyOn(store, "group").mockResolvedValue(fromSnapshot(snapshotOf({ group: 12, seq: 7 })));
  taking.epoch = "e2";
  answer = (path) =>
    path.endsWith("snapshot") ? snapshotOf({ group: 12, seq: 2, epoch: "e2" }) : pageUpTo(2, 2, 2);
  await taking.keep(12);
  expect(taking.cursor(12)).toBe(2);
  taking.stop();
});

test("a snapshot that is dropped on its way and asked for again is the second one", async () => {
  const { taking } = await intake();
  const told: (() => void)[] = [];
  let seq = 4;
  answer = (path) =>
    path.endsWith("snapshot")
      ? new Promise((come) => told.push(() => come(snapshot(seq))))
      : pageUpTo(seq, seq, seq);
  const first = taking.fetchSnapshot(3);
  expect(taking.isFetching(3)).toBe(true);
  taking.drop(3);
  const second = taking.fetchSnapshot(3);
  told[0]!();
  await first;
  expect(taking.cursor(3)).toBeNull();
  seq = 8;
  told[1]!();
  await second;
  expect(taking.cursor(3)).toBe(8);
  taking.stop();
});

test("what is on the screen is stored soon, the rest in its time, and all when the page goes", async () => {
  const { taking, store } = await rooms([10, 11]);
  const stored = vi.spyOn(store, "keepGroup");
  const groups = () => stored.mock.calls.map(([state]) => state.group);
  for (const group of [10, 11]) taking.take(group, { from: 5, to: 5, actions: [posted(5)] });
  await vi.advanceTimersByTimeAsync(500);
  expect(groups()).toEqual([10]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(groups()).toEqual([10]);
  await vi.advanceTimersByTimeAsync(5_500);
  expect(groups()).toEqual([10, 11]);
  taking.take(11, { from: 6, to: 6, actions: [posted(6)] });
  taking.storeNow();
  expect(groups()).toEqual([10, 11, 11]);
  taking.stop();
});
