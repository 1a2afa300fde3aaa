/// <reference types="svelte" />
/// <reference types="vite/client" />

/** For each emoji: itself, its name, and other words that find it. */
declare module "virtual:emoji-names/*" {
  const names: readonly (readonly [emoji: string, name: string, ...words: string[]])[];
  export default names;
}
