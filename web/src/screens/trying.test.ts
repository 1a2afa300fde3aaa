import { expect, test, vi } from "vitest";

vi.mock("../state/failing", () => ({ reasonFor: (error: Error) => error.message }));
const { Choosing } = await import("./trying.svelte");

test("what is chosen while the last choice is on its way goes after it, and of several the last", async () => {
  const choosing = new Choosing<string>();
  const told: string[] = [];
  const then = vi.fn();
  let answer = () => undefined as void;
  const tell = (wish: string) => {
    told.push(wish);
    return told.length > 1 ? Promise.resolve() : new Promise<void>((resolve) => (answer = resolve));
  };
  const first = choosing.choose("all", tell, then);
  await vi.waitUntil(() => told.length === 1);
  await choosing.choose("mentions", tell, then);
  await choosing.choose("nothing", tell, then);
  expect([choosing.wish, told]).toEqual(["nothing", ["all"]]);
  answer();
  await first;
  expect([choosing.wish, told, then.mock.calls.length]).toEqual([null, ["all", "nothing"], 1]);
});

test("what did not work is not wanted any more: what holds shows again, with the reason", async () => {
  const choosing = new Choosing<string>();
  await choosing.choose("all", () => Promise.reject(new Error("no connection")));
  expect([choosing.wish, choosing.error, choosing.busy]).toEqual([null, "no connection", false]);
});
