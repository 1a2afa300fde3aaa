import { expect, test } from "vitest";
import { fitted } from "./fitted";

test("a picture keeps its proportions within the room it may take, and is never made larger", () => {
  expect(fitted(2560, 1920)).toEqual({ width: 420, height: 315 });
  expect(fitted(1000, 4000)).toEqual({ width: 80, height: 320 });
  expect(fitted(200, 100)).toEqual({ width: 200, height: 100 });
});

test("a line of pixels can still be hit, and what nobody has measured gets room", () => {
  expect(fitted(4000, 2)).toEqual({ width: 420, height: 64 });
  expect(fitted(0, 0)).toEqual({ width: 320, height: 240 });
});
