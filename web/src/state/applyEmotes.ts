/** What actions change of emotes: reactions to a message, and a club's own. Pure. */

import type { AnyAction, ClubEmote, Emote } from "../wire/types";

export const byCodePoint = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Kinds and people are in the order of their code points: no kind jumps when somebody takes theirs back. */
export function changedEmotes(emotes: readonly Emote[], emote: string, user: string, on: boolean): Emote[] {
  const kinds = new Map(emotes.map((kind) => [kind.emote, kind.users]));
  const others = (kinds.get(emote) ?? []).filter((one) => one !== user);
  kinds.set(emote, on ? [...others, user].sort(byCodePoint) : others);
  return [...kinds]
    .filter(([, users]) => users.length > 0)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([kind, users]) => ({ emote: kind, users }));
}

/** In the order of their names. */
export function changedClubEmotes(
  emotes: readonly ClubEmote[],
  action: Extract<AnyAction, { type: "club_emote_defined" | "club_emote_removed" }>,
): readonly ClubEmote[] {
  const { file } = action;
  const others = emotes.filter((one) => one.file !== file);
  if (action.type === "club_emote_removed") return others;
  return [...others, { file, name: action.name }].sort((a, b) => byCodePoint(a.name, b.name));
}
