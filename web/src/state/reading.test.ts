import { beforeEach, expect, test, vi } from "vitest";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("./house.svelte");
const { Reading, READ_EVERY_MS } = await import("./reading");
type Read = Parameters<InstanceType<typeof Reading>["restore"]>[0];

let told: [number, number][];
let kept: Read;
let line = true;

/** A device as it starts, with what it has kept. */
function device(read: Read = { reads: new Map(), untold: new Map() }) {
  house.clear();
  const reading = new Reading(
    (frame) => {
      if (line && frame.type === "read") told.push([frame.group, frame.seq]);
      return line;
    },
    (now) => (kept = now),
  );
  reading.restore(read);
  return reading;
}

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  line = true;
});

test("what is read is told at once in each room, and then once in three seconds", () => {
  const reading = device();
  reading.seen(3, 5);
  reading.seen(4, 7);
  reading.seen(3, 6);
  reading.seen(3, 8);
  expect(told).toEqual([
    [3, 5],
    [4, 7],
  ]);
  vi.advanceTimersByTime(READ_EVERY_MS);
  expect(told.slice(2)).toEqual([[3, 8]]);
  vi.advanceTimersByTime(READ_EVERY_MS);
  expect(told).toHaveLength(3);
});

test("what the server has not confirmed is told again over the next connection, and after a restart", () => {
  device().seen(3, 5);
  const reading = device(kept);
  reading.welcome({ 3: 2 });
  reading.tell();
  expect(told).toEqual([
    [3, 5],
    [3, 5],
  ]);
  expect(house.reads.get(3)).toBe(5);
  reading.moved(3, 5);
  reading.welcome({ 3: 5 });
  reading.tell();
  expect(told).toHaveLength(2);
});

test("without a connection it waits for one", () => {
  const reading = device();
  line = false;
  reading.seen(3, 5);
  line = true;
  reading.welcome({});
  reading.tell();
  expect(told).toEqual([[3, 5]]);
});

test("marked unread elsewhere while this device was away, it is unread here and stays so", () => {
  const before = device();
  before.seen(3, 5);
  before.moved(3, 5);
  const reading = device(kept);
  expect(house.reads.get(3)).toBe(5);
  reading.welcome({ 3: 2 });
  reading.tell();
  expect(house.reads.get(3)).toBe(2);
  expect(told).toEqual([[3, 5]]);
  device(kept);
  expect(house.reads.get(3)).toBe(2);
});

test("marked unread by hand, nothing counts as seen until one comes anew", () => {
  const reading = device();
  reading.seen(3, 5);
  reading.moved(3, 2, true);
  reading.seen(3, 6);
  expect(house.reads.get(3)).toBe(2);
  reading.visit(3);
  reading.seen(3, 6);
  expect(house.reads.get(3)).toBe(6);
});

test("what has come is told within a second to whoever looks, and else once a minute, or as soon as one looks", () => {
  const frames: unknown[] = [];
  house.clear();
  const reading = new Reading(
    (frame) => frames.push(frame) > 0,
    () => undefined,
  );
  house.attended = house.pageVisible = true;
  reading.got(3, 5);
  reading.got(4, 7);
  vi.advanceTimersByTime(1_000);
  expect(frames).toEqual([{ type: "got", 3: 5, 4: 7 }]);
  house.pageVisible = false;
  reading.got(3, 6);
  vi.advanceTimersByTime(59_000);
  reading.got(3, 8);
  expect(frames.length).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(frames.at(-1)).toEqual({ type: "got", 3: 8 });
  reading.got(3, 9);
  reading.tellGot();
  expect(frames.at(-1)).toEqual({ type: "got", 3: 9 });
  vi.advanceTimersByTime(60_000);
  expect(frames.length).toBe(3);
  reading.stop();
  house.pageVisible = true;
});
