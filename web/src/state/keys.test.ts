import { expect, test } from "vitest";
import { keyPerValues } from "./keys";

test("asked again for the same, the key is the same; for something else it is another", () => {
  const keyOf = keyPerValues();
  const first = keyOf("Ann", "ann@example.org");
  expect(keyOf("Ann", "ann@example.org")).toBe(first);
  expect(keyOf("Anna", "ann@example.org")).not.toBe(first);
  expect(keyOf("Ann", "ann@example.org")).toBe(first);
  expect(keyPerValues()("Ann", "ann@example.org")).not.toBe(first);
});
