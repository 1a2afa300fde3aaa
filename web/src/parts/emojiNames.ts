/** The names of emoji, in the language of the texts: loaded when somebody first types a colon and two letters. */

import type { Candidate } from "./complete";
import { qualified } from "./emoji";

export async function emojiCandidates(lang: string): Promise<Candidate[]> {
  const names = lang === "de" ? import("virtual:emoji-names/de") : import("virtual:emoji-names/en");
  return (await names).default.map(([emoji, name, ...also]) => {
    const key = qualified(emoji);
    return { key, name, insert: key, also };
  });
}
