import { expect, test } from "vitest";
import type { OutFile } from "./outFile";
import { bytesSaid, saysTooMuch } from "./said";

const picture = (alt: string, change: Partial<OutFile> = {}): OutFile => ({
  key: "k",
  id: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  group: 1,
  message: null,
  order: 0,
  kind: "image",
  type: "image/jpeg",
  name: "a.jpg",
  alt,
  blob: new Blob(["12345"]),
  width: 0,
  height: 0,
  placeholder: "",
  state: "waiting",
  why: null,
  ...change,
});

const ten = (alt: string) => Array.from({ length: 10 }, () => picture(alt));

test("ten pictures with long descriptions in plain letters fit into a message", () => {
  expect(saysTooMuch(ten("a".repeat(500)))).toBe(false);
});

test("in letters that take more bytes they do not, but shorter ones do", () => {
  expect(saysTooMuch(ten("楽".repeat(500)))).toBe(true);
  expect(saysTooMuch(ten("楽".repeat(150)))).toBe(false);
});

test("as much is counted as the server counts", () => {
  const ready = picture(" seen ", { width: 640, height: 480, placeholder: "abc" });
  const score = picture("", { kind: "document", name: "Ö.pdf" });
  const told =
    `[{"id":"${ready.id}","kind":"image","alt":"seen","width":640,"height":480,"placeholder":"abc"},` +
    `{"id":"${score.id}","kind":"document","name":"Ö.pdf","length":5}]`;
  expect(bytesSaid([ready, score])).toBe(new TextEncoder().encode(told).length);
});

test("what is not known yet counts as the most that it may be", () => {
  expect(bytesSaid([picture("")])).toBeGreaterThan(
    bytesSaid([picture("", { width: 640, height: 480, placeholder: "abc" })]) + 290,
  );
});
