/** The secret of a sign-in link: read from the fragment once, and gone from the address at once. */

let secret = "";

export function takeSecret(): void {
  if (location.pathname !== "/sign-in" || location.hash.length < 2) return;
  secret = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
}

export const linkSecret = (): string => secret;

export function forgetSecret(): void {
  secret = "";
}
