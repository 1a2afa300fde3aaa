import { expect, test } from "vitest";
import { bareCode, grouped, isWholeCode } from "./limits";

test("a code is shown in groups of four as one types", () => {
  expect(["k", "k7qm", "k7qm9", "K7QM 9xrt", "k7qm-9xrt-2hvc"].map(grouped)).toEqual([
    "K",
    "K7QM",
    "K7QM-9",
    "K7QM-9XRT",
    "K7QM-9XRT-2HVC",
  ]);
});

test("a pasted join link gives its code", () => {
  expect(bareCode("https://club.example/join/K7QM-9XRT-2HVC?x=1")).toBe("K7QM9XRT2HVC");
  expect(grouped(" http://localhost:8000/join/k7qm9xrt2hvc ")).toBe("K7QM-9XRT-2HVC");
});

test("a code is whole with twelve letters and digits", () => {
  expect(isWholeCode("k7qm 9xrt 2hvc")).toBe(true);
  expect(isWholeCode("k7qm 9xrt 2hv")).toBe(false);
});
