import { expect, test } from "vitest";
import { hostBeside, isEmojiOnly } from "./links";
import { treeOf, type Inline } from "./markdown";

function piecesOf(text: string): { text: string; href?: string }[] {
  const [paragraph] = treeOf(text);
  if (paragraph?.kind !== "paragraph") throw new Error("no paragraph");
  return paragraph.nodes.map((node: Inline) => {
    if (node.kind === "text") return { text: node.text };
    const [words] = node.kind === "link" ? node.nodes : [];
    if (node.kind !== "link" || words?.kind !== "text") throw new Error(`${node.kind} among links`);
    return { text: words.text, href: node.href };
  });
}

const links = (text: string) => piecesOf(text).flatMap((piece) => (piece.href ? [piece.href] : []));

test("http and https become links, the words around them stay words", () => {
  expect(piecesOf("see https://example.org/a?b=c#d now")).toEqual([
    { text: "see " },
    { text: "https://example.org/a?b=c#d", href: "https://example.org/a?b=c#d" },
    { text: " now" },
  ]);
  expect(links("HTTP://EXAMPLE.ORG")).toEqual(["http://example.org/"]);
});

test("what is shown is always exactly what was written", () => {
  const texts = [
    "plain",
    "https://a.example https://b.example.",
    "(https://a.example/x_(y)) and https://[::1]/",
    "https://",
    "a\nb https://c.example\n",
  ];
  for (const text of texts)
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD4=",
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "ftp://example.org",
  "blob:https//example.org",
  "about:blank",
  "intent://x#Intent;end",
  "mailto:a@b.c",
  "<img src=x onerror=alert(1)>",
  "https//example.org",
  "http:example.org",
  "https://",
  "https://user:secret@example.org/",
  "https://bank.example@evil.example/",
  "https://bank.example!/",
  "https://bank.example*/",
  "https://bank.example$evil/",
])("%s is no link", (text) => {
  expect(links(text)).toEqual([]);
});

test("a link never takes quotes, brackets or tags with it", () => {
  expect(links('"https://example.org/"onmouseover=alert(1)')).toEqual(["https://example.org/"]);
  expect(links("<https://example.org/a>")).toEqual(["https://example.org/a"]);
  expect(links("https://example.org/'><script>")).toEqual(["https://example.org/"]);
});

test("what ends a sentence is not part of the link, a closing bracket is when it was opened in it", () => {
  expect(links("Look at https://example.org/a.")).toEqual(["https://example.org/a"]);
  expect(links("(https://example.org/a)")).toEqual(["https://example.org/a"]);
  expect(links("https://example.org/a_(b)")).toEqual(["https://example.org/a_(b)"]);
  expect(links("https://example.org/a, https://example.org/b!")).toEqual([
    "https://example.org/a",
    "https://example.org/b",
  ]);
});

test("links survive strange neighbours", () => {
  expect(links("日本語https://example.org/パス。")).toEqual(["https://example.org/%E3%83%91%E3%82%B9"]);
  expect(links("→ https://example.org/ü")).toEqual(["https://example.org/%C3%BC"]);
});

test.each([
  ["our page", "https://example.org/"],
  ["example.org", "https://example.org/"],
  ["www.example.org/a", "https://example.org/b"],
  ["https://EXAMPLE.org/a?b", "https://example.org/a"],
  ["bücher.example", "https://bücher.example/"],
  ["z.B. hier", "https://example.org/"],
  ["20.11.2026, 19.30 Uhr", "https://example.org/"],
])("beside “%s” no host is needed", (words, href) => {
  expect(hostBeside(words, href)).toBe(null);
});

test.each([
  "https://bank.example",
  "bank.example",
  "BANK.EXAMPLE/login",
  "www.bank",
  "bank\u200b.\u2060example",
  "bank․example",
  "bank。example",
  "bаnk.example",
  "evil.example@bank.example",
  "evil.example.bank.example",
  "evil.example bank.example",
  "bank.example/evil.example",
  "10.0.0.1",
  "ann@bank.example",
  "\u2067elpmaxe.knab",
])("beside “%s” stands the host that the link leads to", (words) => {
  expect(hostBeside(words, "https://evil.example/x")).toBe("evil.example");
});

test("letters of another script in a bare link show its true host", () => {
  expect(hostBeside("https://ex\u0430mple.org/", new URL("https://ex\u0430mple.org/").href)).toBe(
    "xn--exmple-4nf.org",
  );
});

test("only emoji are shown larger", () => {
  for (const text of ["😀", "👍🏽", "👩‍👩‍👧‍👦 ❤️", "🇩🇪", "1️⃣"]) expect(isEmojiOnly(text)).toBe(true);
  for (const text of ["", "  ", "ok 👍", "12", "👍".repeat(60), "#", "©a"])
    expect(isEmojiOnly(text)).toBe(false);
});
