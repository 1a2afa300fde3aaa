import { expect, test } from "vitest";
import { folded, placesFor } from "./match";

const places = [
  { name: "Programme", detail: "Kammerchor Lindenhof" },
  { name: "Lifts and trains", detail: "Kammerchor Lindenhof" },
  { name: "Hedwig Krämer", detail: "Conversation" },
  { name: "Everyone", detail: "Schachclub Tempo" },
  { name: "Tenors", detail: "Kammerchor Lindenhof" },
];
const named = (typed: string) => placesFor(places, typed).map((place) => place.name);

test("without a query everything stays in the order given", () => {
  expect(named("  ")).toEqual(places.map((place) => place.name));
});

test("case and accents make no difference", () => {
  expect(folded("Straße ÉCOLE Ångström")).toBe("strasse ecole angstrom");
  expect(named("KRAMER")).toEqual(["Hedwig Krämer"]);
  expect(named("krämer")).toEqual(["Hedwig Krämer"]);
});

test("a beginning comes before the beginning of a later word, and that before the middle of one", () => {
  const found = placesFor([{ name: "Retro" }, { name: "Old trains" }, { name: "Trombones" }], "tr");
  expect(found.map((place) => place.name)).toEqual(["Trombones", "Old trains", "Retro"]);
});

test("several words may stand in the name and in what stands beside it", () => {
  expect(named("every schach")).toEqual(["Everyone"]);
  expect(named("schach every")).toEqual(["Everyone"]);
  expect(named("lindenhof")).toEqual(["Programme", "Lifts and trains", "Tenors"]);
});

test("three letters in their order are enough, two are not", () => {
  expect(named("prg")).toEqual(["Programme"]);
  expect(named("pm")).toEqual([]);
});

test("what is nowhere finds nothing", () => {
  expect(named("basses")).toEqual([]);
});
