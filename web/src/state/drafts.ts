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

/** Of a form that was begun; `of` says which. Null = there is none, or nobody can read it any more. */
export function formDraftOf<T>(user: string, of: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(formKey(user, of)) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export function keepFormDraft(user: string, of: string, form: unknown): void {
  try {
    if (form === null) localStorage.removeItem(formKey(user, of));
    else localStorage.setItem(formKey(user, of), JSON.stringify(form));
  } catch {
    return; // the device is full: it is still on the screen
  }
}

/** Which forms were begun whose name begins so. */
export function formDraftsLike(user: string, start: string): string[] {
  const prefix = formKey(user, start);
  return Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(formKey(user, "").length));
}

const formKey = (user: string, of: string) => `clubroom.draft.${user}.form.${of}`;

export function forgetDrafts(user: string): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(`clubroom.draft.${user}.`)) localStorage.removeItem(name);
  }
}
