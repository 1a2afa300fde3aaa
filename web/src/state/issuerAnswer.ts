/** What an issuer has sent this browser back with: read from the address once, and gone from it at once. */

import type { IssuerAnswer } from "../wire/types";

export type Brought =
  | { kind: "answer"; for: "in" | "connect"; answer: IssuerAnswer }
  /** It let nobody in; `access_denied` where somebody did not want to. */
  | { kind: "refusal"; for: "in" | "connect"; error: string };

export const SIGNED_IN = "/signed-in";
let brought: Brought | null = null;

export function takeIssuerAnswer(): void {
  if (location.pathname !== SIGNED_IN || location.search.length < 2) return;
  brought = answerIn(location.search);
  history.replaceState(history.state, "", location.pathname);
}

/** Once: a second look finds nothing. */
export function broughtBack(): Brought | null {
  const found = brought;
  brought = null;
  return found;
}

/** The state begins with what it is for; the server knows whether that is so. */
export function answerIn(search: string): Brought | null {
  const said = new URLSearchParams(search);
  const [state, code, iss, error] = ["state", "code", "iss", "error"].map((name) => said.get(name));
  const purpose = state?.startsWith("connect.") ? "connect" : "in";
  if (error) return { kind: "refusal", for: purpose, error };
  if (!state || !code) return null;
  return { kind: "answer", for: purpose, answer: { state, code, ...(iss ? { iss } : {}) } };
}
