/** What may become a link: http and https only, with a host and without a name or password. All else is text. */

const SCHEME = /^https?:\/\//i;
const NOT_IN_A_LINK = /[\s<>"'`{}|\\^]/u;
const TRAILING = /[.,;:!?…\])}»”’。、！？）*_~]/u;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;
const WORD = /[a-z0-9]/i;

/**
 * Where the characters of a link that begins at `at` end; `at` itself if none begins there. `inWords`: it stands
 * in the words of another link, which may end with "](".
 */
export function linkEnd(text: string, at: number, inWords: boolean): number {
  if (!SCHEME.test(text.slice(at, at + "https://".length)) || WORD.test(text[at - 1] ?? "")) return at;
  let end = at;
  while (end < text.length && !NOT_IN_A_LINK.test(text[end]!) && !(inWords && text.startsWith("](", end)))
    end++;
  return end;
}

/** A full stop after a link is not part of it; a bracket is, when it was opened inside. */
export function withoutTrailing(link: string): string {
  let end = link.length;
  while (end > 0 && TRAILING.test(link[end - 1]!)) end--;
  const kept = link.slice(0, end);
  const open = link[end] === ")" && kept.split("(").length > kept.split(")").length;
  return open ? `${kept})` : kept;
}

/** The address as a browser follows it, or null. */
export function safe(link: string): string | null {
  if (!SCHEME.test(link) || NOT_IN_A_LINK.test(link)) return null;
  try {
    const url = new URL(link);
    const ours = url.protocol === "http:" || url.protocol === "https:";
    return ours && HOST.test(url.hostname) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

const UNSEEN = /[\p{Cf}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/gu;
const LIKE_AN_ADDRESS =
  /@|:\/|\bwww\b|[\p{L}\p{N}][.\u3002\ua4f8\u0701\u0702·‧・](?:\p{L}{2}|xn--)|\d\.\d+\.\d+\.\d/u;
/** Letters that nobody takes for others of another script. */
const HOST_AS_WRITTEN = /^[a-z0-9\u00df-\u00f6\u00f8-\u00ff.:[\]-]+$/;

/** The host that a link leads to, if its words look like another address; else null. */
export function hostBeside(words: string, href: string): string | null {
  const said = words.normalize("NFKC").replace(UNSEEN, "").toLowerCase().trim();
  const { host } = new URL(href);
  if (!LIKE_AN_ADDRESS.test(said)) return null;
  return sameHost(said, host) ? null : host;
}

function sameHost(said: string, host: string): boolean {
  const [named = ""] = said.replace(SCHEME, "").split(/[/?#]/, 1);
  if (/\s/.test(said) || !HOST_AS_WRITTEN.test(named)) return false;
  try {
    return bare(new URL(`https://${named}`).host) === bare(host);
  } catch {
    return false;
  }
}

const bare = (host: string): string => host.replace(/^www\./, "").replace(/:(80|443)$/, "");

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\s)+$/u;
const EMOJI_LARGE_MAX = 40;

export function isEmojiOnly(text: string): boolean {
  return text.length <= EMOJI_LARGE_MAX && text.trim() !== "" && EMOJI_ONLY.test(text);
}
