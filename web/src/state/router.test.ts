import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/" });
const { routeOf } = await import("./router.svelte");

test("every view has its address", () => {
  expect(routeOf("/")).toEqual({ view: "doors" });
  expect(routeOf("/join")).toEqual({ view: "join", code: "" });
  expect(routeOf("/join/K7QM-9XRT-2HVC")).toEqual({ view: "join", code: "K7QM-9XRT-2HVC" });
  expect(routeOf("/c/42")).toEqual({ view: "room", group: 42, over: null, message: null });
  expect(routeOf("/c/42/members")).toEqual({ view: "room", group: 42, over: "members", message: null });
  for (const over of ["invite", "rooms", "new-room", "new-message", "about", "add", "pins"]) {
    expect(routeOf(`/c/42/${over}/`)).toEqual({ view: "room", group: 42, over, message: null });
  }
  const message = "01900000-0000-7000-8000-000000000001";
  expect(routeOf(`/c/42/m/${message}`)).toEqual({ view: "room", group: 42, over: null, message });
  expect(routeOf("/c/42/m/x")).toEqual({ view: "room", group: 42, over: null, message: null });
  expect(routeOf("/settings")).toEqual({ view: "settings" });
});

test("an address that means nothing leads to the doors", () => {
  for (const path of ["/x", "/c", "/c/abc", "/c/1e3", "/c/-1", "/%E0%A4%A", "//"]) {
    expect(routeOf(path)).toEqual({ view: "doors" });
  }
});
