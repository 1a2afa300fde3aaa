/** Emoji as Unicode says that they are to be written. */

const AS_EMOJI = "\uFE0F";
const NEEDS_SELECTOR = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/** The fully-qualified form: a selector where a character would else be text, and nowhere else. */
export function qualified(emoji: string): string {
  return emoji.replaceAll(AS_EMOJI, "").replace(NEEDS_SELECTOR, `$&${AS_EMOJI}`);
}
