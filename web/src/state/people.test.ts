import { expect, test } from "vitest";
import type { Member } from "../wire/types";
import { filtered, NO_LABEL, sortedByName } from "./people";

const member = (name: string, left = false): Member => ({ user: name, name, role: "member", left });

test("members stand by name, without those who left", () => {
  const names = sortedByName([member("Zoe"), member("élodie"), member("Ben", true), member("Adam")]);
  expect(names.map((one) => one.name)).toEqual(["Adam", "élodie", "Zoe"]);
});

test("one finds somebody without accents and capitals", () => {
  const people = [member("Tomasz Okoń"), member("Élodie")];
  expect(filtered(people, { query: "okon" }).map((one) => one.name)).toEqual(["Tomasz Okoń"]);
  expect(filtered(people, { query: " ELO " }).map((one) => one.name)).toEqual(["Élodie"]);
  expect(filtered(people, { query: "" })).toHaveLength(2);
});

test("one finds whoever runs the club, carries a label or none, or has no device", () => {
  const people: Member[] = [
    { ...member("Ann"), role: "owner", labels: ["l_1"] },
    { ...member("Ben"), labels: ["l_1", "l_2"] },
    { ...member("Cleo"), managed: true },
  ];
  const names = (wanted: Parameters<typeof filtered>[1]) => filtered(people, wanted).map((one) => one.name);
  expect(names({ role: "runs" })).toEqual(["Ann"]);
  expect(names({ role: "member" })).toEqual(["Ben", "Cleo"]);
  expect(names({ role: "managed" })).toEqual(["Cleo"]);
  expect(names({ label: "l_1" })).toEqual(["Ann", "Ben"]);
  expect(names({ label: NO_LABEL })).toEqual(["Cleo"]);
  expect(names({ label: "l_1", role: "member", query: "b" })).toEqual(["Ben"]);
});
