/** The number on the app, where there is one. */

interface Badged {
  setAppBadge?: (count: number) => Promise<void>;
  clearAppBadge?: () => Promise<void>;
}

/** A platform may refuse it (no right to it, nothing installed): that says nothing to anybody, and hinders nothing. */
export async function setBadge(count: number): Promise<void> {
  const app: Badged = navigator;
  try {
    await (count > 0 ? app.setAppBadge?.(count) : app.clearAppBadge?.());
  } catch {
    return; // as if it had none
  }
}
