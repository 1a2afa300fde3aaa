import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Soon } from "./soon";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is asked for many times is done once", async () => {
  let done = 0;
  const soon = new Soon(
    async () => void done++,
    () => 100,
  );
  for (let i = 0; i < 5; i++) soon.ask();
  expect(done).toBe(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done).toBe(1);
});

test("what is asked for while it is under way is done once more, also when it failed", async () => {
  let done = 0;
  let fail: () => void = () => undefined;
  const soon = new Soon(
    () =>
      done++ === 0
        ? new Promise((_, reject) => (fail = () => reject(new Error("no line"))))
        : Promise.resolve(),
    () => 100,
  );
  soon.ask();
  await vi.advanceTimersByTimeAsync(100);
  soon.ask();
  fail();
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toBe(2);
});

test("what has been given up is not done", async () => {
  let done = 0;
  const soon = new Soon(
    async () => void done++,
    () => 100,
  );
  soon.ask();
  soon.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done).toBe(0);
});
