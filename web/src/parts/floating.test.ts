import { expect, test } from "vitest";
import { movedInGrid, movedInList, placeBeside } from "./floating";

const screen = { width: 1000, height: 800 };
const size = { width: 200, height: 300 };
const anchor = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 });

test("it stands under its anchor, with the right edges in line", () => {
  expect(placeBeside(anchor(500, 100), size, screen)).toEqual({ start: 340, top: 144 });
});

test("it stands above where there is no room below", () => {
  expect(placeBeside(anchor(500, 700), size, screen)).toEqual({ start: 340, top: 396 });
});

test("it never leaves the screen", () => {
  expect(placeBeside(anchor(0, 100), size, screen).start).toBe(8);
  expect(placeBeside(anchor(990, 100), size, screen).start).toBe(792);
  expect(placeBeside(anchor(500, 200), size, { width: 1000, height: 400 }).top).toBe(92);
  expect(placeBeside(anchor(500, 200), size, { width: 100, height: 100 })).toEqual({ start: 8, top: 8 });
});

test("from right to left it is the left edges that are in line", () => {
  expect(placeBeside(anchor(500, 100), size, screen, true)).toEqual({ start: 300, top: 144 });
  expect(placeBeside(anchor(990, 100), size, screen, true).start).toBe(8);
});

test("arrows move in a grid and stop at its edges", () => {
  // 0 1 2 / 3 4 5 / 6 7
  const moved = (key: string, at: number) => movedInGrid(key, at, 8, 3);
  expect(moved("ArrowRight", 2)).toBe(3);
  expect(moved("ArrowLeft", 0)).toBe(0);
  expect(moved("ArrowDown", 1)).toBe(4);
  expect(moved("ArrowDown", 5)).toBe(7);
  expect(moved("ArrowDown", 7)).toBe(7);
  expect(moved("ArrowUp", 4)).toBe(1);
  expect(moved("ArrowUp", 1)).toBe(1);
  expect(moved("Home", 5)).toBe(3);
  expect(moved("End", 3)).toBe(5);
  expect(moved("End", 6)).toBe(7);
  expect(moved("a", 3)).toBeNull();
  expect(movedInGrid("ArrowLeft", 2, 8, 3, true)).toBe(3);
  expect(movedInGrid("ArrowRight", 2, 8, 3, true)).toBe(1);
});

test("arrows go round in a list", () => {
  expect(movedInList("ArrowDown", 2, 3)).toBe(0);
  expect(movedInList("ArrowUp", 0, 3)).toBe(2);
  expect(movedInList("ArrowUp", -1, 3)).toBe(2);
  expect(movedInList("Home", 2, 3)).toBe(0);
  expect(movedInList("End", 0, 3)).toBe(2);
  expect(movedInList("Tab", 0, 3)).toBeNull();
  expect(movedInList("ArrowDown", 0, 0)).toBeNull();
});
