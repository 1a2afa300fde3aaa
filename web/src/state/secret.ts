/** The secret of a link to sign in, to come, to verify, to reset, to end letters or to answer one: read from the fragment once, and
 * gone from the address at once. */

const PLACES = ["/sign-in", "/welcome", "/verify", "/reset", "/mail", "/answer"];
let secret = "";

export function takeSecret(): void {
  if (!PLACES.includes(location.pathname) || location.hash.length < 2) return;
  secret = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
}

/** One that came back from an issuer, where somebody was on their way. */
export function keepSecret(found: string): void {
  secret = found;
}

export const linkSecret = (): string => secret;

export function forgetSecret(): void {
  secret = "";
}
