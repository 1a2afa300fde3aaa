import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { entryOf } from "./given";
import type { Me, Signal } from "../wire/types";

vi.stubGlobal("document", { hidden: false });
vi.mock("./intake", () => ({ calls: { online: () => new Promise((told) => answers.push(told)) } }));
const answers: ((online: { n: number; users: string[]; idle?: string[] }) => void)[] = [];
const { house } = await import("./house.svelte");
const { Presence } = await import("./presence");

const CLUB = 3;
const signal = (user: string, on: boolean, idle?: boolean): Signal => ({
  type: "signal",
  kind: "presence",
  group: CLUB,
  user,
  on,
  idle,
});
const here = () => [[...(house.online.get(CLUB) ?? [])].sort(), house.onlineCount.get(CLUB)];

let presence: InstanceType<typeof Presence>;

beforeEach(() => {
  house.clear();
  house.me = { groups: [entryOf({ group: CLUB })] } as unknown as Me;
  house.link = "live";
  answers.length = 0;
  presence = new Presence(
    () => true,
    () => undefined,
  );
});
afterEach(() => presence.stop());

test("who came while the list of those here was on its way is here, though the list is older", async () => {
  presence.watch(CLUB);
  presence.signal(signal("ann", true));
  answers[0]!({ n: 1, users: ["ben"] });
  await vi.waitFor(() => expect(here()).toEqual([["ann", "ben"], 2]));
});

test("who left meanwhile is gone, and who is in both counts once", async () => {
  presence.watch(CLUB);
  presence.signal(signal("ann", true));
  presence.signal(signal("ben", false));
  answers[0]!({ n: 2, users: ["ann", "ben"] });
  await vi.waitFor(() => expect(here()).toEqual([["ann"], 1]));
});

test("an answer that comes after a younger question changes nothing", async () => {
  presence.watch(CLUB);
  presence.live();
  answers.at(-1)!({ n: 2, users: ["ann", "ben"] });
  await vi.waitFor(() => expect(here()).toEqual([["ann", "ben"], 2]));
  answers[0]!({ n: 1, users: ["ben"] });
  await Promise.resolve();
  expect(here()).toEqual([["ann", "ben"], 2]);
});

test("who looks at no room is away, as the answer says and then the signals, and is here again after it", async () => {
  presence.watch(CLUB);
  answers[0]!({ n: 2, users: ["ann", "ben"], idle: ["ben"] });
  await vi.waitFor(() => expect(house.hereIn(CLUB, "ben")).toBe("away"));
  presence.signal(signal("ben", true));
  presence.signal(signal("ann", true, true));
  expect([house.hereIn(CLUB, "ann"), house.hereIn(CLUB, "ben")]).toEqual(["away", "here"]);
  presence.signal(signal("ann", false));
  expect([house.hereIn(CLUB, "ann"), house.hereIn(CLUB, "cleo")]).toEqual(["", ""]);
  presence.signal(signal("ann", true));
  expect(house.hereIn(CLUB, "ann")).toBe("here");
});
