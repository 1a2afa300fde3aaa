/** Initials and the tint of the window behind them: the same person looks the same everywhere. */

const TINTS = 6;
/** Two letters of these would be joined and read as a word. */
const JOINED = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}]/u;

export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = firstLetter(words[0] ?? name);
  const last = words.length > 1 && !JOINED.test(first) ? firstLetter(words.at(-1)!) : "";
  return (first + last).toLocaleUpperCase();
}

function firstLetter(word: string): string {
  return word.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? [...word][0] ?? "";
}

export function tintOf(user: string): number {
  let hash = 0;
  for (let i = 0; i < user.length; i++) hash = (hash * 31 + user.charCodeAt(i)) >>> 0;
  return (hash % TINTS) + 1;
}
