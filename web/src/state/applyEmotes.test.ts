import { expect, test } from "vitest";
import { changedClubEmotes } from "./applyEmotes";

const made = (file: string, name: string) =>
  ({ type: "club_emote_defined", file, name, by: "u_ann" }) as const;
const removed = (file: string) => ({ type: "club_emote_removed", file, by: "u_ann" }) as const;

test("emotes of a club stand in the order of their names", () => {
  let emotes = changedClubEmotes([], made("1", "party"));
  emotes = changedClubEmotes(emotes, made("2", "b_2"));
  emotes = changedClubEmotes(emotes, made("3", "b2"));
  expect(emotes.map((one) => one.name)).toEqual(["b2", "b_2", "party"]);
});

test("one that is named anew has its old name no more", () => {
  const emotes = [{ file: "1", name: "party" }];
  expect(changedClubEmotes(emotes, made("1", "feast"))).toEqual([{ file: "1", name: "feast" }]);
});

test("one that is removed is gone, and what was not there changes nothing", () => {
  const emotes = [{ file: "1", name: "party" }];
  expect(changedClubEmotes(emotes, removed("1"))).toEqual([]);
  expect(changedClubEmotes(emotes, removed("2"))).toEqual(emotes);
});
