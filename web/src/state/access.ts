/**
 * The access token: held in memory only, shared with this browser's other tabs, renewed one tab at a time.
 * The refresh token lives in a cookie that no script can read.
 */

import { doorCalls } from "../wire/api";
import { Refused, request, Unreachable, type Call } from "../wire/http";
import { oneAtATime } from "./locks";

interface Held {
  user: string;
  token: string;
  /** On this device's clock. */
  until: number;
  renewAt: number;
}

const MARGIN_MS = 20_000;
const RENEW_AT = 0.7;
const ASSUMED_LIFE_MS = 540_000;

const channel = new BroadcastChannel("clubroom-access");
let held: Held | null = null;
let expected: string | null = null;
let onNew: (token: string) => void = () => undefined;
let onEnded: () => void = () => undefined;

channel.onmessage = (event: MessageEvent<Held | "ended">) => {
  if (event.data === "ended") {
    held = null;
    onEnded();
  } else if (expected !== null) {
    if (event.data.user !== expected) return location.reload();
    held = event.data;
    onNew(held.token);
  }
};

export const door = doorCalls((method, path, body) => request(method, path, body));

/** `onNewToken` tells the socket; `onSessionEnded` leads to the doors. */
export function watchAccess(onNewToken: typeof onNew, onSessionEnded: () => void): void {
  onNew = onNewToken;
  onEnded = onSessionEnded;
}

/** Whom this tab shows. Once somebody else has signed in in this browser, the tab starts afresh as them. */
export function expect(user: string | null): void {
  expected = user;
  if (held && held.user !== user) held = null;
}

export function accept(user: string, token: string, expiresInS?: number): void {
  const life = expiresInS ? expiresInS * 1000 : lifeOf(token);
  held = { user, token, until: Date.now() + life, renewAt: Date.now() + life * RENEW_AT };
  channel.postMessage(held);
  onNew(token);
}

/** This device signed out by itself: the other tabs follow. */
export function drop(): void {
  held = null;
  channel.postMessage("ended");
}

export const renewDueInMs = (): number => (held ? Math.max(0, held.renewAt - Date.now()) : 0);

export async function accessToken(): Promise<string> {
  return held && held.until - Date.now() > MARGIN_MS ? held.token : renewed(held?.token ?? null);
}

/**
 * A token other than `old`; another tab may have fetched it while this one waited for its turn.
 * Never somebody else's: what one person wrote must not go out as another.
 */
export function renewed(old: string | null): Promise<string> {
  const whom = expected;
  return oneAtATime("clubroom-access", async () => {
    if (expected !== whom) throw new Unreachable("somebody else is signed in");
    if (held && held.token !== old && held.until - Date.now() > MARGIN_MS) return held.token;
    const tokens = await door.renew();
    if (expected !== whom) throw new Unreachable("somebody else is signed in");
    if (whom !== null && tokens.user !== whom) {
      location.reload();
      return new Promise<never>(() => undefined); // whoever waits for a token goes with the page
    }
    accept(tokens.user, tokens.access_token, tokens.expires_in);
    return tokens.access_token;
  });
}

/** A fresh token, whatever is left of the old one. */
export const renewNow = (): Promise<string> => renewed(held?.token ?? null);

/** A call as the person who is signed in: with a token, and once more with a new one if it was refused. */
export const callAsMe: Call = async (method, path, body) => {
  try {
    const token = await accessToken();
    try {
      return await request(method, path, body, token);
    } catch (error) {
      if (!(error instanceof Refused && error.code === "unauthorized")) throw error;
      return await request(method, path, body, await renewed(token));
    }
  } catch (error) {
    if (sessionIsOver(error)) onEnded();
    throw error;
  }
};

export const sessionIsOver = (error: unknown): boolean =>
  error instanceof Refused && error.code === "invalid_refresh";

function lifeOf(token: string): number {
  try {
    const middle = token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    const claims = JSON.parse(atob(middle)) as { exp: number; iat: number };
    return claims.exp > claims.iat ? (claims.exp - claims.iat) * 1000 : ASSUMED_LIFE_MS;
  } catch {
    return ASSUMED_LIFE_MS;
  }
}
