import { expect, test } from "vitest";
import { plainOf, treeOf, type Block, type Inline } from "./markdown";

/** The tree in short: `<b>words</b>` and so on, easier to read than nodes. */
const drawn = (text: string): string => treeOf(text).map(drawnBlock).join("");

function drawnBlock(block: Block): string {
  if (block.kind === "paragraph") return `<p>${inline(block.nodes)}</p>`;
  if (block.kind === "code") return `<pre ${block.language}>${block.text}</pre>`;
  if (block.kind === "quote") return `<q>${block.blocks.map(drawnBlock).join("")}</q>`;
  const items = block.items.map(
    ({ number, nodes, lists }) => `<li${number ?? ""}>${inline(nodes)}${lists.map(drawnBlock).join("")}</li>`,
  );
  return `<${block.ordered ? "ol" : "ul"}>${items.join("")}</${block.ordered ? "ol" : "ul"}>`;
}

function inline(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === "text") return node.text;
      if (node.kind === "code") return `<code>${node.text}</code>`;
      if (node.kind === "mention") return `<@ ${node.user}>`;
      if (node.kind === "emote") return `<: ${node.name}>`;
      if (node.kind === "link") return `<a ${node.href}${node.host ? ` !` : ""}>${inline(node.nodes)}</a>`;
      const tag = { bold: "b", italic: "i", strike: "s" }[node.kind];
      return `<${tag}>${inline(node.nodes)}</${tag}>`;
    })
    .join("");
}

const paragraph = (text: string) => [{ kind: "paragraph", nodes: [{ kind: "text", text }] }];

test.each([
  ["**bold**", "<p><b>bold</b></p>"],
  ["*italic* and _italic_", "<p><i>italic</i> and <i>italic</i></p>"],
  ["~~gone~~", "<p><s>gone</s></p>"],
  ["***both***", "<p><b><i>both</i></b></p>"],
  ["***a* b**", "<p><b><i>a</i> b</b></p>"],
  ["**bold _and italic_**", "<p><b>bold <i>and italic</i></b></p>"],
  ["a**b**c", "<p>a<b>b</b>c</p>"],
  ["(*yes*), “**no**”.", "<p>(<i>yes</i>), “<b>no</b>”.</p>"],
  ["**over\ntwo lines**", "<p><b>over\ntwo lines</b></p>"],
  ["这是*强调*的", "<p>这是<i>强调</i>的</p>"],
  ["*a **b* c**", "<p><i>a **b</i> c**</p>"],
])("%j is marked", (text, tree) => {
  expect(drawn(text)).toBe(tree);
});

test.each([
  "Sänger*innen und Dirigent*innen",
  "snake_case_name and __init__",
  "2 * 3 * 4 and 2*3*4",
  "a ~ b ~~ c",
  "** no **",
  "*not closed",
  "****",
  "*one\n\nand another*",
  "¯\\_(ツ)_/¯",
  "C:\\path\\to",
  "#chess and #1",
  ">:( and ->",
  "> ",
  ">",
  "-1 degree, - 2",
  "3. Mai um 20 Uhr",
  "2026. It was a good year.",
  "---",
  "<b>no HTML</b> &amp; none",
  "a <@ b> <@> <u_x>",
  "``",
  "``````",
  "```\n\n```",
  "[words]",
  "[words] (example.invalid)",
  "[words](javascript:alert(1))",
  "[words](/c/1)",
  "![](x)",
  "| a | b |",
  "\\",
])("%j is no markup and stays as it is", (text) => {
  expect(treeOf(text)).toEqual(paragraph(text));
});

test("a text without marks is one paragraph with itself, empty lines and spaces included", () => {
  const letters = [
    "a",
    "Z",
    "ß",
    "漢",
    "😀",
    "مر",
    "é",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    ",",
    "?",
    "7",
    "\u2067",
    "\u200d",
  ];
  for (let seed = 1; seed <= 500; seed++) {
    const text = many(letters, 40, seed);
    expect(treeOf(text)).toEqual(paragraph(text));
  }
});

test("code keeps every character, and nothing in it is markup", () => {
  expect(drawn("see `**x** <@u_1> https://a.example`")).toBe(
    "<p>see <code>**x** <@u_1> https://a.example</code></p>",
  );
  expect(drawn("```js\nlet a = 1;\n\n  **b** <@u_1>\n> c\n```")).toBe(
    "<pre js>let a = 1;\n\n  **b** <@u_1>\n> c</pre>",
  );
  expect(drawn("```alone```")).toBe("<pre >alone</pre>");
  expect(drawn("a ```b``` c")).toBe("<p>a <code>b</code> c</p>");
  expect(drawn("`not\nclosed`")).toBe("<p>`not\nclosed`</p>");
});

test("code stands between paragraphs, also where it begins in a line, and goes to the end if nothing closes it", () => {
  expect(drawn("before\n\n```\ncode\n```\n\nafter")).toBe("<p>before</p><pre >code</pre><p>after</p>");
  expect(drawn("look: ```\ncode\n``` so")).toBe("<p>look: </p><pre >code</pre><p>so</p>");
  expect(drawn("```py\nx = 1\ny")).toBe("<pre py>x = 1\ny</pre>");
});

test("quotes hold all that messages hold, and end with the last line that is one", () => {
  expect(drawn("> **a**\n> - b\n>\n> c\nd")).toBe(
    "<q><p><b>a</b></p><ul><li>b</li></ul><p>c</p></q><p>d</p>",
  );
  expect(drawn("> a\n>> b\n> > c")).toBe("<q><p>a</p><q><p>b\nc</p></q></q>");
  expect(drawn("> ```\n> x\n> ```\ny")).toBe("<q><pre >x</pre></q><p>y</p>");
});

test("lists are bulleted or numbered as written, with one level below", () => {
  expect(drawn("- a\n* b\n  - c\n    d\n    - e\nf")).toBe(
    "<ul><li>a</li><li>b<ul><li>c\nd</li><li>e</li></ul></li></ul><p>f</p>",
  );
  expect(drawn("3. a\n\n5. b")).toBe("<ol><li3>a</li><li5>b</li></ol>");
  expect(drawn("1. a\n  - b")).toBe("<ol><li1>a<ul><li>b</li></ul></li></ol>");
  expect(drawn("- a\n1. b\n2. c")).toBe("<ul><li>a</li></ul><ol><li1>b</li><li2>c</li></ol>");
});

test("a heading is bold and no larger", () => {
  expect(drawn("# Sunday\nat *eight*")).toBe("<p><b>Sunday</b></p><p>at <i>eight</i></p>");
});

test("a backslash takes a mark its meaning", () => {
  expect(drawn("\\*a\\* \\`b\\` \\[c](https://d.example) \\> \\\\")).toBe(
    "<p>*a* `b` [c](<a https://d.example/>https://d.example</a>) > \\</p>",
  );
  expect(drawn("\\# a\n\\- b\n1\\. c\n\\> d")).toBe("<p># a\n- b\n1. c\n> d</p>");
});

test("links lead to the web alone, and show their host where their words look like another address", () => {
  expect(drawn("[our **page**](https://a.example/x_(y)?z)")).toBe(
    "<p><a https://a.example/x_(y)?z>our <b>page</b></a></p>",
  );
  expect(drawn("[https://bank.example](https://evil.example)")).toBe(
    "<p><a https://evil.example/ !>https://bank.example</a></p>",
  );
  expect(drawn("[<@u_1>](https://evil.example)")).toBe("<p><a https://evil.example/ !><@ u_1></a></p>");
  expect(drawn("**https://a.example**, _https://b.example/_")).toBe(
    "<p><b><a https://a.example/>https://a.example</a></b>, <i><a https://b.example/>https://b.example/</a></i></p>",
  );
  expect(drawn("[a [b](https://c.example) d](https://e.example)")).toBe(
    "<p>[a <a https://c.example/>b</a> d](<a https://e.example/>https://e.example</a>)</p>",
  );
  for (const text of [
    "[x](javascript:alert(1))",
    "[x](data:text/html,x)",
    "[x](//evil.example)",
    "[x](https:evil)",
    "[x](http://a:b@c.example)",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[ \u200b](http://)",
  ])
    expect(drawn(text)).not.toContain("<a");
});

test("marks do not reach into the words of a link or out of them", () => {
  expect(drawn("*a [b* c](https://d.example) e*")).toBe("<p><i>a <a https://d.example/>b* c</a> e</i></p>");
});

test("mentions are nodes of their own, except in code", () => {
  expect(drawn("hello <@u_Ab-9>, **<@all>** and `<@u_1>`")).toBe(
    "<p>hello <@ u_Ab-9>, <b><@ all></b> and <code><@u_1></code></p>",
  );
});

test("what a server counts as a call is shown as one, whatever stands before it", () => {
  expect(drawn("\\<@u_1>")).toBe("<p>\\<@ u_1></p>");
});

test("plain words are one line, with names for mentions and without marks", () => {
  const nameOf = (user: string) => (user === "u_1" ? "Ann" : null);
  expect(plainOf("**Hi** <@u_1>, <@u_2> and <@all>:\n\n- a\n  - b\n> c\n```\nd\n  e\n```", nameOf)).toBe(
    "Hi @Ann, @someone and @everyone: a b c d e",
  );
  expect(plainOf("[words](https://a.example) \\* `x`", nameOf)).toBe("words * x");
});

const TEXT_MAX = 4_000;
const LOOKS_A_CHARACTER_MAX = 50;
const NASTY = [
  "*", "**", "***", "* a", "*a ", "*a**b", "a* *b", "_a ", "_a_", "~~", "~~a ", "**a *b ~~c _d ",
  "[", "]", "[a](", "[a](http://", "](", "[[", "[]()", "((", "())", "](a", "[a](https://b.c)", "[ ](https://a.b)",
  "`", "``", "```", "```a", "` ", "`a\n", "```\n", "> ", ">", ">>", "> > ", "> ```\n", ">\n", "- ", "- a\n", " - a\n  - b\n",
  "1. a\n", "1. a\n\n", "1. a\n- b\n", "  ", "\n", "\n\n", "- a\n\n\n", "<@", "<@a", "<@a>", "<", "\\", "\\*", "# ", "# a\n",
  "http://", "https://a.b/", "h", "https://.....a", "https://a)))))", "https://((((", "¯", "¯\\_(", "!", "\u200b", "😀", "a", " ",
  "\t", "[\u200b](https://a.b)", "[**a](https://b.c)", "**[a*](https://b.c)",
]; // prettier-ignore

test("the longest texts are read with few looks at each character, whatever stands in them", () => {
  const worst = { text: "", looks: 0 };
  for (const text of nasty()) {
    const looks = { count: 0 };
    treeOf(text, looks);
    if (looks.count > worst.looks) Object.assign(worst, { text: text.slice(0, 60), looks: looks.count });
  }
  expect(worst.looks, worst.text).toBeLessThan(LOOKS_A_CHARACTER_MAX * TEXT_MAX);
});

test("no text makes a tree that is deep", () => {
  const DEPTH_MAX = 20;
  for (const text of nasty()) expect(depthOf(treeOf(text))).toBeLessThanOrEqual(DEPTH_MAX);
});

test("no letter of any text is lost", () => {
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "");
  for (const text of nasty()) {
    if (text.includes("](https") || /\d[.)]/.test(text)) continue; // an address behind words, a list's number
    expect(letters(everything(treeOf(text)))).toBe(letters(text));
  }
});

function* nasty(): Generator<string> {
  for (const one of NASTY) yield cut(one.repeat(TEXT_MAX));
  for (const [place, one] of NASTY.entries())
    for (let step = 1; step < NASTY.length; step += 9) {
      const other = NASTY[(place + step) % NASTY.length]!;
      yield cut(cut(one.repeat(TEXT_MAX), TEXT_MAX / 2) + other.repeat(TEXT_MAX));
    }
  for (let seed = 1; seed <= 50; seed++) yield cut(many(NASTY, TEXT_MAX, seed));
}

/** So many code points of it. */
const cut = (text: string, most = TEXT_MAX): string => [...text.slice(0, 2 * most)].slice(0, most).join("");

function many(words: readonly string[], count: number, seed: number): string {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return words[state % words.length]!;
  }).join("");
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value).map(depthOf);
  return (Array.isArray(value) ? 0 : 1) + Math.max(0, ...inside);
}

function everything(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  if (Array.isArray(value)) return value.map(everything).join("");
  const { text = "", language = "", user = "", ...rest } = value as Record<string, string>;
  return language + text + user + Object.values(rest).map(everything).join("");
}

test.each([
  [":party:", "<p><: party></p>"],
  ["yes :party: no", "<p>yes <: party> no</p>"],
  ["(:party:)", "<p>(<: party>)</p>"],
  [":party::b_2:", "<p><: party><: b_2></p>"],
  ["_so :big_smile: so_", "<p><i>so <: big_smile> so</i></p>"],
  [":a_b:_c_", "<p><: a_b><i>c</i></p>"],
  ["[:party: here](https://example.org)", "<p><a https://example.org/><: party> here</a></p>"],
  ["歌:party:歌", "<p>歌<: party>歌</p>"],
  ["- :party:", "<ul><li><: party></li></ul>"],
  ["> :party:", "<q><p><: party></p></q>"],
])("an emote is written between two colons: %s", (text, tree) => expect(drawn(text)).toBe(tree));

test.each([
  "10:30:45",
  "a:party:",
  ":x:",
  ":Party:",
  ":par ty:",
  ":party",
  "party:",
  "::",
  ": :",
  `:${"x".repeat(33)}:`,
])("is no emote: %s", (text) => expect(treeOf(text)).toEqual(paragraph(text)));

test("in code a colon is a colon, and in an address, too", () => {
  expect(drawn("`:party:`")).toBe("<p><code>:party:</code></p>");
  const address = "https://example.org/:party:/x";
  expect(drawn(address)).toBe(`<p><a ${address}>${address}</a></p>`);
});

test("in a line of words an emote is its name", () => {
  expect(plainOf("so **:party:**", () => null)).toBe("so :party:");
});
