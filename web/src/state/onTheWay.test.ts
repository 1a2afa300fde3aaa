import { beforeEach, expect, test, vi } from "vitest";
import { backToDoor, door, forgetWay, keepWay, keptWay } from "./onTheWay";
import { forgetSecret, linkSecret } from "./secret";

const kept = new Map<string, string>();
vi.stubGlobal("sessionStorage", {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
  removeItem: (name: string) => void kept.delete(name),
});

beforeEach(() => {
  kept.clear();
  forgetSecret();
});

test("where somebody was going is known until they are there", () => {
  expect(keptWay()).toBe("/");
  keepWay("/join/K7QM9XRT2HVC");
  expect(keptWay()).toBe("/join/K7QM9XRT2HVC");
  forgetWay();
  expect(keptWay()).toBe("/");
});

test("whom the issuer does not let in goes back to their door, with the secret of their invitation", () => {
  keepWay("/welcome#of-an-invitation");
  expect(door()).toBe("/welcome");
  expect(linkSecret()).toBe("");
  backToDoor();
  expect(linkSecret()).toBe("of-an-invitation");
  expect(door()).toBe("/sign-in");
});
