import { expect, test } from "vitest";
import { areaOf, fit, moved, WHOLE, zoomed, ZOOM_MAX } from "./crop";

const wide = { width: 1_200, height: 800 };

test("at first as much is kept as there is, from the middle", () => {
  expect(areaOf(WHOLE, wide, 1)).toEqual({ x: 200, y: 0, width: 800, height: 800 });
  expect(areaOf(WHOLE, wide, 3)).toEqual({ x: 0, y: 200, width: 1_200, height: 400 });
  expect(areaOf(WHOLE, { width: 1, height: 1 }, 3)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});

test("what is dragged to the right shows more of the left, and never what lies beside the picture", () => {
  const left = moved(WHOLE, wide, 1, { x: 0.125, y: 0 });
  expect(areaOf(left, wide, 1)).toMatchObject({ x: 100, y: 0 });
  const end = moved(WHOLE, wide, 1, { x: 9, y: -9 });
  expect(areaOf(end, wide, 1)).toEqual({ x: 0, y: 0, width: 800, height: 800 });
  const other = moved(WHOLE, wide, 1, { x: -9, y: 9 });
  expect(areaOf(other, wide, 1)).toMatchObject({ x: 400, y: 0 });
});

test("zooming keeps in its place what one points at", () => {
  const middle = zoomed(WHOLE, wide, 1, 2);
  expect(areaOf(middle, wide, 1)).toEqual({ x: 400, y: 200, width: 400, height: 400 });
  // the left edge of the frame stays the left edge of what is kept
  const edge = zoomed(WHOLE, wide, 1, 2, { x: -0.5, y: -0.5 });
  expect(areaOf(edge, wide, 1)).toEqual({ x: 200, y: 0, width: 400, height: 400 });
});

test("nobody zooms out of the picture, or beyond what there is to see", () => {
  expect(zoomed(WHOLE, wide, 1, 0.1)).toEqual(WHOLE);
  expect(zoomed(WHOLE, wide, 1, 1_000).zoom).toBe(ZOOM_MAX);
  const corner = moved(zoomed(WHOLE, wide, 1, 4), wide, 1, { x: 9, y: 9 });
  expect(areaOf(zoomed(corner, wide, 1, 0.01), wide, 1)).toEqual({ x: 0, y: 0, width: 800, height: 800 });
  expect(fit({ x: -5, y: 7, zoom: 2 }, wide, 1)).toEqual({ x: 1 / 6, y: 0.75, zoom: 2 });
});
