/** What an action does to the message that it names. Pure. */

import type { LinkPreview, Message, Placed } from "../wire/types";
import { changedEmotes } from "./applyEmotes";

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

function withEmote(message: Message, emote: string, user: string, on: boolean): Message {
  const { emotes: before, ...rest } = message;
  const emotes = changedEmotes(before ?? [], emote, user, on);
  return emotes.length > 0 ? { ...rest, emotes } : rest;
}
