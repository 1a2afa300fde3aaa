import { expect, test } from "vitest";
import type { Member } from "../wire/types";
import { filtered, sortedByName } from "./people";

const member = (name: string, left = false): Member => ({ user: name, name, role: "member", left });

test("members stand by name, without those who left", () => {
  const names = sortedByName([member("Zoe"), member("élodie"), member("Ben", true), member("Adam")]);
  expect(names.map((one) => one.name)).toEqual(["Adam", "élodie", "Zoe"]);
});

test("one finds somebody without accents and capitals", () => {
  const people = [member("Tomasz Okoń"), member("Élodie")];
  expect(filtered(people, "okon").map((one) => one.name)).toEqual(["Tomasz Okoń"]);
  expect(filtered(people, " ELO ").map((one) => one.name)).toEqual(["Élodie"]);
  expect(filtered(people, "")).toHaveLength(2);
});
