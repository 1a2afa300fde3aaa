import { afterEach, expect, test, vi } from "vitest";
import { setBadge } from "./badge";

afterEach(() => vi.unstubAllGlobals());

test("a number is set or cleared, and a platform that refuses or has none hinders nothing", async () => {
  const app = { setAppBadge: vi.fn(() => Promise.resolve()), clearAppBadge: vi.fn(() => Promise.resolve()) };
  vi.stubGlobal("navigator", app);
  await setBadge(3);
  await setBadge(0);
  expect([app.setAppBadge.mock.calls, app.clearAppBadge.mock.calls]).toEqual([[[3]], [[]]]);
  vi.stubGlobal("navigator", {
    setAppBadge: () => Promise.reject(new DOMException("no", "NotAllowedError")),
  });
  await setBadge(1);
  await setBadge(0);
});
