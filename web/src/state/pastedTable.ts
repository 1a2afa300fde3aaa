/** What is a table in a pasted text: its separator, its cells, and which column says what. Pure. */

export interface Columns {
  name?: number;
  first?: number;
  last?: number;
  email?: number;
  labels: number[];
}

const SEPARATORS = ["\t", ";", ","] as const;
const MOST = 0.6;
const LABEL_ROWS_MIN = 4;

/** English and German, as spreadsheets and address books call them. */
const HEADS: [keyof Omit<Columns, "labels"> | "label", RegExp][] = [
  ["email", /^(e ?mail|mail)/],
  ["first", /^(first|given|fore)( ?names?)?$|^(vor|ruf)namen?$/],
  ["last", /^(last|family|sur)( ?names?)?$|^(nach|familien|zu)namen?$/],
  [
    "name",
    /^(full |display |vollstaendiger |ganzer )?namen?$|^(fullname|members?|persons?|people|participants?|mitglied(er)?|teilnehmer(in)?|vor und nachname|nachname vorname|name vorname|vorname nachname|anzeigename)$/,
  ],
  [
    "label",
    /^(labels?|tags?|voices?|parts?|sections?|groups?|teams?|instruments?|categor(y|ies)|departments?|boards?|etikett(en)?|stimmen?|stimmgruppen?|stimmlage|register|gruppen?|mannschaft(en)?|instrumente?|kategorien?|abteilung(en)?|funktion(en)?)$/,
  ],
];

/** What stands between the cells; null where each line is a person. A field of a mail program is no table. */
export function separatorOf(lines: readonly string[]): string | null {
  const mailboxes = lines.filter((line) => /<[^<>\s]+@[^<>\s]*>/.test(line)).length;
  for (const separator of SEPARATORS) {
    if (separator !== "\t" && mailboxes >= lines.length * MOST) return null;
    const having = lines.filter((line) => bare(line).includes(separator)).length;
    if (having > 0 && having >= lines.length * MOST) return separator;
  }
  return null;
}

const bare = (line: string) => line.replace(/"[^"]*"/g, "");

const CELLS_MAX = 1_000;

/** Cells with quotation marks as spreadsheets write them; line breaks may stand within. */
export function cellsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const quoted = /^[ ]*"((?:[^"]|"")*)"[ ]*(?=$|[\n\t;,])/.exec(text.slice(at, at + CELL_CHARACTERS_MAX));
    const follows = quoted ? text[at + quoted[0].length] : undefined;
    if (quoted && (follows === undefined || follows === separator || follows === "\n")) {
      cells.push(tidy(quoted[1]!.replace(/""/g, '"')));
      at += quoted[0].length;
    } else {
      const end = nextOf(text, at, separator);
      cells.push(tidy(text.slice(at, end)));
      at = end;
    }
    if (text[at] !== separator) {
      rows.push(cells.slice(0, CELLS_MAX));
      cells = [];
    }
    at += 1;
  }
  return rows;
}

const CELL_CHARACTERS_MAX = 500;

function nextOf(text: string, from: number, separator: string): number {
  const ends = [text.indexOf(separator, from), text.indexOf("\n", from)].filter((place) => place >= 0);
  return Math.min(text.length, ...ends);
}

const tidy = (text: string) => text.replace(/\s+/g, " ").trim();

/** The columns as their heads call them; null where the first row is a person. */
export function headerOf(cells: readonly string[]): Columns | null {
  if (cells.some((cell) => cell.includes("@"))) return null;
  const columns: Columns = { labels: [] };
  cells.forEach((cell, column) => {
    const kind = HEADS.find(([, words]) => words.test(folded(cell)))?.[0];
    if (kind === "label") columns.labels.push(column);
    else if (kind) columns[kind] ??= column;
  });
  const { name, first, last, email } = columns;
  if (name === undefined && first === undefined && last === undefined && email === undefined) return null;
  // beside a first name “Name” is the other one
  if (first !== undefined && last === undefined && name !== undefined) columns.last = name;
  return columns;
}

function folded(text: string): string {
  const spelt = text.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue");
  return spelt.replace(/[^a-z]+/g, " ").trim();
}

/** The columns by what stands in them; null where the cells are people themselves. */
export function columnsOf(body: readonly string[][], separator: string): Columns | null {
  const width = Math.max(0, ...body.map((cells) => cells.length));
  const all = Array.from({ length: width }, (_, column) =>
    body.map((cells) => cells[column] ?? "").filter(Boolean),
  );
  const email = all.findIndex((cells) => share(cells, (cell) => cell.includes("@")) >= MOST);
  const addresses = all.filter((cells) => share(cells, (cell) => cell.includes("@")) >= MOST).length;
  if (addresses > 1 || (body.length === 1 && email < 0 && width > 2)) return null;
  if (email < 0 && separator === "," && body.length === 1 && !oneWord(all[0]!)) return null;
  const spoken = all.flatMap((cells, column) => (column !== email && isSpoken(cells) ? [column] : []));
  const labels = spoken.filter((column, place) => place > 0 && repeats(all[column]!));
  const names = spoken.filter((column) => !labels.includes(column));
  return { ...namesIn(names, all, separator, email), ...(email >= 0 && { email }), labels };
}

function namesIn(names: number[], all: string[][], separator: string, email: number): Partial<Columns> {
  const [one, two] = names;
  if (one === undefined) return {};
  if (two === undefined || !oneWord(all[one]!) || (email >= 0 && two > email)) return { name: one };
  // “Smith, Ann” on a line of its own; in a table first names come first
  return separator === "," && email < 0 ? { first: two, last: one } : { first: one, last: two };
}

const share = (cells: readonly string[], is: (cell: string) => boolean) =>
  cells.length === 0 ? 0 : cells.filter(is).length / cells.length;

/** Words, not numbers of telephones or members. */
const isSpoken = (cells: readonly string[]) => share(cells, (cell) => /\p{L}/u.test(cell)) >= MOST;
const oneWord = (cells: readonly string[]) => share(cells, (cell) => !cell.includes(" ")) >= MOST;
/** The same few words again and again: a voice, a team. */
const repeats = (cells: readonly string[]) =>
  cells.length >= LABEL_ROWS_MIN && new Set(cells.map((cell) => cell.toLowerCase())).size <= cells.length / 2;
