/** Being reached while Clubroom is closed: the calls about this device, and why a message came or did not. */

import type { Call } from "./http";
import type * as wire from "./types";

export const pushCalls = (call: Call) => ({
  key: () => call<wire.PushKey>("GET", "/push"),
  here: () => call<wire.PushState>("GET", "/me/push"),
  register: (address: wire.PutPush) => call<wire.PushState>("PUT", "/me/push", address),
  forget: () => call<void>("DELETE", "/me/push"),
  test: () => call<wire.PushState>("POST", "/me/push/test"),
  why: (id: string) => call<wire.Why>("GET", `/messages/${id}/why`),
});
