import { expect, test, vi } from "vitest";
import { entryOf, eventOf } from "./given";
import type { Me, Placed } from "../wire/types";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("./house.svelte");
const { amendList } = await import("./listing");

test("the events of a room are archived with it, and opened again with it", () => {
  const event = { kind: "event" as const, event: { ...eventOf({}), mine: [] } };
  const groups = [
    entryOf({ group: 1 }),
    entryOf({ group: 2, kind: "channel", parent: 1 }),
    entryOf({ group: 3, parent: 2, ...event }),
    entryOf({ group: 4, parent: 1, ...event }),
  ];
  house.me = { groups } as unknown as Me;
  house.old.set(5, entryOf({ group: 5, parent: 2, ...event })); // over long ago, and looked at
  const said = { type: "channel_changed", seq: 2, at: "", by: "ann", name: "Hall", description: "" } as const;
  const changed = (archived: boolean) =>
    amendList(2, { ...said, announce: false, landing: false, archived } as Placed);
  const shown = () => [3, 4, 5].map((group) => [house.entry(group)!.archived, house.entry(group)!.may_post]);
  changed(true);
  expect(shown()).toEqual([
    [true, false],
    [false, true],
    [true, false],
  ]);
  changed(false);
  expect(shown()).toEqual([
    [false, true],
    [false, true],
    [false, true],
  ]);
});
