/** Signing in by an issuer that the host has named: there, back, and what comes of it. */

import { identityCalls, issuerCalls } from "../wire/issuer";
import { request } from "../wire/http";
import type { Identity } from "../wire/types";
import { callAsMe } from "./access";
import { admit, here, signOut } from "./account";
import { host } from "./clubs";
import { codeOf, reasonFor } from "./failing";
import { house } from "./house.svelte";
import { broughtBack, type Brought } from "./issuerAnswer";
import { forgetWay, keepWay, keptWay } from "./onTheWay";
import { router } from "./router.svelte";
import { keepSecret } from "./secret";

const outside = issuerCalls((method, path, body) => request(method, path, body));
const own = identityCalls(callAsMe);

/** Why somebody did not come in. */
export type Failure = "denied" | "refused" | "lost" | "taken" | "other";

class Issuer {
  /** What the button says; null = there is none, or it is not known yet. */
  name = $state<string | null>(null);
  /** Nobody signs in otherwise. */
  only = $state(false);
  /** What was brought back is being looked at. */
  busy = $state(false);
  failure = $state<Failure | null>(null);
  /** In words, where there is nothing better to say. */
  reason = $state("");
  /** What it was for. */
  purpose = $state<Brought["for"]>("in");
  /** Somebody new is in, and is asked how they are called; where they go then. */
  naming = $state<string | null>(null);

  /** Asked when the client starts, and again when somebody looks at a door. */
  async look(): Promise<void> {
    const found = await host().catch(() => null);
    this.name = found?.issuer ?? this.name;
    this.only = found?.issuer_only ?? this.only;
  }

  /** Once for what was brought back; a screen that is drawn anew does not ask again. */
  async comeBack(): Promise<void> {
    const brought = broughtBack();
    if (this.busy || this.naming !== null) return;
    if (!brought) {
      this.failure ??= "lost";
      return;
    }
    this.purpose = brought.for;
    this.failure = null;
    if (brought.kind === "refusal") {
      this.failure = brought.error === "access_denied" ? "denied" : "refused";
      return;
    }
    this.busy = true;
    try {
      await (brought.for === "connect" ? this.#connected(brought) : this.#signedIn(brought));
    } catch (caught) {
      this.failure = failureOf(caught);
      this.reason = reasonFor(caught);
    } finally {
      this.busy = false;
    }
  }

  async #signedIn({ answer }: Brought & { kind: "answer" }): Promise<void> {
    const came = await outside.signIn(answer);
    forgetWay();
    if (came.made) this.naming = came.then;
    await admit(came);
    if (!came.made) goOn(came.then);
  }

  async #connected({ answer }: Brought & { kind: "answer" }): Promise<void> {
    if (house.phase !== "in") {
      this.failure = "lost";
      return;
    }
    const { then } = await own.connect(answer);
    await here().refreshMe();
    goOn(then);
  }

  /** Whoever is new has said how they are called. */
  named(): void {
    const then = this.naming ?? "/";
    this.naming = null;
    goOn(then);
  }
}

export const issuer = new Issuer();

/** Away from here; `then` is where one comes back to, with what stands behind its #. */
export async function goToIssuer(then: string): Promise<void> {
  const { url } = await outside.begin(then);
  keepWay(then);
  location.assign(url);
}

/** Once more, to where it was to lead the first time. */
export const goAgain = (): Promise<void> => goToIssuer(keptWay());

export async function goToConnect(): Promise<void> {
  location.assign((await own.begin("/settings/sign-in")).url);
}

export const identities = async (): Promise<Identity[]> => (await own.mine()).identities;

export async function disconnect(id: number): Promise<void> {
  await own.disconnect(id);
  await here().refreshMe();
}

/** Out here, and where one signs out there, too; null = nowhere. */
export async function signOutOfBoth(): Promise<string | null> {
  let url: string | null = null;
  await signOut(issuer.name ? async () => void ({ url } = await own.signOut()) : undefined);
  return url;
}

function goOn(then: string): void {
  const [path = "/", secret] = then.split("#");
  if (secret) keepSecret(secret);
  router.go(path, { replace: true });
}

function failureOf(caught: unknown): Failure {
  if (codeOf(caught) === "not_vouched") return "lost";
  return codeOf(caught) === "id_conflict" ? "taken" : "other";
}
