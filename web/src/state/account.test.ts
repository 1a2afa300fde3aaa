import { expect, test, vi } from "vitest";
import { Refused } from "../wire/http";

const stored = new Map([["clubroom.user", "ann"]]);
vi.stubGlobal("document", { hidden: false });
vi.stubGlobal("localStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});
const end = vi.fn();
const dropRead = vi.fn(() => Promise.resolve());
vi.mock("./signedIn", () => ({
  SignedIn: {
    begin: () =>
      Promise.resolve({
        end,
        store: { dropRead },
        intake: { forget: vi.fn() },
        refreshMe: () => Promise.reject(new Refused("invalid_refresh", 401)),
      }),
  },
}));
const { house } = await import("./house.svelte");
const { start, stillHere } = await import("./account");

test("a session that had ended while nothing was stored of it leads to the doors", async () => {
  await start();
  expect(house.phase).toBe("out");
  expect(house.ended).toBe(true);
  expect(stillHere()).toBeNull();
  expect(end).toHaveBeenCalledOnce();
  expect(dropRead).toHaveBeenCalledOnce();
  expect([...stored.keys()]).toEqual(["clubroom.awaited"]);
});
