/** The secret of a link to sign in, to come, to verify, to reset or to end letters: read from the fragment once, and
 * gone from the address at once. */

const PLACES = ["/sign-in", "/welcome", "/verify", "/reset", "/mail"];
let secret = "";

export function takeSecret(): void {
  if (!PLACES.includes(location.pathname) || location.hash.length < 2) return;
  secret = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
}

export const linkSecret = (): string => secret;

export function forgetSecret(): void {
  secret = "";
}
