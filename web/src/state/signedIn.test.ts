import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "../wire/http";
import { entryOf, snapshotOf } from "./given";
import type { Me, Placed, ServerFrame, Welcome } from "../wire/types";
import type { LinkWork } from "./link";

vi.stubGlobal("document", { hidden: false, addEventListener: vi.fn(), removeEventListener: vi.fn() });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: vi.fn(), removeItem: vi.fn() });
vi.stubGlobal("addEventListener", vi.fn());
vi.stubGlobal("removeEventListener", vi.fn());

let work: LinkWork;
vi.mock("./link", () => ({
  Link: class {
    constructor(given: LinkWork) {
      work = given;
    }
    start = () => undefined;
    stop = () => undefined;
    send = () => true;
  },
}));
const asked: string[] = [];
const renewed = vi.fn(() => Promise.resolve("token"));
/** The clubs that the server's list names; null = it cannot be reached. */
let clubs: number[] | null;
/** How the server's list comes: at once, unless a test holds it up. */
let answer: (list: Me) => Promise<Me>;
vi.mock("./access", () => ({
  callAsMe: (_method: string, path: string) => {
    asked.push(path);
    if (clubs === null) return Promise.reject(new Unreachable());
    if (path === "/me") return answer(me(clubs));
    if (path.endsWith("/snapshot")) return Promise.resolve(snapshot(Number(path.split("/")[2])));
    return Promise.reject(new Unreachable());
  },
  renewNow: () => renewed(),
}));
const { house } = await import("./house.svelte");
const { SignedIn } = await import("./signedIn");
const { unreadIn } = await import("./unread.svelte");

const entry = (group: number) => entryOf({ group, name: `Club ${group}` });
const me = (groups: number[]): Me => ({
  user: "me",
  name: "Me",
  email: null,
  email_verified: false,
  password: false,
  passkeys: 0,
  identities: 0,
  time_zone: null,
  language: null,
  invisible: false,
  quiet: null,
  letters: { missed: "daily", announcements: true, refused: false },
  epoch: "e1",
  groups: groups.map(entry),
  blocked: [],
  host: false,
  activity_seen: "",
  activity_unseen: 0,
});
/** Where the logs stand. */
let seq = 1;
const snapshot = (group: number) => snapshotOf({ group, seq, window: seq, name: `Club ${group}` });
const welcome = (groups: number[], head: number): Welcome => ({
  type: "welcome",
  connection: "c",
  epoch: "e1",
  heartbeat_ms: 25_000,
  max_bytes: 24_576,
  user: "me",
  groups: Object.fromEntries(groups.map((group) => [group, head])),
  read: {},
  more: false,
});

const listed = () => house.me?.groups.map(({ group }) => group);
const asks = () => asked.filter((path) => path === "/me").length;

/** Somebody who is in clubs 3 and 4, holds both, and is connected. */
async function device() {
  clubs = [3, 4];
  const here = await SignedIn.begin("me", vi.fn());
  await here.refreshMe();
  await comesIn([3, 4]);
  await Promise.all([3, 4].map((group) => here.need(group)));
  asked.length = 0;
  return here;
}

async function comesIn(groups: number[], head = 1): Promise<void> {
  house.link = "connecting";
  await work.welcome(welcome(groups, head));
  await work.settled();
  house.link = "live";
  work.live();
}

beforeEach(() => {
  vi.useFakeTimers();
  house.clear();
  answer = (list) => Promise.resolve(list);
  seq = 1;
  renewed.mockClear();
});

afterEach(() => vi.useRealTimers());

test("a club that the token was too old to name stays, and the socket gets a token that names it", async () => {
  const here = await device();
  await comesIn([3]);
  expect(listed()).toEqual([3, 4]);
  expect(here.intake.cursor(4)).toBe(1);
  expect(renewed).toHaveBeenCalledOnce();
  here.end();
});

test("a club that the list does not name either is closed, and is kept until the list has come", async () => {
  const here = await device();
  clubs = null;
  await comesIn([3]);
  expect([listed(), here.intake.cursor(4)]).toEqual([[3, 4], 1]);
  clubs = [3];
  await vi.advanceTimersByTimeAsync(10_000);
  expect([listed(), here.intake.cursor(4)]).toEqual([[3], null]);
  expect(renewed).not.toHaveBeenCalled();
  here.end();
});

/** Somebody who has seen nothing of club 4 on this device yet. */
async function stranger() {
  clubs = [3, 4];
  const here = await SignedIn.begin("me", vi.fn());
  await here.refreshMe();
  await comesIn([3, 4]);
  asked.length = 0;
  return here;
}

const said = (seq: number): ServerFrame => ({
  type: "actions",
  group: 4,
  from: seq,
  to: seq,
  actions: [{ seq, at: "", type: "message_posted", id: `m${seq}`, author: "ben", text: "hello" }],
  more: false,
});

const unread = () => house.counted.get(4)?.unread;

test("what is said while the list is on its way counts, though the list is older", async () => {
  const here = await stranger();
  let tell = () => undefined as void;
  answer = (list) => new Promise((told) => (tell = () => told(list)));
  const listing = here.refreshMe();
  work.frame(said(2));
  tell();
  await listing;
  work.frame(said(3));
  expect(unread()).toBe(2);
  here.end();
});

test("what I choose on another device while the list is on its way holds, though the list is older", async () => {
  const here = await device();
  let tell = () => undefined as void;
  answer = (list) => new Promise((told) => (tell = () => told(list)));
  const listing = here.refreshMe();
  const chosen = { type: "level_changed", group: 4, level: "nothing", seq: 2, at: "2026-01-01T00:00:00Z" };
  work.frame({ type: "actions", group: 3, from: 2, to: 2, actions: [chosen as Placed], more: false });
  tell();
  await listing;
  expect(house.entry(4)?.level).toBe("nothing");
  here.end();
});

test("what was read on another device counts no more beside what comes then", async () => {
  const here = await stranger();
  work.frame(said(2));
  work.frame({ type: "signal", kind: "read", group: 4, seq: 2 });
  work.frame(said(3));
  expect(unread()).toBe(1);
  here.end();
});

test("a list that is answered after a younger one changes nothing", async () => {
  const here = await stranger();
  const held: (() => void)[] = [];
  answer = (list) => new Promise((told) => held.push(() => told(list)));
  const first = here.refreshMe();
  clubs = [3, 4, 5];
  const second = here.refreshMe();
  held[1]!();
  await second;
  held[0]!();
  await first;
  expect(listed()).toEqual([3, 4, 5]);
  here.end();
});

test.each<[string, () => Promise<void> | void]>([
  ["a connection begins", () => comesIn([3, 4], 7)],
  ["a pong comes", () => work.frame({ type: "pong", heads: { 4: 7 } })],
  ["live actions follow what was missed", () => work.frame(said(8))],
])("what was missed of a club that was never opened here is asked for once, as %s", async (_, comes) => {
  const here = await stranger();
  await comes();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asks()).toBe(1);
  work.frame({ type: "pong", heads: { 4: 7 } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asks()).toBe(1);
  here.end();
});

const joined = { user: "me", name: "Me", role: "member", at: "", type: "member_joined" } as const;

test.each<[string, ServerFrame]>([
  ["behind", { type: "behind", heads: { 5: 9 } }],
  ["actions", { type: "actions", group: 5, from: 9, to: 9, actions: [{ seq: 9, ...joined }], more: false }],
])(
  "a club that %s names and the list did not is asked for once, and again if no answer came",
  async (_, frame) => {
    const here = await device();
    clubs = null;
    work.frame(frame);
    work.frame(frame);
    await vi.advanceTimersByTimeAsync(0);
    expect(asks()).toBe(1);
    clubs = [3, 4, 5];
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asks(), listed()]).toEqual([2, [3, 4, 5]]);
    here.end();
  },
);

test("a club that never is in the list is asked for no more", async () => {
  const here = await device();
  for (let frame = 0; frame < 3; frame++) {
    work.frame({ type: "pong", heads: { 5: frame } });
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(asks()).toBe(1);
  here.end();
});

/** Somebody who holds clubs 3 and 4 and looks at 3. */
async function looksAtOne() {
  const here = await device();
  house.shown = 3;
  return here;
}

const snapshots = () => asked.filter((path) => path.endsWith("/snapshot"));

test("after a restore only what is on the screen is fetched at once; the list says what is unread elsewhere", async () => {
  const here = await looksAtOne();
  house.link = "connecting";
  await work.welcome({ ...welcome([3, 4], 1), epoch: "e2" });
  await work.settled();
  expect(snapshots()).toEqual(["/groups/3/snapshot"]);
  expect(asks()).toBe(1);
  expect([here.intake.cursor(3), here.intake.cursor(4), here.intake.epoch]).toEqual([1, null, "e2"]);
  here.end();
});

test("who comes back far behind elsewhere hears from the list what is unread, before the connection counts", async () => {
  const here = await looksAtOne();
  house.link = "connecting";
  const told = { ...entry(4), head: 3_000, unread: 77 };
  answer = (list) => Promise.resolve({ ...list, groups: [entry(3), told] });
  await work.welcome(welcome([3, 4], 1));
  work.frame({ type: "behind", heads: { 3: 1, 4: 3_000 } });
  await work.settled();
  expect([asks(), unreadIn(4).unread]).toEqual([1, 77]);
  expect(snapshots()).toEqual([]);
  seq = 3_000;
  house.link = "live";
  work.live();
  await vi.advanceTimersByTimeAsync(0);
  work.frame(said(3_001));
  expect([here.intake.cursor(4), unreadIn(4).unread]).toEqual([3_001, 78]);
  here.end();
});

test("who is a little behind elsewhere sees the server's count until the log is here", async () => {
  const here = await looksAtOne();
  house.link = "connecting";
  const told = { ...entry(4), head: 9, unread: 8 };
  answer = (list) => Promise.resolve({ ...list, groups: [entry(3), told] });
  await work.welcome(welcome([3, 4], 1));
  work.frame({ type: "behind", heads: { 4: 9 } });
  await work.settled();
  expect([here.intake.cursor(4), unreadIn(4).unread, asks()]).toEqual([1, 8, 1]);
  expect(asked.some((path) => path.startsWith("/groups/4"))).toBe(false);
  here.end();
});

test("a reset while a room's first snapshot is on its way asks for it again", async () => {
  const here = await stranger();
  const needed = here.need(4);
  work.frame({ type: "reset", group: 4, why: "cursor" });
  await needed;
  await vi.advanceTimersByTimeAsync(0);
  expect([here.intake.cursor(4), snapshots().length]).toEqual([1, 2]);
  here.end();
});

test("a reset of a room that nobody looks at leaves its snapshot for later, and its count to the list", async () => {
  const here = await looksAtOne();
  work.frame({ type: "reset", group: 4, why: "floor" });
  work.frame({ type: "reset", group: 3, why: "floor" });
  await vi.advanceTimersByTimeAsync(0);
  expect([snapshots(), asks()]).toEqual([["/groups/3/snapshot"], 1]);
  here.end();
});
