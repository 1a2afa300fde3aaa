import { expect, test } from "vitest";
import type { AnswerShown, Answers } from "../wire/types";
import { eventOf } from "./given";
import { whoRows } from "./whoRows";

const said = (user: string, answer: AnswerShown["answer"], more: Partial<AnswerShown> = {}): AnswerShown => ({
  user,
  name: user,
  answer,
  standing: answer === "going" ? "in" : "out",
  at: "",
  ...more,
});
const answers = (all: AnswerShown[], silent: Answers["silent"] = []): Answers => ({
  key: "once",
  counts: { going: 0, maybe: 0, no: 0, waiting: 0, taken: 0, labels: {} },
  answers: all,
  silent,
});
const labels = [
  { label: "s", name: "Soprano" },
  { label: "t", name: "Tenor" },
];
const carried = (user: string) => ({ ann: ["s"], ben: ["t"], cleo: ["s", "t"], dora: ["t"] })[user] ?? [];

test("with places by label there is a row for each of them, and whoever has a place stands where it is taken", () => {
  const event = eventOf({
    label_places: [
      { label: "t", places: 4 },
      { label: "s", places: 6 },
    ],
  });
  const rows = whoRows(
    event,
    answers(
      [
        said("cleo", "going", { label: "s", guests: 1 }),
        said("ben", "maybe"),
        said("dora", "going", { label: "t", standing: "offered" }),
        said("eve", "no"),
      ],
      [{ user: "ann", name: "ann", labels: ["s"] }],
    ),
    labels,
    carried,
  );
  const users = (some: readonly { user: string }[]) => some.map((one) => one.user);
  expect(rows.map((row) => [row.label, row.places, row.taken])).toEqual([
    ["t", 4, 1],
    ["s", 6, 2],
    [null, null, 0],
  ]);
  expect(rows.map((row) => users(row.going))).toEqual([[], ["cleo"], []]);
  expect(rows.map((row) => users(row.waiting))).toEqual([["dora"], [], []]);
  expect(rows.map((row) => users(row.maybe))).toEqual([["ben"], [], []]);
  expect(rows.map((row) => users(row.no))).toEqual([[], [], ["eve"]]);
  expect(rows.map((row) => users(row.silent))).toEqual([[], ["ann"], []]);
});

test("a label that is no more has no row, and is as if it had not been asked", () => {
  const all = answers([said("ann", "going"), said("ben", "going")]);
  const rowsOf = (asked: string[]) =>
    whoRows(eventOf({ asked }), all, labels, carried).map((row) => row.label);
  expect(rowsOf(["gone", "s"])).toEqual(["s", null]);
  expect(rowsOf(["gone"])).toEqual(["s", "t"]);
});

test("without them people stand by what they are called together, each once", () => {
  const rows = whoRows(eventOf({}), answers([said("ann", "going"), said("cleo", "going")]), labels, carried);
  expect(rows.map((row) => [row.label, row.going.length])).toEqual([["s", 2]]);
});

test("where nobody is called anything there is one row, with all the places", () => {
  const none = () => [];
  const rows = whoRows(eventOf({ places: 5 }), answers([said("ann", "going")]), labels, none);
  expect(rows.map((row) => [row.label, row.places, row.taken])).toEqual([[null, 5, 1]]);
  expect(whoRows(eventOf({ places: 5 }), answers([]), labels, none)).toHaveLength(1);
});
