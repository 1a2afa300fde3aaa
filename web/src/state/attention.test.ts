import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Attention, NOBODY_AFTER_MS } from "./attention";

const page = new EventTarget();
let told: boolean[];
let attention: Attention;

const touch = (type: string, at: Partial<PointerEvent> = {}) =>
  page.dispatchEvent(Object.assign(new Event(type), at));

beforeEach(() => {
  vi.useFakeTimers();
  const listening = {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  };
  for (const [name, does] of Object.entries(listening)) vi.stubGlobal(name, does);
  vi.stubGlobal("document", { ...listening, hidden: false });
  told = [];
  attention = new Attention((there) => told.push(there));
  attention.start();
});
afterEach(() => {
  attention.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("after ten minutes without a touch nobody is there, and somebody at once with the next", () => {
  vi.advanceTimersByTime(NOBODY_AFTER_MS - 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([false]);
  touch("keydown");
  expect(told).toEqual([false, true]);
  vi.advanceTimersByTime(NOBODY_AFTER_MS);
  expect(told).toEqual([false, true, false]);
});

test("every touch counts from anew, of whatever kind", () => {
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart", "touchmove"]) {
    vi.advanceTimersByTime(NOBODY_AFTER_MS - 1);
    touch(kind);
  }
  vi.advanceTimersByTime(NOBODY_AFTER_MS - 1);
  expect(told).toEqual([]);
});

test("what the page does by itself is no touch: it scrolls, and moves under a pointer that rests", () => {
  touch("pointermove", { screenX: 5, screenY: 5 });
  vi.advanceTimersByTime(NOBODY_AFTER_MS - 1);
  touch("scroll");
  touch("pointermove", { screenX: 5, screenY: 5 });
  vi.advanceTimersByTime(1);
  expect(told).toEqual([false]);
  touch("pointermove", { screenX: 6, screenY: 5 });
  expect(told).toEqual([false, true]);
});

test("whoever comes to the page is there, and whoever hides it is not by that alone", () => {
  vi.advanceTimersByTime(NOBODY_AFTER_MS);
  Object.assign(document, { hidden: true });
  touch("visibilitychange");
  expect(told).toEqual([false]);
  Object.assign(document, { hidden: false });
  touch("visibilitychange");
  expect(told).toEqual([false, true]);
});

test("once it is stopped nothing is told any more", () => {
  attention.stop();
  vi.advanceTimersByTime(2 * NOBODY_AFTER_MS);
  touch("keydown");
  expect(told).toEqual([]);
});
