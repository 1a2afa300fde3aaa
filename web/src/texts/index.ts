/** The language of this visit. Chosen once, before anything is drawn. */

import { en, type Texts } from "./en";

export type { Texts } from "./en";
export let t: Texts = en;

export async function chooseLanguage(wanted: readonly string[]): Promise<void> {
  const first = wanted
    .map((tag) => tag.toLowerCase().split("-")[0])
    .find((tag) => tag === "en" || tag === "de");
  if (first === "de") t = (await import("./de")).de;
  document.documentElement.lang = t.lang;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let made = formats.get(name);
  if (!made) formats.set(name, (made = new Intl.DateTimeFormat(regional(), options)));
  return made;
}

/** Times as this person's region writes them, in the language of the texts. */
function regional(): string {
  return navigator.languages.find((tag) => tag.startsWith(t.lang)) ?? t.lang;
}

export const timeOf = (at: number): string =>
  format("time", { hour: "numeric", minute: "2-digit" }).format(at);

export const exactTimeOf = (at: number): string =>
  format("exact", { dateStyle: "full", timeStyle: "medium" }).format(at);

export function dayOf(at: number, now: number = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return t.room.today;
  if (days === 1) return t.room.yesterday;
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : ("numeric" as const);
  return format(`day${year ?? ""}`, { weekday: "long", day: "numeric", month: "long", year }).format(at);
}

function midnight(at: number): number {
  const day = new Date(at);
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
}
