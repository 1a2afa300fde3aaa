import { resolve } from "node:path";
import type { Rolldown } from "vite";

/** All that the page needs before its first screen comes in one piece; what only later parts share is theirs. */
export function firstScript(): Rolldown.CodeSplittingGroup {
  let needed: Set<string> | null = null;
  return {
    debugName: "first",
    name: (id, graph) => {
      needed ??= importedBy(resolve("src/main.ts"), graph);
      return needed.has(id) ? "first" : null;
    },
  };
}

/** The module itself, what it imports at once, and what that imports. */
function importedBy(entry: string, graph: Rolldown.ChunkingContext): Set<string> {
  const found = new Set([entry]);
  for (const id of found) for (const one of graph.getModuleInfo(id)?.importedIds ?? []) found.add(one);
  return found;
}
