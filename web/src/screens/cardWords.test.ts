import { beforeEach, expect, test, vi } from "vitest";
import { entryOf, eventOf, occurrenceOf } from "../state/given";

vi.stubGlobal("document", { hidden: false, documentElement: { lang: "en" } });
vi.stubGlobal("location", { pathname: "/" });
const { house } = await import("../state/house.svelte");
const { summaryOf } = await import("./cardWords");

const event = eventOf({
  label_places: [
    { label: "s", places: 6 },
    { label: "t", places: 2 },
    { label: "b", places: 1 },
  ],
});
const counted = (labels: Record<string, number>, waiting = 0) => ({
  ...occurrenceOf({ key: "once" }).counts,
  taken: Object.values(labels).reduce((sum, one) => sum + one, 0),
  waiting,
  labels,
});

beforeEach(() => {
  house.clear();
  house.me = { groups: [entryOf({ group: 1 }), entryOf({ group: 9, kind: "event", parent: 1 })] } as never;
  const named = [
    ["s", "Soprano"],
    ["t", "Tenor"],
    ["b", "Bass"],
  ].map(([label, name]) => ({ label, name }));
  house.states.set(1, { private: true, parent: null, members: new Map(), labels: named } as never);
});

test("a label of which all places are taken stands there as it is called", () => {
  expect(summaryOf(9, event, counted({ t: 2 })).rest).toBe(", no place left: Tenor");
  expect(summaryOf(9, event, counted({ t: 2, b: 1 }, 3)).rest).toBe(
    ", 3 waiting, no place left: Tenor and Bass",
  );
  expect(summaryOf(9, event, counted({ s: 6, t: 2, b: 1 })).rest).toBe(", all places taken");
});
