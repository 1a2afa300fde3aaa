import { beforeEach, expect, test, vi } from "vitest";
import type { Door, Placed } from "../wire/types";
import type { Store } from "./store";

vi.stubGlobal("document", { hidden: false });
vi.stubGlobal("location", { pathname: "/" });
const asked: ((door: Door | Promise<Door>) => void)[] = [];
vi.mock("./intake", () => ({
  calls: { doorList: () => new Promise<Door>((answer) => asked.push(answer)) },
}));
vi.mock("./account", () => ({ here: () => undefined, stillHere: () => null }));
const { ticking } = await import("./ticking.svelte");

const door = (...people: string[]): Door => ({
  key: "once",
  group: 7,
  name: "Concert",
  people: people.map((user) => ({ user, name: user })),
});
const who = () => ticking.door("e", "once")?.people.map(({ user, came }) => (came ? `${user} came` : user));

/** Of one person: what is kept of lists. */
function storeOf(kept: readonly Door[] = []) {
  const held: Door[] = [...kept];
  const store = {
    doors: () => Promise.resolve(held.map((one) => ({ event: "e", door: one }))),
    ticks: () => Promise.resolve([]),
    keepDoors: (doors: readonly { door: Door }[]) => {
      held.splice(0, held.length, ...doors.map((one) => one.door));
      return Promise.resolve();
    },
  };
  return { held, store: store as unknown as Store };
}

beforeEach(() => {
  ticking.end();
  asked.length = 0;
});

test("a list that comes after its reader has signed out is for nobody, and is kept with nobody", async () => {
  const [ann, ben] = [storeOf(), storeOf()];
  await ticking.begin(ann.store);
  const loading = ticking.load("e", "once");
  ticking.end();
  await ticking.begin(ben.store);
  asked[0]!(door("cleo"));
  await loading;
  expect(who()).toBeUndefined();
  expect([...ann.held, ...ben.held]).toEqual([]);
});

test("what a device kept for somebody who has signed out meanwhile is not shown to the next", async () => {
  const beginning = ticking.begin(storeOf([door("cleo")]).store);
  ticking.end();
  await Promise.all([beginning, ticking.begin(storeOf().store)]);
  expect(who()).toBeUndefined();
});

test("of two answers that overtake each other the one to the newest question holds, with what was ticked since", async () => {
  await ticking.begin(storeOf().store);
  const both = [ticking.load("e", "once"), ticking.load("e", "once")];
  ticking.heard([
    {
      type: "event_ticked",
      group: 7,
      key: "once",
      by: "me",
      ticks: [{ user: "dora", came: true }],
    } as Placed,
  ]);
  asked[1]!(door("cleo", "dora"));
  asked[0]!(door("cleo"));
  await Promise.all(both);
  expect(who()).toEqual(["cleo", "dora came"]);
});

test("an answer that comes slowly is shown where a later question was not answered at all", async () => {
  await ticking.begin(storeOf().store);
  const both = [ticking.load("e", "once"), ticking.load("e", "once")];
  asked[1]!(Promise.reject(new Error("no line")));
  await expect(both[1]).rejects.toThrow("no line");
  asked[0]!(door("cleo"));
  await both[0];
  expect(who()).toEqual(["cleo"]);
});
