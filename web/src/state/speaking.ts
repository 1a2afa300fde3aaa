/** The language and the time zone that a person has chosen, on every device of theirs. */

import { chooseLanguage, keepTimeIn, t } from "../texts";
import type { Me } from "../wire/types";

const LANGUAGE = "clubroom.language"; // for the next start, before anybody can be asked

let redraw: () => void = () => undefined;

/** Draws everything anew in the language of now. */
export function onLanguage(drawAnew: () => void): void {
  redraw = drawAnew;
}

/** What is wanted at the start of a visit. */
export function wantedLanguages(): readonly string[] {
  const chosen = localStorage.getItem(LANGUAGE);
  return chosen ? [chosen, ...navigator.languages] : navigator.languages;
}

export async function speakTo(me: Me): Promise<void> {
  keepTimeIn(me.time_zone);
  if (me.language) localStorage.setItem(LANGUAGE, me.language);
  else localStorage.removeItem(LANGUAGE);
  const before = t.lang;
  await chooseLanguage(wantedLanguages());
  if (t.lang !== before) redraw();
}

export function forgetLanguage(): void {
  localStorage.removeItem(LANGUAGE);
}
