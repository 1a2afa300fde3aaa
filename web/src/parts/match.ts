/** Finding by a few letters: without regard to case and accents, what begins so before what contains it. */

/** As it is compared: small letters without accents. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** How well a text answers a query, both folded; smaller is better, null is not at all. */
export function rankOf(text: string, query: string): number | null {
  if (query === "" || text === query) return 0;
  if (text.startsWith(query)) return 1;
  const words = text.split(/[^\p{L}\p{N}]+/u);
  if (words.some((word) => word.startsWith(query))) return 2;
  return text.includes(query) ? 3 : null;
}

/** The letters in their order, with others between them: "prg" is in "programme". */
function hasInOrder(text: string, query: string): boolean {
  let from = 0;
  for (const letter of query) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

const LOOSE = 4;
/** Two letters in order are in nearly everything. */
const LOOSE_LETTERS_MIN = 3;

export interface Named {
  name: string;
  detail?: string;
}

/** What answers the query, best first; what answers it equally well stays in the order given. */
export function placesFor<Place extends Named>(places: readonly Place[], typed: string): Place[] {
  const words = folded(typed).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [...places];
  return places
    .flatMap((place) => {
      const rank = placeRank(place, words);
      return rank === null ? [] : [{ place, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ place }) => place);
}

/** Every word must be in the name, or, which counts less, in the detail. */
function placeRank({ name, detail = "" }: Named, words: readonly string[]): number | null {
  const [inName, inDetail] = [folded(name), folded(detail)];
  let sum = 0;
  for (const word of words) {
    const named = rankOf(inName, word);
    const detailed = rankOf(inDetail, word);
    if (named !== null) sum += named;
    else if (detailed !== null) sum += LOOSE + detailed;
    else if (word.length >= LOOSE_LETTERS_MIN && hasInOrder(inName, word)) sum += 2 * LOOSE;
    else return null;
  }
  return sum;
}
