import { expect, test } from "vitest";
import { qualified } from "./emoji";

test.each([
  ["👍", "👍"],
  ["👍\uFE0F", "👍"],
  ["👍🏽", "👍🏽"],
  ["❤", "❤\uFE0F"],
  ["❤\uFE0F\u200D🔥", "❤\uFE0F\u200D🔥"],
  ["☝\uFE0F", "☝\uFE0F"],
  ["☝🏿", "☝🏿"],
  ["🕵🏻\u200D♂", "🕵🏻\u200D♂\uFE0F"],
  ["👁\u200D🗨", "👁\uFE0F\u200D🗨\uFE0F"],
  ["🏳\uFE0F\u200D🌈", "🏳\uFE0F\u200D🌈"],
  ["🇩🇪", "🇩🇪"],
  ["1\u20E3", "1\uFE0F\u20E3"],
  ["#\uFE0F\u20E3", "#\uFE0F\u20E3"],
  ["🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
])("%s is written as %s", (typed, written) => {
  expect(qualified(typed)).toBe(written);
  expect(qualified(written)).toBe(written);
});
