/** What was begun and not sent, per conversation: written at once, so that it survives a crash. */

const key = (user: string, group: number) => `clubroom.draft.${user}.${group}`;

export function draftOf(user: string, group: number): string {
  return localStorage.getItem(key(user, group)) ?? "";
}

export function keepDraft(user: string, group: number, text: string): void {
  try {
    if (text) localStorage.setItem(key(user, group), text);
    else localStorage.removeItem(key(user, group));
  } catch {
    return; // the device is full: the text is still in the box
  }
}

export function forgetDrafts(user: string): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(`clubroom.draft.${user}.`)) localStorage.removeItem(name);
  }
}
