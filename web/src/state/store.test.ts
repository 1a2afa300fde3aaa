import { expect, test, vi } from "vitest";
import { fromSnapshot } from "./apply";
import { snapshotOf } from "./given";

let full = false;
vi.mock("idb", () => ({
  openDB: () =>
    Promise.resolve({
      transaction: () => {
        if (full) throw new DOMException("no room", "QuotaExceededError");
        const nothing = { getAll: () => Promise.resolve([]) };
        const store = { get: () => Promise.resolve(), put: () => Promise.resolve(), index: () => nothing };
        return { objectStore: () => store, done: Promise.resolve() };
      },
      close: () => undefined,
    }),
}));
const { Store } = await import("./store");

const state = fromSnapshot(snapshotOf({ group: 3, seq: 1 }));

test("a store keeps as long as there is room for a group, and again once there is", async () => {
  const store = await Store.open("me");
  expect(store.keeps).toBe(true);
  full = true;
  await store.keepGroup(state);
  expect(store.keeps).toBe(false);
  full = false;
  await store.keepGroup(state);
  expect(store.keeps).toBe(true);
  store.close();
  expect(store.keeps).toBe(false);
});
