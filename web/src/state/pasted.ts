/** A list of people as somebody pastes it: rows of a table, a mail program's addresses, or a name a line. Pure. */

import { cellsOf, columnsOf, headerOf, separatorOf, type Columns } from "./pastedTable";

export interface PastedRow {
  name: string;
  /** Empty where there is none. */
  email: string;
  /** Names of labels. */
  labels: string[];
}

export interface Pasted {
  rows: PastedRow[];
  /** Lines that said the same again. */
  repeated: number;
  /** Lines beyond what is taken at once. */
  left: number;
}

export const PASTED_ROWS_MAX = 1_000;
const CHARACTERS_MAX = 200_000;
const LINE_CHARACTERS_MAX = 20_000;
const PERSON_CHARACTERS_MAX = 400;

const ADDRESS = /[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]*/;
const BULLET = /^\s*(?:[-–•*·]\s+|\d{1,4}[.)]\s+)/;
/** What mail programs put between addresses: outside of quotation marks and angles. */
const MAILBOX = /(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,;"<])+/g;

export function parsePasted(text: string): Pasted {
  const clean = plain(text);
  const lines = clean.split("\n").filter((line) => line.trim());
  const separator = separatorOf(lines);
  const rows = separator ? fromTable(clean, separator) : fromLines(lines);
  const named = rows.map(withName).filter((row) => row.name || row.email);
  const { kept, repeated } = once(named);
  return {
    rows: kept.slice(0, PASTED_ROWS_MAX),
    repeated,
    left: Math.max(0, kept.length - PASTED_ROWS_MAX),
  };
}

/** One kind of line end and of blank; what cannot be seen is gone. */
function plain(text: string): string {
  return text
    .slice(0, CHARACTERS_MAX)
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[\u00A0\u2007\u202F]/g, " ")
    .replace(/[\u200B\u2060\uFEFF]/g, "")
    .replace(/^sep=.\n/i, ""); // as spreadsheets tell each other
}

// --- a table ------------------------------------------------------------------------------------------------

function fromTable(text: string, separator: string): PastedRow[] {
  const table = cellsOf(text, separator).filter((cells) => cells.some((cell) => cell));
  const header = headerOf(table[0] ?? []);
  const body = header ? table.slice(1) : table;
  const columns = header ?? columnsOf(body, separator);
  if (!columns) return body.flat().flatMap(fromLine); // a list of names, or of addresses, in a line
  return body.flatMap((cells) => fromCells(cells, columns));
}

function fromCells(cells: string[], columns: Columns): PastedRow[] {
  const of = (column: number | undefined) => (column === undefined ? "" : (cells[column] ?? ""));
  const mail = fromOne(of(columns.email));
  const spoken = [of(columns.first), of(columns.last)].filter(Boolean).join(" ") || of(columns.name);
  const name = spoken.includes("@") ? fromOne(spoken) : { name: nameIn(spoken), email: "" };
  const labels = columns.labels.flatMap((column) => labelsIn(cells[column] ?? ""));
  return [
    {
      name: name.name || mail.name,
      email: mail.email || name.email || oddAddress(of(columns.email)),
      labels,
    },
  ];
}

/** What stands where an address should be is shown, so that it can be mended. */
const oddAddress = (cell: string) => (ADDRESS.test(cell.slice(0, PERSON_CHARACTERS_MAX)) ? "" : cell.trim());

const labelsIn = (cell: string) =>
  cell
    .split(/[,;/|+]/)
    .map((one) => tidy(one))
    .filter(Boolean);

// --- lines --------------------------------------------------------------------------------------------------

function fromLines(lines: string[]): PastedRow[] {
  return (headerOf([lines[0] ?? ""]) ? lines.slice(1) : lines).flatMap(fromLine);
}

/** One line: one person, or as many as a mail program puts into its field. */
function fromLine(line: string): PastedRow[] {
  const bare = line.slice(0, LINE_CHARACTERS_MAX).replace(BULLET, "");
  const many = bare.match(MAILBOX)?.filter((part) => part.trim()) ?? [];
  const addressed = many.filter((part) => part.includes("@")).length;
  const parts = many.length > 1 && addressed === many.length ? many : [bare];
  return parts.map((part) => ({ ...fromOne(part), labels: [] }));
}

/** “Ann Smith <ann@example.org>”, an address alone, a name alone, or both in any order. */
function fromOne(text: string): { name: string; email: string } {
  const said = text.slice(0, PERSON_CHARACTERS_MAX).replace(/mailto:/gi, "");
  const email = ADDRESS.exec(said)?.[0] ?? "";
  const rest = said.replace(email, "");
  return { name: nameIn(rest), email: email.replace(/[.'’]+$/, "") };
}

function nameIn(text: string): string {
  const name = tidy(text.replace(/[<>()[\]"“”„]/g, " ").replace(/^[\s,;:–-]+|[\s,;:–-]+$/g, ""));
  const [last, first, ...more] = name.split(/\s*,\s*/);
  return last && first && more.length === 0 ? `${first} ${last}` : name;
}

const tidy = (text: string) => text.replace(/\s+/g, " ").trim();

// --- all of them --------------------------------------------------------------------------------------------

/** Whoever is only an address is called as it reads: ann.smith@… is Ann Smith. */
function withName(row: PastedRow): PastedRow {
  const name = tidy(row.name);
  if (name || !row.email) return { ...row, name, email: row.email.toLowerCase() };
  const words = row.email
    .split("@")[0]!
    .split(/[._+\-\d]+/)
    .filter(Boolean);
  const called = words.map((word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()).join(" ");
  return { ...row, name: called || row.email.split("@")[0]!, email: row.email.toLowerCase() };
}

/** Each address once, and each name that has none; what labels say of the same person is put together. */
function once(rows: PastedRow[]): { kept: PastedRow[]; repeated: number } {
  const known = new Map<string, PastedRow>();
  for (const row of rows) {
    const key = row.email || `name ${row.name.toLowerCase()}`;
    const before = known.get(key);
    if (before) before.labels = distinct([...before.labels, ...row.labels]);
    else known.set(key, { ...row, labels: distinct(row.labels) });
  }
  return { kept: [...known.values()], repeated: rows.length - known.size };
}

function distinct(labels: string[]): string[] {
  return [...new Map(labels.map((one) => [one.toLowerCase(), one])).values()];
}
