import { expect, test } from "vitest";
import { largeNodes, nameFrom, ownName } from "./ownEmotes";

const known = (name: string) => ["party", "big_smile"].includes(name);

test.each([
  [":party:", "party"],
  [":a_1:", "a_1"],
  ["🎉", null],
  [":x:", null],
  [":Party:", null],
  ["::", null],
  [":", null],
  [`:${"x".repeat(33)}:`, null],
])("%s is named %s", (emote, name) => expect(ownName(emote)).toBe(name));

test.each([
  [":party:", [{ kind: "emote", name: "party" }]],
  [
    ":party: 🎉",
    [
      { kind: "emote", name: "party" },
      { kind: "text", text: " 🎉" },
    ],
  ],
  [
    ":party::big_smile:\n:party:",
    [
      { kind: "emote", name: "party" },
      { kind: "emote", name: "big_smile" },
      { kind: "text", text: "\n" },
      { kind: "emote", name: "party" },
    ],
  ],
  ["🎉", [{ kind: "text", text: "🎉" }]],
  [":party: yes", null],
  [":gone:", null],
  [":party: :gone:", null],
  [":party:".repeat(4), null],
  ["", null],
  ["hello", null],
])("emotes and emoji alone are large: %j", (text, nodes) => expect(largeNodes(text, known)).toEqual(nodes));

test.each([
  ["Party Parrot.gif", "party_parrot"],
  ["Chor-Jubel (1).webp", "chor_jubel_1"],
  ["Fête.png", "fete"],
  ["合唱.png", ""],
  ["x.png", ""],
  [".png", ""],
  [`${"a".repeat(50)}.png`, "a".repeat(32)],
])("the file %s suggests %j", (file, name) => expect(nameFrom(file)).toBe(name));
