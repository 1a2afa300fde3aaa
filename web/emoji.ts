/** What the build makes of the emoji packages: short lists of names, and a picker that our content policy lets work. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
/** Skin tones and hair by themselves: parts of emoji, not emoji. */
const COMPONENTS = 2;
const NAMES = "virtual:emoji-names/";
const DATA: Record<string, string> = {
  en: "emoji-picker-element-data/en/emojibase/data.json",
  de: "emoji-picker-element-data/de/cldr-native/data.json",
};

interface Emoji {
  emoji: string;
  annotation: string;
  group: number;
  shortcodes?: string[];
  tags?: string[];
}

/** For each emoji: itself, its name, and the words that find it beside those in the name. */
export function emojiNames(): Plugin {
  return {
    name: "clubroom-emoji-names",
    resolveId: (id) => (id.startsWith(NAMES) ? `\0${id}` : null),
    load(id) {
      const path = id.startsWith(`\0${NAMES}`) ? DATA[id.slice(NAMES.length + 1)] : undefined;
      if (!path) return null;
      const all = JSON.parse(readFileSync(require.resolve(path), "utf8")) as Emoji[];
      const names = all.filter(({ group }) => group !== COMPONENTS).map(namesOf);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(names))})`;
    },
  };
}

function namesOf({ emoji, annotation, shortcodes = [], tags = [] }: Emoji): string[] {
  const words = [annotation.toLowerCase()];
  for (const each of [...shortcodes, ...tags]) {
    const word = each.toLowerCase().replaceAll("_", " ");
    if (!words.some((known) => known.includes(word))) words.push(word);
  }
  return [emoji, annotation, ...words.slice(1)];
}

/** What is changed, and why. Each stands once in the package; the build ends where a new version differs. */
const CHANGES: Record<string, readonly [from: string, to: string][]> = {
  "picker.js": [
    // style-src 'self' forbids style elements and style attributes, but not what scripts do to styles.
    [
      `const style = document.createElement('style');
    style.textContent = baseStyles + EXTRA_STYLES;
    this.shadowRoot.appendChild(style);`,
      `const sheet = new CSSStyleSheet();
    sheet.replaceSync(baseStyles + EXTRA_STYLES);
    this.shadowRoot.adoptedStyleSheets = [sheet];`,
    ],
    [
      "targetNode.setAttribute(attributeName, newValue);",
      `if (attributeName === 'style') targetNode.style.cssText = newValue;
        else targetNode.setAttribute(attributeName, newValue);`,
    ],
    ["'https://cdn.jsdelivr.net/npm/emoji-picker-element-data@^1/en/emojibase/data.json'", "''"],
  ],
  "database.js": [
    ["'https://cdn.jsdelivr.net/npm/emoji-picker-element-data@^1/en/emojibase/data.json'", "''"],
    // The name of our file changes with what is in it, so the browser's own copy answers, also without a connection.
    ["fetch(dataSource, { method: 'HEAD' })", "fetch(dataSource)"],
    ["await response.json();", `(await response.json()).filter(({ group }) => group !== ${COMPONENTS});`],
  ],
};

export function emojiPicker(): Plugin {
  return {
    name: "clubroom-emoji-picker",
    transform(code, id) {
      const file = /\/emoji-picker-element\/(\w+\.js)$/.exec(id)?.[1];
      if (!file) return null;
      let changed = code;
      for (const [from, to] of CHANGES[file] ?? []) {
        if (changed.split(from).length !== 2)
          throw new Error(`emoji-picker-element: ${file} has changed: ${from}`);
        changed = changed.replace(from, () => to);
      }
      return { code: changed, map: null };
    },
  };
}
