import { expect, test } from "vitest";

import { asked, begunAt, completed, dayIn, marked, type Known } from "./searching";

const known: Known = {
  filters: { from: "von", in: "in", before: "vor", after: "nach", has: "mit" },
  kinds: { image: ["bild", "foto"], file: ["datei"], link: [] },
  people: [
    { key: "u_ann", name: "Ann" },
    { key: "u_anna", name: "Anna Smith" },
    { key: "u_zoe", name: "Zoë" },
  ],
  places: [
    { key: "in 7", name: "The trip" },
    { key: "club 3", name: "Chess club" },
  ],
};
const query = (typed: string) => asked(typed, known).query;
const midnight = (y: number, m: number, d: number) => new Date(y, m - 1, d).toISOString();

test("words and filters are told apart, in English and in the language of the screen", () => {
  expect(query("two openings")).toEqual({ q: "two openings" });
  expect(query('tea from:"Anna Smith" in:"the trip" leaf')).toEqual({
    q: "tea leaf",
    from: "u_anna",
    in: "7",
  });
  expect(query("von:zoe mit:Link")).toEqual({ from: "u_zoe", has: "link" });
  expect(query("x in:chess")).toEqual({ q: "x", club: "3" });
  expect(query("after:2026-11-05 vor:9.11.2026")).toEqual({
    after: midnight(2026, 11, 6),
    before: midnight(2026, 11, 9),
  });
});

test("what lies with a message is asked for by any of its words, several at once, and once each", () => {
  expect(query("has:image")).toEqual({ has: "image" });
  expect(query("boat mit:Bild has:photo")).toEqual({ q: "boat", has: "image" });
  expect(query("has:file has:link mit:foto")).toEqual({ has: "file,link,image" });
  expect(query("has:pic has:docu")).toEqual({ has: "image,file" });
  expect(asked("has:video tea", known)).toEqual({
    query: { q: "tea" },
    words: ["tea"],
    unknown: [{ filter: "has", value: "video" }],
  });
});

test("what only looks like a filter is a word", () => {
  expect(query("https://x.example 10:30 note:this")).toEqual({ q: "https://x.example 10:30 note:this" });
});

test("nothing is asked while a filter is still being typed, or for a whole club", () => {
  for (const typed of ["", "  ", "from:", 'from:"', "in:chess"]) expect(query(typed)).toBeNull();
});

test("who is not here and what is no day is told", () => {
  expect(asked("from:Bob before:soon tea", known)).toEqual({
    query: { q: "tea" },
    words: ["tea"],
    unknown: [
      { filter: "from", value: "Bob" },
      { filter: "before", value: "soon" },
    ],
  });
  for (const text of ["2026-02-30", "31.4.2026", "2026-13-01", "5.11.26"]) expect(dayIn(text)).toBeNull();
});

test("a name is completed where the caret stands", () => {
  const typed = "tea from:ann leaf";
  const begun = begunAt(typed, 12, known.filters)!;
  expect(begun).toEqual({ filter: "from", at: 9, query: "ann" });
  const done = completed(typed, 12, begun, "Anna Smith");
  expect(done).toEqual({ typed: 'tea from:"Anna Smith" leaf', caret: 22 });
  expect(begunAt('in:"The t', 9, known.filters)).toEqual({ filter: "in", at: 3, query: "The t" });
  expect(begunAt("before:x", 8, known.filters)).toBeNull();
  expect(begunAt("tea", 3, known.filters)).toBeNull();
});

test("what was found is marked as it was written", () => {
  const hits = (text: string, ...words: string[]) =>
    marked(text, words)
      .filter((piece) => piece.hit)
      .map((piece) => piece.text);
  expect(hits("Two Openings, one opening", "open")).toEqual(["Open", "open"]);
  expect(hits("Café CRÈME", "creme", "cafe")).toEqual(["Café", "CRÈME"]);
  expect(hits("明日の会議室は", "会議")).toEqual(["会議"]);
  expect(hits("well-known (e4!)", "well-known", "e4")).toEqual(["well-known", "e4"]);
  expect(hits("a cab, a bad", "a")).toEqual(["a", "a"]);
  expect(hits("🏆 won", "🏆")).toEqual(["🏆"]);
  expect(marked("a < b", [])).toEqual([{ text: "a < b", hit: false }]);
  const long = marked(`${"word ".repeat(50)}here ${"more ".repeat(100)}`, ["here"]);
  expect(long[0]!.text).toBe("… ");
  expect(long.at(-1)!.text).toBe(" …");
  expect(long.map((piece) => piece.text).join("").length).toBeLessThan(300);
});
