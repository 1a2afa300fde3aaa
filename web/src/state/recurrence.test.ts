import { expect, test } from "vitest";
import { daysOf, nthOf, repeatFrom, ruleOf, seriesOf, type Repeat, type Series } from "./recurrence";

const TUESDAY = "2026-12-01T19:00";
const times = (repeat: Repeat, n: number): Series => ({ repeat, ending: { times: n } });

test("each way to repeat has a rule with exactly one end", () => {
  expect(ruleOf(TUESDAY, times("never", 3))).toBeNull();
  expect(ruleOf(TUESDAY, times("daily", 3))).toBe("FREQ=DAILY;COUNT=3");
  expect(ruleOf(TUESDAY, times("weekly", 30))).toBe("FREQ=WEEKLY;BYDAY=TU;COUNT=30");
  expect(ruleOf(TUESDAY, times("fortnightly", 2))).toBe("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=2");
  expect(ruleOf(TUESDAY, times("date", 2))).toBe("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2");
  expect(ruleOf(TUESDAY, times("weekday", 2))).toBe("FREQ=MONTHLY;BYDAY=1TU;COUNT=2");
  expect(ruleOf(TUESDAY, { repeat: "weekly", ending: { until: "2027-06-15" } })).toBe(
    "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270615T235959",
  );
});

test("where there is no day yet there is no rule either", () => {
  for (const repeat of ["daily", "weekly", "date", "weekday", "last"] as const)
    for (const day of ["", "2027-13-45"]) expect(ruleOf(day, times(repeat, 3))).toBeNull();
});

test("a rule that this form made shows as it was made", () => {
  const ways: Repeat[] = ["daily", "weekly", "fortnightly", "date", "weekday", "last"];
  for (const start of [TUESDAY, "2026-12-29T19:00", "2027-01-31T08:15", "2027-01-26T19:00"]) {
    for (const repeat of ways) {
      for (const ending of [{ times: 7 }, { until: "2027-06-15" }]) {
        expect(seriesOf(ruleOf(start, { repeat, ending }), start)).toEqual({
          repeat: repeatFrom(start.slice(0, 10), repeat),
          ending,
        });
      }
    }
  }
  expect(seriesOf(null, TUESDAY).repeat).toBe("never");
});

test("a fourth Tuesday is the fourth or, where there is no fifth, the last, as it was meant", () => {
  const fourth = "2027-01-26T19:00";
  expect(ruleOf(fourth, times("weekday", 3))).toBe("FREQ=MONTHLY;BYDAY=4TU;COUNT=3");
  expect(ruleOf(fourth, times("last", 3))).toBe("FREQ=MONTHLY;BYDAY=-1TU;COUNT=3");
  expect(seriesOf("FREQ=MONTHLY;BYDAY=-1TU;COUNT=3", fourth)).toEqual(times("last", 3));
  expect(daysOf(fourth, times("last", 3))).toEqual(["2027-01-26", "2027-02-23", "2027-03-30"]);
  expect(repeatFrom("2027-02-16", "last")).toBe("weekday");
  expect(repeatFrom("2027-03-30", "weekday")).toBe("last");
});

test("a rule of another calendar is known as far as this form can say it, and else stays another", () => {
  expect(seriesOf("FREQ=WEEKLY;INTERVAL=1;COUNT=5;WKST=MO", TUESDAY)).toEqual(times("weekly", 5));
  expect(seriesOf("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=5", TUESDAY).repeat).toBe("other");
  expect(seriesOf("FREQ=YEARLY;COUNT=5", TUESDAY).repeat).toBe("other");
});

test("the days of a series are those that the rule means", () => {
  expect(daysOf(TUESDAY, times("weekly", 3))).toEqual(["2026-12-01", "2026-12-08", "2026-12-15"]);
  expect(daysOf(TUESDAY, times("fortnightly", 2))).toEqual(["2026-12-01", "2026-12-15"]);
  expect(daysOf("2027-01-31T10:00", times("date", 3))).toEqual(["2027-01-31", "2027-03-31", "2027-05-31"]);
  expect(daysOf("2026-12-29T19:00", times("weekday", 3))).toEqual(["2026-12-29", "2027-01-26", "2027-02-23"]);
  expect(daysOf("2026-12-08T19:00", times("weekday", 3))).toEqual(["2026-12-08", "2027-01-12", "2027-02-09"]);
  expect(daysOf(TUESDAY, { repeat: "weekly", ending: { until: "2026-12-15" } })).toHaveLength(3);
  expect(daysOf(TUESDAY, { repeat: "weekly", ending: { until: "2026-11-30" } })).toEqual([]);
  expect(daysOf(TUESDAY, times("never", 9))).toEqual(["2026-12-01"]);
});

test("a series without bounds is followed no further than to where it is too long", () => {
  expect(daysOf(TUESDAY, { repeat: "daily", ending: { until: "2099-01-01" } })).toHaveLength(121);
  expect(daysOf("2028-02-29T10:00", times("date", 500))).toHaveLength(121);
});

test("the fifth weekday of a month is the last", () => {
  expect(nthOf("2026-12-08", "weekday")).toBe(2);
  expect(nthOf("2026-12-22", "weekday")).toBe(4);
  expect(nthOf("2026-12-29", "weekday")).toBe(-1);
});
