import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** The directions of the house: screens → parts, state; state → wire; parts stand alone. Types may be named anywhere. */
const forbid = (files, folders, why) => ({
  files: files.flatMap((folder) => [`src/${folder}/**/*.ts`, `src/${folder}/**/*.svelte`]),
  ignores: ["**/*.test.ts"],
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `(^|/)(${folders.join("|")})(/|$)`,
            message: why,
            allowTypeImports: true,
          },
        ],
      },
    ],
  },
});

export default ts.config(
  { ignores: ["dist/**", "node_modules/**", "public/**"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-console": "error",
      "no-undef": "off",
      "max-lines": ["error", { max: 400 }],
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": ["error", { allowTransitions: true }],
      "svelte/no-navigation-without-resolve": "off",
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["**/*.svelte"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[
          "SvelteElement > SvelteText[value=/\\p{L}{2}/u]",
          "SvelteAttribute[key.name=/^(aria-(label|description|valuetext)|title|lead|hint|alt|placeholder|label)$/] > SvelteLiteral[value=/\\p{L}{2}/u]",
        ].map((selector) => ({ selector, message: "words stand in a file of texts, in every language" })),
      ],
    },
  },
  forbid(["wire"], ["state", "screens", "parts"], "wire knows nobody above it"),
  forbid(["state"], ["screens", "parts"], "state → wire"),
  forbid(["parts"], ["wire", "state", "screens"], "parts take props and give callbacks"),
  forbid(["screens"], ["wire"], "screens → parts, state"),
  { files: ["src/wire/types.ts"], rules: { "max-lines": "off" } },
);
