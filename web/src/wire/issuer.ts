/** The calls about signing in by an issuer, by name. */

import type { Call } from "./http";
import type * as wire from "./types";

/** For whoever is not signed in; the cookie of the round trip travels by itself. */
export const issuerCalls = (call: Call) => ({
  begin: (then: string) => call<wire.RoundTrip>("POST", "/issuer/round-trips", { then }),
  signIn: (answer: wire.IssuerAnswer) =>
    call<wire.SignedInByIssuer>("POST", "/issuer/sessions", { ...answer, keep: "cookie" }),
});

export const identityCalls = (call: Call) => ({
  mine: () => call<wire.Identities>("GET", "/me/identities"),
  begin: (then: string) => call<wire.RoundTrip>("POST", "/me/identities/round-trips", { then }),
  connect: (answer: wire.IssuerAnswer) => call<wire.Connected>("POST", "/me/identities", answer),
  disconnect: (id: number) => call<void>("DELETE", `/me/identities/${id}`),
  signOut: () => call<wire.SignedOutOfIssuer>("POST", "/issuer/sign-out"),
});
