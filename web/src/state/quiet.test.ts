import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { entryOf } from "./given";
import type { GroupEntry, Me } from "../wire/types";

const NOW = Date.parse("2026-11-26T20:00:00Z");
vi.useFakeTimers({ now: NOW }); // what looks at the clock as it is loaded sees the same
vi.stubGlobal("document", { hidden: false });
const { quiet } = await import("./quiet.svelte");
const { callsIn, titleMark, unreadAll, waitsIn } = await import("./unread.svelte");
const { house } = await import("./house.svelte");

const inAnHour = { until: "2026-11-26T21:00:00Z" };

function given(...entries: (Partial<GroupEntry> & { group: number })[]): void {
  house.me = { groups: entries.map(entryOf) } as unknown as Me;
  for (const { group, unread, mentions } of house.me.groups)
    house.counted.set(group, { at: 9, unread, mentions });
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  house.clear();
});
afterEach(() => vi.useRealTimers());

test("of a muted room only what calls me shows, of a muted conversation nothing", () => {
  given(
    { group: 1, unread: 5, mentions: 1, mute: { until: null } },
    {
      group: 2,
      kind: "dm",
      unread: 3,
      mute: { until: null },
      people: [{ user: "ben", name: "Ben" }],
      head: 9,
    },
    { group: 3, unread: 2 },
  );
  expect([1, 2, 3].map((group) => waitsIn(group))).toEqual([false, false, true]);
  expect([1, 2, 3].map((group) => callsIn(group))).toEqual([1, 0, 0]);
  expect(unreadAll()).toMatchObject({ unread: 2, calls: 1 });
  expect(titleMark()).toBe("(1) ");
});

test("a mute for a while ends by itself, in its moment", () => {
  given({ group: 1, unread: 5, mute: inAnHour });
  const stop = quiet.watch();
  vi.advanceTimersByTime(3_599_000);
  expect([quiet.in(1), waitsIn(1), titleMark()]).toEqual([true, false, ""]);
  vi.advanceTimersByTime(2_000);
  expect([quiet.in(1), waitsIn(1), titleMark()]).toEqual([false, true, "• "]);
  stop();
});

test("my word for a room counts before that for its club, and that before what the club says", () => {
  given(
    { group: 1, default_level: "mentions" },
    { group: 2, kind: "channel", parent: 1 },
    { group: 3, kind: "channel", parent: 1, level: "all" },
    { group: 4, kind: "dm" },
  );
  const levels = () => [1, 2, 3, 4].map((group) => quiet.levelIn(group));
  expect(levels()).toEqual(["mentions", "mentions", "all", "all"]);
  house.amend(1, { level: "nothing" });
  expect(levels()).toEqual(["nothing", "nothing", "all", "all"]);
  expect(quiet.levelAround(1)).toBe("mentions");
  expect(quiet.levelAround(3)).toBe("nothing");
});

test("a room of which I want to be told nothing is bold and has no number, nor is it in the title", () => {
  given({ group: 1, unread: 5, mentions: 1, level: "nothing" }, { group: 2, unread: 2, level: "mentions" });
  expect([1, 2].map((group) => waitsIn(group))).toEqual([true, true]);
  expect([callsIn(1), titleMark(), unreadAll().unread]).toEqual([0, "• ", 2]);
  house.amend(1, { level: "mentions" });
  expect([callsIn(1), titleMark()]).toEqual([1, "(1) "]);
});

test("of a conversation I am told all, only what calls me, or nothing", () => {
  const people = [{ user: "ben", name: "Ben" }];
  given({ group: 1, kind: "dm", unread: 3, mentions: 1, head: 9, people });
  const counts = (["all", "mentions", "nothing"] as const).map((level) => {
    house.amend(1, { level });
    return callsIn(1);
  });
  expect(counts).toEqual([3, 1, 0]);
});
