import { afterEach, expect, test, vi } from "vitest";
import { fitting, LONG_SIDE_MAX, scaledHere } from "./scaling";

/** A browser's drawing, of which only the numbers are asked. */
function drawing(width: number, height: number, encodes: readonly string[], bytes = 1_000) {
  const asked: unknown[] = [];
  const bitmap = (w: number, h: number) => ({ width: w, height: h, close: () => undefined });
  vi.stubGlobal(
    "createImageBitmap",
    async (_of: unknown, how?: { resizeWidth: number; resizeHeight: number }) => {
      if (how) asked.push(how);
      return how ? bitmap(how.resizeWidth, how.resizeHeight) : bitmap(width, height);
    },
  );
  class Canvas {
    constructor(
      readonly width: number,
      readonly height: number,
    ) {}
    getContext = () => ({ drawImage: () => undefined });
    convertToBlob = async ({ type }: { type: string }) =>
      new Blob(["x".repeat(bytes)], { type: encodes.includes(type) ? type : "image/png" });
  }
  vi.stubGlobal("OffscreenCanvas", Canvas);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

const photo = (bytes: number, type = "image/jpeg") => new Blob(["x".repeat(bytes)], { type });

test("the long side becomes 2560, the other one in proportion, and nothing is made larger", () => {
  expect(fitting(4000, 3000)).toEqual({ width: 2560, height: 1920 });
  expect(fitting(3000, 4000)).toEqual({ width: 1920, height: 2560 });
  expect(fitting(800, 600)).toEqual({ width: 800, height: 600 });
  expect(fitting(30_000, 2)).toEqual({ width: LONG_SIDE_MAX, height: 1 });
});

test("a large photo is made smaller, as WebP", async () => {
  const asked = drawing(4000, 3000, ["image/webp"]);
  const scaled = await scaledHere(photo(5_000_000));
  expect(scaled).toMatchObject({ width: 2560, height: 1920 });
  expect(scaled.blob.type).toBe("image/webp");
  expect(asked).toMatchObject([{ resizeWidth: 2560, resizeHeight: 1920 }]);
});

test("where the browser writes no WebP a photo becomes a JPEG, and what may be transparent a PNG", async () => {
  drawing(4000, 3000, ["image/jpeg"]);
  expect((await scaledHere(photo(5_000_000))).blob.type).toBe("image/jpeg");
  expect((await scaledHere(photo(5_000_000, "image/png"))).blob.type).toBe("image/png");
});

test("a small picture is left as it is, and so is one that would only grow", async () => {
  drawing(800, 600, ["image/webp"], 9_000_000);
  const small = photo(1_000);
  expect(await scaledHere(small)).toEqual({ blob: small, width: 800, height: 600 });
  const heavy = photo(5_000_000);
  expect((await scaledHere(heavy)).blob).toBe(heavy);
});

test("a GIF keeps its frames", async () => {
  drawing(4000, 3000, ["image/webp"]);
  const gif = photo(1_000, "image/gif");
  expect(await scaledHere(gif)).toEqual({ blob: gif, width: 4000, height: 3000 });
});

test("what nobody sends is always made anew", async () => {
  drawing(800, 600, ["image/webp"]);
  expect((await scaledHere(photo(1_000, "image/heic"))).blob.type).toBe("image/webp");
});
