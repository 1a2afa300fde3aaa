import { expect, test } from "vitest";
import { callsMe, fromWire, labelKey, labelsCalled, pruned, toWire, type Picked } from "./mentions";

const ann = { name: "Ann", user: "u1" };
const annLee = { name: "Ann Lee", user: "u2" };
const all = { name: "all", user: "all" };

test("a picked name becomes the id, and one that was only typed stays text", () => {
  expect(toWire("Hello @Ann Lee, and @Ben", [annLee])).toBe("Hello <@u2>, and @Ben");
  expect(toWire("Hello @Ann Lee", [])).toBe("Hello @Ann Lee");
});

test("the longest name comes first", () => {
  expect(toWire("@Ann Lee and @Ann", [ann, annLee])).toBe("<@u2> and <@u1>");
});

test("a name that goes on is another name", () => {
  expect(toWire("@Anna @Ann_x @Ann's @Ann.", [ann])).toBe("@Anna @Ann_x <@u1>'s <@u1>.");
});

test("everybody is called with all", () => {
  expect(toWire("@all at seven", [all])).toBe("<@all> at seven");
});

test("two people of one name are meant in the order in which they were picked", () => {
  const [one, other] = [
    { name: "Kim", user: "k1" },
    { name: "Kim", user: "k2" },
  ];
  expect(toWire("@Kim and @Kim", [other, one])).toBe("<@k2> and <@k1>");
  expect(toWire("@Kim, @Kim and again @Kim", [one, other])).toBe("<@k1>, <@k2> and again <@k2>");
});

test("a name may hold any letters and signs", () => {
  for (const name of ["李小龍", "Zoë (alto)", "A.*+?", "$& $1", "أحمد", "🎻 Jo", "a@b"])
    expect(toWire(`hey @${name}!`, [{ name, user: "x" }])).toBe("hey <@x>!");
});

test("a name without letters calls nobody", () => {
  expect(toWire("a @ b", [{ name: "", user: "x" }])).toBe("a @ b");
});

test("for editing, names stand in the text again", () => {
  const nameOf = (user: string) => ({ u1: "Ann", all: "all" })[user] ?? "Somebody";
  expect(fromWire("<@u1> <@all> <@gone> <@> <@a b>", nameOf)).toEqual({
    text: "@Ann @all @Somebody <@> <@a b>",
    picked: [ann, all, { name: "Somebody", user: "gone" }],
  });
});

/** The same numbers each time: what fails once fails again. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) yield (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

test("whatever was called comes back as it was, over the box and back", () => {
  const names: Record<string, string> = {
    u1: "Ann",
    u2: "Ann Lee",
    u3: "Ann Lee-Smith",
    u4: "Kim",
    u5: "Kim",
    u6: "$& Ö 李",
    all: "all",
  };
  const between = [" ", ", ", "\n", "! ", "' ", " @", "@", " text ", " <@ ", "-", "\u200D ", ""];
  const chance = numbers(7);
  const oneOf = <T>(from: readonly T[]) => from[Math.floor(chance.next().value * from.length)]!;
  for (let round = 0; round < 2000; round++) {
    let wire = "";
    for (let i = 0; i < 6; i++) wire += `<@${oneOf(Object.keys(names))}>${oneOf(between)}`;
    const shown = fromWire(wire, (user) => names[user]!);
    expect(toWire(shown.text, shown.picked)).toBe(wire);
  }
});

test("what was picked comes back, over the wire and back", () => {
  const picked: Picked[] = [ann, annLee, all];
  const text = "@Ann Lee: @all, or only @Ann? (@Ann)";
  const names = new Map(picked.map(({ name, user }) => [user, name]));
  const again = fromWire(toWire(text, picked), (user) => names.get(user)!);
  expect(again.text).toBe(text);
  expect(new Set(again.picked.map(({ user }) => user))).toEqual(new Set(["u1", "u2", "all"]));
});

test("who was picked and taken out again is not called in the place of a namesake", () => {
  const wrong = { name: "Ann", user: "u_1" };
  const right = { name: "Ann", user: "u_2" };
  const picked = pruned("hello @Ann", [wrong, right]);
  expect(toWire("hello @Ann", picked)).toBe("hello <@u_2>");
  expect(pruned("@Ann and @Ann", [wrong, right])).toEqual([wrong, right]);
  expect(pruned("nobody", [wrong])).toEqual([]);
});

test("a label calls whoever carries it, and nobody in code", () => {
  const text = "<@label:l_1> and `<@label:l_2>`";
  expect(callsMe(text, "me", ["l_1"])).toBe(true);
  expect(callsMe(text, "me", ["l_2"])).toBe(false);
  expect(callsMe(text, "me")).toBe(false);
  expect(labelsCalled(`${text} <@u_1> <@all>`)).toEqual(["l_1"]);
  expect(toWire("@Tenor, please", [{ name: "Tenor", user: labelKey("l_1") }])).toBe("<@label:l_1>, please");
});
