import { expect, test } from "vitest";
import type { FilesRoom } from "../../wire/types";
import { Ahead } from "./room";

const room = (change: Partial<FilesRoom> = {}): FilesRoom => ({
  open: 0,
  open_limit: 20,
  day_used: 400,
  day_limit: 500,
  used: 1_000,
  limit: 3_000,
  ...change,
});

test("what is left is what the limits have beside what is used, and what is chosen takes of it", async () => {
  const ahead = new Ahead(async () => room());
  expect(ahead.left(1)).toBeNull();
  await ahead.look(1);
  expect(ahead.left(1)).toMatchObject({ day: 100, space: 2_000 });
  ahead.takes(1, 60);
  expect(ahead.left(1)).toMatchObject({ day: 40, space: 1_940 });
  expect(ahead.left(2)).toBeNull();
});

test("beyond a limit nothing is left, not less than that", async () => {
  const ahead = new Ahead(async () => room({ day_used: 900, used: 9_000 }));
  await ahead.look(1);
  expect(ahead.left(1)).toMatchObject({ day: 0, space: 0 });
});

test("what was known a minute ago, or cannot be asked for any more, is not known", async () => {
  let now = 0;
  let answer: () => Promise<FilesRoom> = async () => room();
  const ahead = new Ahead(
    () => answer(),
    () => now,
  );
  await ahead.look(1);
  now = 59_000;
  expect(ahead.left(1)).not.toBeNull();
  now = 60_000;
  expect(ahead.left(1)).toBeNull();
  await ahead.look(1);
  expect(ahead.left(1)).not.toBeNull();
  answer = () => Promise.reject(new Error("away"));
  await ahead.look(1);
  expect(ahead.left(1)).toBeNull();
});
