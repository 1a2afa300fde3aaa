import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, defineConfig, type Plugin, type Rolldown } from "vite";
import { firstScript } from "./first.ts";
import { emojiNames, emojiPicker } from "./emoji.ts";
import { pages } from "./pages.ts";

/** What is loaded only when somebody asks for it: emoji with their names, in each language; and the pages' stylesheet. */
const LATE = "assets/late-";
/** Where the app is had from: at `/` is the page for those who do not know it yet. */
const SHELL = "/app";
/** What the app has no use for: pages that are read before it, and without it. */
const BESIDE = ["pages/", "lead-on.js", "robots.txt"];

/** Builds sw.js, which knows the files that make up the shell, and a hash of them all as the version. */
function serviceWorker(): Plugin {
  return {
    name: "clubroom-service-worker",
    apply: "build",
    enforce: "post",
    async generateBundle(_options, bundle) {
      const hash = createHash("sha256");
      const files: string[] = [];
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name]!;
        hash.update(name).update(file.type === "chunk" ? file.code : file.source);
        if (!name.startsWith(LATE) && !isBeside(name)) files.push(name === "index.html" ? SHELL : `/${name}`);
      }
      for (const name of publicFiles().filter((one) => !isBeside(one))) {
        hash.update(name).update(readFileSync(join("public", name)));
        files.push(`/${name}`);
      }
      const source = await workerFor(hash.digest("hex").slice(0, 16), files.sort());
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

const isBeside = (name: string) => BESIDE.some((one) => name.startsWith(one));

/** For itself and in one piece: as a classic script it can load no part of the page's. */
async function workerFor(version: string, files: string[]): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { __BUILD__: JSON.stringify(version), __FILES__: JSON.stringify(files) },
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: { input: "src/sw.ts", output: { format: "iife", entryFileNames: "sw.js" } },
    },
  });
  const [worker, ...more] = (built as Rolldown.RolldownOutput).output;
  if (more.length > 0) throw new Error("sw.js is in several pieces");
  return worker.code;
}

/** late-emoji-picker, late-emoji-names-de, late-emoji-data-de: what the service worker must know them by. */
function lateName(path = ""): string | null {
  const language = /(?:emoji-names|emoji-picker-element-data)\/(\w+)/.exec(path)?.[1];
  if (path.includes("emoji-names/")) return `late-emoji-names-${language}`;
  if (path.includes("emoji-picker-element-data/")) return `late-emoji-data-${language}`;
  return path.includes("emoji-picker-element/") ? "late-emoji-picker" : null;
}

function publicFiles(): string[] {
  return readdirSync("public", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .replace(/^public[\\/]/, "")
        .replaceAll("\\", "/"),
    )
    .sort();
}

export default defineConfig({
  plugins: [svelte(), emojiNames(), emojiPicker(), pages(), serviceWorker()],
  optimizeDeps: { exclude: ["emoji-picker-element"] },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: "index.html" },
      output: {
        codeSplitting: { groups: [firstScript()] },
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: (chunk) => `assets/${lateName(chunk.moduleIds.at(-1)) ?? "[name]"}-[hash].js`,
        assetFileNames: (asset) =>
          `assets/${lateName(asset.originalFileNames[0]) ?? "[name]"}-[hash][extname]`,
      },
    },
  },
  server: {
    proxy: {
      "/api": "http://localhost:8000",
      "/socket": { target: "ws://localhost:8000", ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
