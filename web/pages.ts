/** Makes the pages that are read without a script: drawn by Svelte when the client is built, with a stylesheet. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, type Plugin, type Rolldown } from "vite";
import type { Licences, Page } from "./src/pages/render.ts";

const FONT_LICENCE = /^([\s\S]*?)\n+(This Font Software is licensed[\s\S]*)$/;
/** As we have it ourselves. */
const APACHE = readFileSync(join(import.meta.dirname, "..", "LICENSE"), "utf8").trim();
/** Gaps that the server fills: src/clubroom/fe/pages.py. */
const ORIGIN = "{{origin}}";

export function pages(): Plugin {
  return {
    name: "clubroom-pages",
    apply: "build",
    async generateBundle(_options, bundle) {
      const built = await drawing();
      const sheet = built.output.find(({ fileName }) => fileName.endsWith(".css"));
      const script = built.output.find((file) => file.type === "chunk");
      if (!sheet || sheet.type !== "asset" || !script) throw new Error("The pages have no stylesheet");
      for (const file of built.output) {
        if (file.type !== "asset" || file.fileName in bundle) continue;
        const source = file === sheet ? atNight(String(file.source)) : file.source;
        this.emitFile({ type: "asset", fileName: file.fileName, source });
      }
      for (const page of await drawnBy(script.code)) {
        const source = documentOf(page, `/${sheet.fileName}`);
        this.emitFile({ type: "asset", fileName: `pages/${page.name}-${page.language}.html`, source });
      }
    },
  };
}

async function drawing(): Promise<Rolldown.RolldownOutput> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    plugins: [svelte()],
    ssr: { noExternal: true },
    build: {
      ssr: "src/pages/render.ts",
      ssrEmitAssets: true,
      write: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      target: "es2022",
      rolldownOptions: {
        output: {
          entryFileNames: "render.js",
          codeSplitting: false,
          assetFileNames: (asset) =>
            `assets/${asset.names[0]?.endsWith(".css") ? "late-pages" : "[name]"}-[hash][extname]`,
        },
      },
    },
  });
  return built as Rolldown.RolldownOutput;
}

/** Runs what was built. It asks for the language of the page that it is on, and for the browser's. */
async function drawnBy(code: string): Promise<Page[]> {
  const known = ["document", "navigator"].map((name) => [
    name,
    Object.getOwnPropertyDescriptor(globalThis, name),
  ]);
  const stand = (name: string, value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  stand("document", { documentElement: {} });
  stand("navigator", { languages: [] });
  try {
    const drawn = (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)) as {
      pages: (licences: Licences) => Promise<Page[]>;
    };
    return await drawn.pages(licences());
  } finally {
    for (const [name, was] of known as [string, PropertyDescriptor | undefined][]) {
      if (was) Object.defineProperty(globalThis, name, was);
      else delete (globalThis as Record<string, unknown>)[name];
    }
  }
}

/** The colours of the night without a script that chooses them: the same rules, by what the system wants. */
export function atNight(css: string): string {
  const rules = [...css.matchAll(/:root\[data-theme="?dark"?\]\s*\{([^}]*)\}/g)];
  if (rules.length === 0) throw new Error("There are no colours of the night");
  const inner = rules.map(([, body]) => `:root:not([data-theme]){${body}}`).join("");
  return `${css}\n@media (prefers-color-scheme:dark){${inner}}\n`;
}

function documentOf({ name, language, path, title, description, body }: Page, sheet: string): string {
  const known = path === null ? '<meta name="robots" content="noindex">' : linksOf(path, language);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
${name === "landing" ? '<script src="/lead-on.js"></script>\n' : ""}<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#eeefe6">
<script src="/theme.js"></script>
<meta name="description" content="${escaped(description)}">
<meta name="referrer" content="no-referrer">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Clubroom">
<meta property="og:title" content="${escaped(title)}">
<meta property="og:description" content="${escaped(description)}">
<meta property="og:image" content="${ORIGIN}/icons/icon-512.png">
<meta name="twitter:card" content="summary">
${known}
<link rel="stylesheet" href="${sheet}">
<link rel="icon" href="/icons/favicon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/icons/icon-180.png">
<link rel="manifest" href="/manifest.webmanifest">
</head>
<body>
${body}
</body>
</html>
`;
}

function linksOf(path: string, language: string): string {
  const at = (where: string) => `${ORIGIN}${where}`;
  return [
    `<link rel="canonical" href="${at(`/${language}${path}`)}">`,
    `<link rel="alternate" hreflang="en" href="${at(`/en${path}`)}">`,
    `<link rel="alternate" hreflang="de" href="${at(`/de${path}`)}">`,
    `<link rel="alternate" hreflang="x-default" href="${at(path || "/")}">`,
  ].join("\n");
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Of what browsers load, as it is locked and installed; each text once. docs/licences.md has the same names. */
export function licences(): Licences {
  const { dependencies } = read("package.json") as { dependencies: Record<string, string> };
  const texts = new Map<string, string[]>([[APACHE, ["Clubroom"]]]);
  const packages = [...Object.keys(dependencies), "svelte"].sort().map((name) => {
    const about = read(join("node_modules", name, "package.json")) as { version: string; license: string };
    const [text, holders] = licenceOf(name);
    texts.set(text, [...(texts.get(text) ?? []), holders ? `${name}: ${holders}` : name]);
    return { name, version: about.version, licence: about.license };
  });
  return { packages, texts: [...texts].map(([text, of]) => ({ of: of.join(", "), text })) };
}

/** The text, and whose it is where that stands in a text that others have, too. */
function licenceOf(name: string): [string, string] {
  for (const file of ["LICENSE", "LICENSE.md"]) {
    try {
      const text = readFileSync(join("node_modules", name, file), "utf8").trim();
      const font = FONT_LICENCE.exec(text);
      if (text.includes("Version 2.0, January 2004"))
        return [APACHE, /^ *(Copyright 2.*)$/m.exec(text)?.[1] ?? ""];
      return font ? [font[2]!.trim(), font[1]!.trim()] : [text, ""];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(`${name} says nothing of its licence`);
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
