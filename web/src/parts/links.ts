/** Links in a message's text: http and https only, everything else stays text. */

export type Piece = { text: string; href?: string };

const LINK = /\bhttps?:\/\/[^\s<>"'`{}|\\^]+/giu;
const TRAILING = /[.,;:!?…\])}»”’。、！？）]+$/u;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const link = withoutTrailing(match[0]);
    const href = safe(link);
    if (!href) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: link, href });
    done = match.index + link.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}

/** A full stop after a link is not part of it; a bracket is, when it was opened inside. */
function withoutTrailing(link: string): string {
  let kept = link.replace(TRAILING, "");
  const rest = link.slice(kept.length);
  if (rest.startsWith(")") && kept.split("(").length > kept.split(")").length) kept += ")";
  return kept;
}

function safe(link: string): string | null {
  try {
    const url = new URL(link);
    const ours = url.protocol === "http:" || url.protocol === "https:";
    return ours && url.hostname && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\s)+$/u;
const EMOJI_LARGE_MAX = 40;

export function isEmojiOnly(text: string): boolean {
  return text.length <= EMOJI_LARGE_MAX && text.trim() !== "" && EMOJI_ONLY.test(text);
}
