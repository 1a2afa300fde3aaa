import { describe, expect, it } from "vitest";
import { parsePasted, PASTED_ROWS_MAX } from "./pasted";

/** Each person as “name | address | labels”. */
const read = (text: string) =>
  parsePasted(text).rows.map((row) =>
    [row.name, row.email, row.labels.join("+")].join("|").replace(/\|*$/, ""),
  );

const ANN = "Ann Smith|ann@example.org";
const BEN = "Ben Miller|ben@example.org";

describe("a table", () => {
  it.each([
    ["commas", "Name,E-Mail\nAnn Smith,ann@example.org\nBen Miller,ben@example.org"],
    ["semicolons", "Name;E-Mail\nAnn Smith;ann@example.org\nBen Miller;ben@example.org"],
    ["tabs, as a spreadsheet copies", "Name\tMail\nAnn Smith\tann@example.org\nBen Miller\tben@example.org"],
    [
      "the end of lines that Windows writes",
      "Name,Mail\r\nAnn Smith,ann@example.org\r\nBen Miller,ben@example.org\r\n",
    ],
    [
      "a mark of its encoding in front",
      "\uFEFFName;Mail\nAnn Smith;ann@example.org\nBen Miller;ben@example.org",
    ],
    [
      "a first line that names the separator",
      "sep=;\nName;Mail\nAnn Smith;ann@example.org\nBen Miller;ben@example.org",
    ],
    ["quotation marks", '"Name","Mail"\n"Ann Smith","ann@example.org"\n"Ben Miller","ben@example.org"'],
    [
      "other columns",
      "No.,Mail,Phone,Name\n1,ann@example.org,0301234,Ann Smith\n2,ben@example.org,0305678,Ben Miller",
    ],
    [
      "empty lines and blanks",
      "\n Name ; Mail \n\n  Ann  Smith ; ann@example.org \n;;\nBen Miller;ben@example.org\n\n",
    ],
    [
      "first and last names",
      "First name,Last name,Email address\nAnn,Smith,ann@example.org\nBen,Miller,ben@example.org",
    ],
    [
      "first names behind",
      "Nachname;Vorname;E-Mail-Adresse\nSmith;Ann;ann@example.org\nMiller;Ben;ben@example.org",
    ],
    [
      "a Name that is the last one",
      "Name;Vorname;Mail\nSmith;Ann;ann@example.org\nMiller;Ben;ben@example.org",
    ],
    [
      "last names in front, in one cell",
      'Name;Mail\n"Smith, Ann";ann@example.org\n"Miller, Ben";ben@example.org',
    ],
    ["no heads", "Ann Smith;ann@example.org\nBen Miller;ben@example.org"],
    ["no heads, the address in front", "ann@example.org,Ann Smith\nben@example.org,Ben Miller"],
    ["no heads, first and last names", "Ann\tSmith\tann@example.org\nBen\tMiller\tben@example.org"],
    ["addresses in capitals", "Name,Mail\nAnn Smith,ANN@Example.org\nBen Miller,Ben@EXAMPLE.ORG"],
    ["addresses as links", "Name\tMail\nAnn Smith\tmailto:ann@example.org\nBen Miller\t<ben@example.org>"],
  ])("with %s", (_, text) => {
    expect(read(text)).toEqual([ANN, BEN]);
  });

  it("has quotation marks and line breaks within its cells", () => {
    expect(read('Name,Mail\n"Ann ""Annie"" Smith",ann@example.org\n"Ben\nMiller",ben@example.org')).toEqual([
      "Ann Annie Smith|ann@example.org",
      BEN,
    ]);
  });

  it("has a quotation mark that nobody closed", () => {
    expect(read('Name,Mail\n"Ann Smith,ann@example.org\nBen Miller,ben@example.org')).toEqual([ANN, BEN]);
  });

  it.each(["Voice", "Stimme", "Label", "Gruppe", "Team"])(
    "has labels under %s, several in one cell",
    (head) => {
      expect(
        read(`Name;Mail;${head}\nAnn Smith;ann@example.org;Alto, Board\nBen Miller;ben@example.org;`),
      ).toEqual([`${ANN}|Alto+Board`, BEN]);
    },
  );

  it("has a column that says the same few words again and again: labels", () => {
    const text = "Ann Smith,alto\nBen Miller,bass\nCleo King,alto\nDan Ford,bass";
    expect(read(text)).toEqual(["Ann Smith||alto", "Ben Miller||bass", "Cleo King||alto", "Dan Ford||bass"]);
  });

  it("has names alone, in one column or in two", () => {
    expect(read("Name\nAnn Smith\nBen Miller")).toEqual(["Ann Smith", "Ben Miller"]);
    expect(read("Ann\tSmith\nBen\tMiller")).toEqual(["Ann Smith", "Ben Miller"]);
    expect(read("Smith, Ann\nMiller, Ben")).toEqual(["Ann Smith", "Ben Miller"]);
  });

  it("shows what is no address where one should be", () => {
    expect(read("Name;Mail\nAnn Smith;ann at example.org\nBen Miller;ben@")).toEqual([
      "Ann Smith|ann at example.org",
      "Ben Miller|ben@",
    ]);
  });
});

describe("a line for each person", () => {
  it.each([
    ["name and address", "Ann Smith <ann@example.org>\nBen Miller <ben@example.org>"],
    ["no angles", "Ann Smith ann@example.org\nBen Miller (ben@example.org)"],
    ["numbers and bullets", "1. Ann Smith <ann@example.org>\n• Ben Miller <ben@example.org>"],
    ["last names in front", '"Smith, Ann" <ann@example.org>\n"Miller, Ben" <ben@example.org>'],
    ["commas at its end", "Ann Smith <ann@example.org>,\nBen Miller <ben@example.org>,"],
  ])("with %s", (_, text) => {
    expect(read(text)).toEqual([ANN, BEN]);
  });

  it.each([
    ["commas", '"Smith, Ann" <ann@example.org>, Ben Miller <ben@example.org>'],
    ["semicolons", "Ann Smith <ann@example.org>; Ben Miller <ben@example.org>;"],
  ])("or what stands in a mail program’s field, with %s", (_, text) => {
    expect(read(text)).toEqual([ANN, BEN]);
  });

  it("or names alone", () => {
    expect(read("Ann Smith\n- Ben Miller\n  Cleo  \n3) Dan")).toEqual([
      "Ann Smith",
      "Ben Miller",
      "Cleo",
      "Dan",
    ]);
  });

  it("or names in one line", () => {
    expect(read("Ann Smith, Ben Miller, Cleo")).toEqual(["Ann Smith", "Ben Miller", "Cleo"]);
  });

  it("or addresses alone, which say a name", () => {
    expect(read("ann.smith@example.org\nben_miller2@example.org\ncleo@example.org")).toEqual([
      "Ann Smith|ann.smith@example.org",
      "Ben Miller|ben_miller2@example.org",
      "Cleo|cleo@example.org",
    ]);
    expect(read("ann.smith@example.org, ben@example.org; 42@example.org")).toEqual([
      "Ann Smith|ann.smith@example.org",
      "Ben|ben@example.org",
      "42|42@example.org",
    ]);
  });

  it("or hundreds of addresses in one line", () => {
    const line = Array.from({ length: 300 }, (_, i) => `guest${i}@example.org`).join("; ");
    expect(parsePasted(line).rows.length).toBe(300);
  });

  it("in any script", () => {
    expect(read("مريم <mariam@example.org>\n山田 太郎\nŁukasz Żółć <l@example.org>")).toEqual([
      "مريم|mariam@example.org",
      "山田 太郎",
      "Łukasz Żółć|l@example.org",
    ]);
  });
});

describe("all of it", () => {
  it("names nobody twice, and puts together what is said of one", () => {
    const pasted = parsePasted(
      "Name;Mail;Voice\nAnn Smith;ann@example.org;alto\nAnnie;ANN@example.org;board\nCleo;;\ncleo;;\nCleo;c@example.org;",
    );
    expect(pasted.rows.map((row) => row.name)).toEqual(["Ann Smith", "Cleo", "Cleo"]);
    expect(pasted.rows[0]!.labels).toEqual(["alto", "board"]);
    expect(pasted.repeated).toBe(2);
  });

  it("is nothing where nothing stands", () => {
    for (const text of ["", " \n\t\n", ",,,\n;;", "Name;Mail"]) expect(read(text)).toEqual([]);
  });

  it("is taken up to a thousand, and says how many are left", () => {
    const pasted = parsePasted(Array.from({ length: 1_003 }, (_, i) => `Guest ${i}`).join("\n"));
    expect([pasted.rows.length, pasted.left]).toEqual([PASTED_ROWS_MAX, 3]);
  });

  it("takes no longer for what is meant to take long", () => {
    for (const text of [
      "a".repeat(400_000),
      '"'.repeat(400_000),
      "@".repeat(400_000),
      '",'.repeat(200_000),
      "<".repeat(400_000),
    ]) {
      const began = performance.now();
      parsePasted(text);
      expect(performance.now() - began).toBeLessThan(2_000);
    }
  });
});
