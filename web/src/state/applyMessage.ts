/** What an action does to the message that it names. Pure. */

import type { Emote, LinkPreview, Message, Placed } from "../wire/types";

export function changedMessage(message: Message, action: Placed): Message {
  switch (action.type) {
    case "message_edited":
      return message.deleted ? message : { ...message, text: action.text, edited_at: action.at };
    case "message_deleted": {
      const { id, group, seq, author, sent_at } = message;
      return { id, group, seq, author, sent_at, text: "", deleted: true };
    }
    case "emote_added":
    case "emote_removed":
      return withEmote(message, action.emote, action.user, action.type === "emote_added");
    case "link_previewed":
      return withPreview(message, action.preview ?? null);
    default:
      return message;
  }
}

/** What its link shows; null = nothing, or nothing any more. */
function withPreview(message: Message, preview: LinkPreview | null): Message {
  const { preview: before, ...rest } = message;
  if (preview) return { ...rest, preview };
  return before ? rest : message;
}

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

function withEmote(message: Message, emote: string, user: string, on: boolean): Message {
  const { emotes: before, ...rest } = message;
  const emotes = changedEmotes(before ?? [], emote, user, on);
  return emotes.length > 0 ? { ...rest, emotes } : rest;
}
