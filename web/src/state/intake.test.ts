import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../wire/http";
import { snapshotOf } from "./given";
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
  const heard = { applied: vi.fn(), closed: vi.fn() };
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
