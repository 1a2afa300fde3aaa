import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/" });
const { routeOf } = await import("./router.svelte");

test("every view has its address", () => {
  expect(routeOf("/")).toEqual({ view: "doors" });
  expect(routeOf("/join")).toEqual({ view: "join", code: "" });
  expect(routeOf("/join/K7QM-9XRT-2HVC")).toEqual({ view: "join", code: "K7QM-9XRT-2HVC" });
  const room = { view: "room", group: 42, over: null, message: null, person: null };
  expect(routeOf("/c/42")).toEqual(room);
  expect(routeOf("/c/42/members")).toEqual({ ...room, over: "members" });
  expect(routeOf("/c/42/members/u_x-1")).toEqual({ ...room, over: "members", person: "u_x-1" });
  for (const over of [
    "labels",
    "invite",
    "rooms",
    "new-room",
    "new-message",
    "about",
    "add",
    "pins",
    "search",
    "bring",
    "reach",
    "new-event",
    "edit-event",
    "copy-event",
    "cancel-event",
  ]) {
    expect(routeOf(`/c/42/${over}/`)).toEqual({ ...room, over });
  }
  const message = "01900000-0000-7000-8000-000000000001";
  expect(routeOf(`/c/42/m/${message}`)).toEqual({ ...room, message });
  expect(routeOf(`/c/42/m/${message}/write`)).toEqual({ ...room, message, write: true });
  expect(routeOf("/c/42/m/x")).toEqual(room);
  const form = { ...room, over: "new-event" };
  expect(routeOf(`/c/42/new-event/${message}`)).toEqual({ ...form, draft: message });
  expect(routeOf("/c/42/new-event/x")).toEqual(form);
  expect(routeOf("/upcoming")).toEqual({ view: "upcoming" });
  expect(routeOf("/settings")).toEqual({ view: "settings", part: null });
  expect(routeOf("/settings/notifications")).toEqual({ view: "settings", part: "notifications" });
});

test("an address that means nothing leads to the doors", () => {
  for (const path of ["/x", "/c", "/c/abc", "/c/1e3", "/c/-1", "/%E0%A4%A", "//"]) {
    expect(routeOf(path)).toEqual({ view: "doors" });
  }
});
