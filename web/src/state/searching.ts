/** What stands in the box for searching: words, and filters like `from:"Ann Smith"`. Pure. */

export type Filter = "from" | "in" | "before" | "after" | "has";
/** What may lie with a message, as the server is asked for it. */
export type Has = "image" | "file" | "link";

/** A person, a room or a club by name. Of one name there may be several: then the first. */
export interface Named {
  key: string;
  name: string;
}

/** What is asked of the server, and what of it nobody here is called, or is no day. */
export interface Asked {
  /** null = nothing is asked for yet. */
  query: Readonly<Record<string, string>> | null;
  /** To be marked in what is found. */
  words: readonly string[];
  unknown: readonly { filter: Filter; value: string }[];
}

export interface Known {
  /** The words for filters in the language of the screen, beside the English ones. */
  filters: Readonly<Record<Filter, string>>;
  /** What else each of these is called, in the language of the screen: small letters. */
  kinds: Readonly<Record<Has, readonly string[]>>;
  people: readonly Named[];
  /** Rooms by `in`, clubs (with all their rooms) by `club`, as it stands before the number in the key. */
  places: readonly Named[];
}

const FILTER = /(?<!\S)(\p{L}+):(?:"([^"]*)"?|(\S*))/gu;
const AT_CARET = /(?<!\S)(\p{L}+):(?:"([^"]*)|([^\s"]*))$/u;
const FILTERS: readonly Filter[] = ["from", "in", "before", "after", "has"];
const KINDS: Readonly<Record<Has, readonly string[]>> = {
  image: ["image", "picture", "photo"],
  file: ["file", "document"],
  link: ["link"],
};

export function asked(typed: string, known: Known): Asked {
  const query: Record<string, string> = {};
  const unknown: { filter: Filter; value: string }[] = [];
  const having = new Set<string>();
  const q = typed
    .replace(FILTER, (all, word: string, quoted?: string, plain?: string) => {
      const filter = filterOf(word, known.filters);
      const value = (quoted ?? plain ?? "").trim();
      if (!filter) return all;
      if (value !== "") take(filter, value);
      return " ";
    })
    .trim()
    .replace(/\s+/gu, " ");

  function take(filter: Filter, value: string) {
    const found = meant(filter, value, known);
    if (filter === "has" && found) having.add(found[1]);
    else if (found) query[found[0]] = found[1];
    else unknown.push({ filter, value });
  }

  if (q !== "") query.q = q;
  if (having.size > 0) query.has = [...having].join(",");
  const some = Object.keys(query).some((name) => name !== "club");
  return { query: some ? query : null, words: q === "" ? [] : q.split(" "), unknown };
}

/** The name and value of what the server is asked, or null. */
function meant(filter: Filter, value: string, known: Known): [string, string] | null {
  if (filter === "has") {
    const has = hasOf(value, known);
    return has && ["has", has];
  }
  if (filter === "before" || filter === "after") {
    const day = dayIn(value);
    // before a day is before its midnight; after it is from the next one on
    return day && [filter, new Date(day.y, day.m - 1, day.d + (filter === "after" ? 1 : 0)).toISOString()];
  }
  const found = named(value, filter === "from" ? known.people : known.places);
  if (!found) return null;
  if (filter === "from") return ["from", found.key];
  const [kind, id] = found.key.split(" ") as [string, string];
  return [kind, id];
}

/** As it is begun to be typed, it is the first that begins so. */
function hasOf(value: string, known: Known): Has | null {
  const wanted = plain(value);
  const begins = (kind: Has) =>
    [...KINDS[kind], ...known.kinds[kind]].some((word) => plain(word).startsWith(wanted));
  return (Object.keys(KINDS) as Has[]).find(begins) ?? null;
}

/** `2026-11-05` or `5.11.2026`. */
export function dayIn(text: string): { y: number; m: number; d: number } | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(text);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/u.exec(text);
  const [y, m, d] = iso ? [iso[1], iso[2], iso[3]] : dotted ? [dotted[3], dotted[2], dotted[1]] : [];
  const day = { y: Number(y), m: Number(m), d: Number(d) };
  const date = new Date(day.y, day.m - 1, day.d);
  return date.getFullYear() === day.y && date.getMonth() + 1 === day.m && date.getDate() === day.d
    ? day
    : null;
}

function named(value: string, all: readonly Named[]): Named | null {
  const wanted = plain(value);
  return (
    all.find((one) => plain(one.name) === wanted) ??
    all.find((one) => plain(one.name).startsWith(wanted)) ??
    null
  );
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function filterOf(word: string, filters: Readonly<Record<Filter, string>>): Filter | null {
  const wanted = word.toLowerCase();
  return FILTERS.find((filter) => filter === wanted || filters[filter].toLowerCase() === wanted) ?? null;
}

/** A name that is being typed at the caret, for which names are offered. */
export interface Begun {
  filter: "from" | "in";
  at: number;
  query: string;
}

export function begunAt(
  typed: string,
  caret: number,
  filters: Readonly<Record<Filter, string>>,
): Begun | null {
  const found = AT_CARET.exec(typed.slice(0, caret));
  const filter = found ? filterOf(found[1]!, filters) : null;
  if (!found || (filter !== "from" && filter !== "in")) return null;
  return { filter, at: found.index + found[1]!.length + 1, query: found[2] ?? found[3] ?? "" };
}

/** The text with the name in place of what was begun, and where the caret stands then. */
export function completed(
  typed: string,
  caret: number,
  { at }: Begun,
  name: string,
): { typed: string; caret: number } {
  const value = /\s/u.test(name) ? `"${name.replaceAll('"', "")}"` : name;
  const rest = typed.slice(caret).replace(/^"/u, "").trimStart();
  const before = `${typed.slice(0, at)}${value} `;
  return { typed: before + rest, caret: before.length };
}

export interface Piece {
  text: string;
  hit: boolean;
}

const BEFORE_CHARACTERS = 60;
const SHOWN_CHARACTERS = 280;

/** A part of a text around the first of the words, cut into what is marked and what is not. */
export function marked(text: string, words: readonly string[]): Piece[] {
  const { folded, places } = foldedWithPlaces(text);
  const spans = words
    .map((word) => signless(plain(word)).trim())
    .filter(Boolean)
    .flatMap((word) => spansOf(folded, word))
    .sort((a, b) => a.from - b.from);
  const first = spans[0] ? places[spans[0].from]! : 0;
  const start = first > BEFORE_CHARACTERS ? wordStart(text, first - BEFORE_CHARACTERS) : 0;
  const end = Math.min(text.length, start + SHOWN_CHARACTERS);
  const pieces: Piece[] = start > 0 ? [{ text: "… ", hit: false }] : [];
  let at = start;
  for (const span of spans) {
    const [from, to] = [places[span.from]!, places[span.to]!];
    if (from < at || to > end) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), hit: false });
    pieces.push({ text: text.slice(from, to), hit: true });
    at = to;
  }
  if (at < end) pieces.push({ text: text.slice(at, end), hit: false });
  if (end < text.length) pieces.push({ text: " …", hit: false });
  return pieces;
}

const signless = (text: string) => text.replace(/[^\p{L}\p{N}\p{S}\p{M}]+/gu, " ");

/** As it is compared, and for each of its letters where in the text it stands. */
function foldedWithPlaces(text: string): { folded: string; places: number[] } {
  let folded = "";
  const places: number[] = [];
  let at = 0;
  for (const letter of text) {
    const small = signless(plain(letter)) || (/\p{M}/u.test(letter) ? "" : " ");
    for (let i = 0; i < small.length; i++) places.push(at);
    folded += small;
    at += letter.length;
  }
  places.push(at);
  return { folded, places };
}

function spansOf(folded: string, word: string): { from: number; to: number }[] {
  const spans = [];
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length))
    if (word.length > 1 || !/[a-z0-9]/u.test(word) || !/[\p{L}\p{N}]/u.test(folded[at - 1] ?? " "))
      spans.push({ from: at, to: at + word.length });
  return spans;
}

function wordStart(text: string, from: number): number {
  const space = text.indexOf(" ", from);
  return space >= 0 && space - from < 20 ? space + 1 : from;
}
