/** Calls as the person whose device this is, without a page: with a token of its own, renewed as pages do it. */

import { oneAtATime } from "../state/locks";
import { toldByPage } from "../state/told";
import { doorCalls } from "../wire/api";
import { request, Unreachable, type Call, type Method } from "../wire/http";

/** The browser lets a worker live for half a minute: these and three answers that do not come in time. */
const AGAIN_AFTER_MS = [1_000, 4_000];

const door = doorCalls((method, path, body) => request(method, path, body));

/** Tried again where no answer came: so ask only for what may happen twice. */
export const callAsMe: Call = async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
  const token = await patiently(renewed);
  return patiently(() => request<T>(method, path, body, token));
};

/** Never as somebody else who has signed in on this device meanwhile. */
function renewed(): Promise<string> {
  return oneAtATime("clubroom-access", async () => {
    const told = await toldByPage();
    const tokens = await door.renew();
    if (tokens.user !== told?.user) throw new Error("somebody else is signed in");
    return tokens.access_token;
  });
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of AGAIN_AFTER_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return work();
}
