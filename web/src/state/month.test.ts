import { expect, test } from "vitest";
import { dayAfterKey, monthsOn, sameDay, weeksOf } from "./month";

test("a month is shown in whole weeks, as the region begins them", () => {
  const european = weeksOf("2026-11", 0);
  expect(european).toHaveLength(6);
  expect(european[0]).toEqual([
    "2026-10-26",
    "2026-10-27",
    "2026-10-28",
    "2026-10-29",
    "2026-10-30",
    "2026-10-31",
    "2026-11-01",
  ]);
  expect(weeksOf("2026-11", 6)[0]![0]).toBe("2026-11-01");
  expect(weeksOf("2027-02", 0)).toHaveLength(4); // it begins with a Monday
  expect(
    weeksOf("2026-12", 5)
      .flat()
      .filter((day) => day.startsWith("2026-12")),
  ).toHaveLength(31);
});

test("keys lead by days, weeks and months", () => {
  const at = (key: string) => dayAfterKey(key, "2026-11-30", 0);
  expect(at("ArrowLeft")).toBe("2026-11-29");
  expect(at("ArrowRight")).toBe("2026-12-01");
  expect(at("ArrowUp")).toBe("2026-11-23");
  expect(at("ArrowDown")).toBe("2026-12-07");
  expect(at("Home")).toBe("2026-11-30");
  expect(at("End")).toBe("2026-12-06");
  expect(at("PageDown")).toBe("2026-12-30");
  expect(at("a")).toBeNull();
  expect(dayAfterKey("ArrowLeft", "2026-11-30", 0, true)).toBe("2026-12-01");
});

test("a month that is too short gives its last day", () => {
  expect(sameDay("2027-01-31", 1)).toBe("2027-02-28");
  expect(sameDay("2027-03-31", -1)).toBe("2027-02-28");
  expect(monthsOn("2026-12", 1)).toBe("2027-01");
});
