import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerFrame } from "../wire/types";

interface Hooks {
  frame(frame: ServerFrame): void;
  closed(code: number): void;
}

const sockets: (Hooks & { closedByUs: boolean })[] = [];
vi.mock("../wire/socket", () => ({
  Socket: class {
    #here: (typeof sockets)[number];
    constructor(_url: string, _hello: unknown, hooks: Hooks) {
      sockets.push((this.#here = { ...hooks, closedByUs: false }));
    }
    send = () => true;
    close = () => (this.#here.closedByUs = true);
    probe = () => undefined;
  },
}));
const token = vi.fn(() => Promise.resolve("token"));
const renewed = vi.fn(() => Promise.resolve("token"));
vi.mock("./access", () => ({
  accessToken: () => token(),
  renewNow: () => renewed(),
  renewDueInMs: () => 400_000,
  sessionIsOver: () => false,
}));
const page = { hidden: false, addEventListener: vi.fn(), removeEventListener: vi.fn() };
vi.stubGlobal("document", page);
vi.stubGlobal("addEventListener", vi.fn());
vi.stubGlobal("removeEventListener", vi.fn());
vi.stubGlobal("location", { protocol: "http:", host: "localhost" });
const { house } = await import("./house.svelte");
const { Link } = await import("./link");
/** The person comes back to the page. */
const focus = () => (page.addEventListener.mock.lastCall as [string, () => void])[1]();

const work = () => ({
  hello: () => ({ epoch: null, cursors: {} }),
  welcome: () => Promise.resolve(),
  frame: vi.fn(),
  settled: () => Promise.resolve(),
  live: vi.fn(),
  lost: vi.fn(),
  ended: vi.fn(),
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.9);
  sockets.length = 0;
  house.clear();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("after goaway one comes back at one's own moment, though the close follows at once", async () => {
  const link = new Link(work());
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]!.frame({ type: "goaway", in_ms: 20_000, why: "restart" });
  sockets[0]!.closed(1012);
  await vi.advanceTimersByTimeAsync(17_900);
  expect(sockets).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(sockets).toHaveLength(2);
  sockets[1]!.closed(1006); // from then on as after any cut
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sockets).toHaveLength(3);
  link.stop();
});

test("a session that ends after goaway has ended", async () => {
  const told = work();
  const link = new Link(told);
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]!.frame({ type: "goaway", in_ms: 20_000, why: "restart" });
  sockets[0]!.closed(4403);
  expect(told.ended).toHaveBeenCalledOnce();
  link.stop();
});

test.each([
  ["another version", [4426]],
  ["a hello that is none, twice", [4400, 4400]],
])("after %s nothing is tried again, also by whoever comes back", async (_, codes) => {
  const link = new Link(work());
  link.start();
  for (const code of codes) {
    await vi.advanceTimersByTimeAsync(1_000);
    sockets.at(-1)!.closed(code);
  }
  expect([house.link, house.stop]).toEqual(["stopped", "too-old"]);
  focus();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(codes.length);
  link.stop();
});

test("after too many, each coming back is one more try, until one is let in", async () => {
  const link = new Link(work());
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]!.closed(4409);
  focus();
  await vi.advanceTimersByTimeAsync(0);
  sockets[1]!.closed(4409);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(2);
  expect([house.link, house.stop]).toEqual(["stopped", "too-many"]);
  focus();
  await vi.advanceTimersByTimeAsync(0);
  sockets[2]!.frame({ type: "live" });
  await vi.advanceTimersByTimeAsync(0);
  expect([house.link, house.stop]).toEqual(["live", null]);
  link.stop();
});

test("while a new token is fetched, coming back does not open a second socket", async () => {
  const link = new Link(work());
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  renewed.mockImplementationOnce(() => new Promise((resolve) => setTimeout(() => resolve("token"), 2_000)));
  sockets[0]!.closed(4401);
  focus();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sockets).toHaveLength(2);
  link.stop();
});

test("a socket that goes on after goaway stays, and is replaced, though no token came at first", async () => {
  const link = new Link(work());
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]!.frame({ type: "live" });
  token.mockImplementationOnce(() => Promise.reject(new Error("no line")));
  sockets[0]!.frame({ type: "goaway", in_ms: 2_000, why: "limit" });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sockets.map((socket) => socket.closedByUs)).toEqual([false, false]);
  sockets[1]!.frame({ type: "live" });
  await vi.advanceTimersByTimeAsync(0);
  expect(sockets.map((socket) => socket.closedByUs)).toEqual([true, false]);
  link.stop();
});
