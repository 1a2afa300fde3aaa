import { expect, test } from "vitest";
import { accepted, MATCHES_MAX, matchesFor, tokenAt, type Candidate } from "./complete";

const person = (name: string, ...also: string[]): Candidate => ({
  key: name,
  name,
  insert: `@${name}`,
  also,
});
const people = ["Ann Lee", "Anna Björk", "Ben Hanson", "Zoë Ångström", "Lee Ann Fox"].map((name) =>
  person(name),
);

/** The caret is where the bar stands. */
function token(marked: string) {
  const caret = marked.indexOf("|");
  return tokenAt(marked.replace("|", ""), caret);
}
const found = (marked: string, from: readonly Candidate[] = people) => {
  const at = token(marked);
  return at ? matchesFor(from, at).map((candidate) => candidate.name) : null;
};

test.each([
  ["@|", "person", ""],
  ["@an|", "person", "an"],
  ["hello @an| there", "person", "an"],
  ["hello (@an|", "person", "an"],
  ["line\n@an|", "person", "an"],
  ["@Ann Le|", "person", "Ann Le"],
  ["@Ann @Be|", "person", "Be"],
  ["#|", "room", ""],
  ["see #lifts and|", "room", "lifts and"],
  [":sm|", "emoji", "sm"],
  ["ok :+1|", "emoji", "+1"],
  [":lä|", "emoji", "lä"],
])("in %s a %s is meant by “%s”", (marked, kind, query) => {
  expect(token(marked)).toMatchObject({ kind, query });
});

test.each([
  ["|"],
  ["|@an"],
  ["hello|"],
  ["ann@lee|"],
  ["C#|"],
  ["10:30|"],
  [":s|"],
  [":)|"],
  [": sm|"],
  ["a:sm|"],
  ["@Ann |"],
  ["@ an|"],
  ["@Ann\nLee|"],
  ["https://example|"],
  ["@Ann  Lee|"],
])("in %s nothing is completed", (marked) => {
  expect(token(marked)).toBeNull();
});

test("a beginning comes before that of a later word, and that before the middle, whatever the case and accents", () => {
  expect(found("@an|")).toEqual(["Ann Lee", "Anna Björk", "Zoë Ångström", "Lee Ann Fox", "Ben Hanson"]);
  expect(found("@zoe|")).toEqual(["Zoë Ångström"]);
  expect(found("@BJO|")).toEqual(["Anna Björk"]);
});

test("with a space in it, only how a name begins counts", () => {
  expect(found("@ann l|")).toEqual(["Ann Lee"]);
  expect(found("@lee are you there|")).toEqual([]);
  expect(found("@ann fox|")).toEqual([]);
});

test("no more than eight are offered, and the order given decides among equals", () => {
  const many = Array.from({ length: 20 }, (_, i) => person(`Ann ${i}`));
  expect(found("@ann|", many)).toEqual(many.slice(0, MATCHES_MAX).map((candidate) => candidate.name));
  expect(found("@|", many)).toHaveLength(MATCHES_MAX);
});

test("other words find it too, after the name itself", () => {
  const emoji = [person("face with tears of joy", "joy"), person("joyful cat"), person("smile", "big_joy")];
  expect(found(":joy|", emoji)).toEqual(["face with tears of joy", "joyful cat", "smile"]);
  expect(found(":big_j|", emoji)).toEqual(["smile"]);
});

test("what is accepted stands in the token's place, with one space after it", () => {
  const put = (marked: string) => {
    const text = marked.replace("|", "");
    return accepted(text, token(marked)!, people[0]!);
  };
  expect(put("@an|")).toEqual({ text: "@Ann Lee ", caret: 9 });
  expect(put("hi @an| there")).toEqual({ text: "hi @Ann Lee there", caret: 12 });
  expect(put("hi @an|, there")).toEqual({ text: "hi @Ann Lee , there", caret: 12 });
});

test("after accepting, nothing is offered until more is typed", () => {
  const { text, caret } = accepted("@an", token("@an|")!, people[0]!);
  expect(tokenAt(text, caret)).toBeNull();
});
