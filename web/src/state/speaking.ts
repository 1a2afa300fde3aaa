/** The language and the time zone that a person has chosen, on every device of theirs. */

import { chooseLanguage, keepTimeIn, t, zoneShown } from "../texts";
import type { Me } from "../wire/types";

// for the next start, before anybody can be asked
const LANGUAGE = "clubroom.language";
const ZONE = "clubroom.zone";

let redraw: () => void = () => undefined;
let redrawTimes: () => void = () => undefined;

/** Draws everything anew in the language of now. */
export function onLanguage(drawAnew: () => void): void {
  redraw = drawAnew;
}

/** What is wanted at the start of a visit. */
function wantedLanguages(): readonly string[] {
  const chosen = localStorage.getItem(LANGUAGE);
  return chosen ? [chosen, ...navigator.languages] : navigator.languages;
}

/** Draws what shows times anew in the zone of now. */
export function onZone(drawAnew: () => void): void {
  redrawTimes = drawAnew;
}

/** Before anything is drawn. */
export async function beginSpeaking(): Promise<void> {
  keepTimeIn(localStorage.getItem(ZONE));
  await chooseLanguage(wantedLanguages());
}

export async function speakTo(me: Me): Promise<void> {
  const before = [t.lang, zoneShown()];
  keep(ZONE, me.time_zone);
  keep(LANGUAGE, me.language);
  keepTimeIn(me.time_zone);
  await chooseLanguage(wantedLanguages());
  if (t.lang !== before[0]) redraw();
  else if (zoneShown() !== before[1]) redrawTimes();
}

export function forgetLanguage(): void {
  keep(LANGUAGE, null);
  keep(ZONE, null);
}

function keep(name: string, chosen: string | null): void {
  if (chosen) localStorage.setItem(name, chosen);
  else localStorage.removeItem(name);
}
