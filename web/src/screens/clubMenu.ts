/** What one can do with a club as a whole: an entry for each way on. */

import type { ComponentProps } from "svelte";
import type Icon from "../parts/Icon.svelte";
import type { Over } from "../state/router.svelte";
import { t, type Texts } from "../texts";
import type { Role } from "../wire/types";

interface Entry {
  to: Over;
  icon: ComponentProps<typeof Icon>["name"];
  words: keyof Texts["club"]["menu"];
  for: readonly Role[];
  danger?: boolean;
}

const ALL: readonly Role[] = ["owner", "admin", "member"];
const RUNS: readonly Role[] = ["owner", "admin"];

const ENTRIES: readonly Entry[] = [
  { to: "members", icon: "people", words: "members", for: ALL },
  { to: "reach", icon: "info", words: "reach", for: ALL },
  { to: "new-event", icon: "day", words: "event", for: ALL },
  { to: "bring", icon: "list", words: "bring", for: RUNS },
  { to: "codes", icon: "invite", words: "codes", for: RUNS },
  { to: "labels", icon: "label", words: "labels", for: RUNS },
  { to: "emotes", icon: "smile", words: "emotes", for: ALL },
  { to: "requests", icon: "window", words: "requests", for: RUNS },
  { to: "reports", icon: "trouble", words: "reports", for: RUNS },
  { to: "settings", icon: "settings", words: "settings", for: RUNS },
  { to: "statistics", icon: "seen", words: "statistics", for: RUNS },
  { to: "storage", icon: "picture", words: "storage", for: RUNS },
  { to: "audit", icon: "note", words: "audit", for: RUNS },
  { to: "leave", icon: "leave", words: "leave", for: ALL },
  { to: "delete", icon: "delete", words: "delete", for: ["owner"], danger: true },
];

/** For somebody of this role, with their words. */
export const clubMenu = (role: Role) =>
  ENTRIES.filter((entry) => entry.for.includes(role)).map((entry) => ({
    ...entry,
    ...t.club.menu[entry.words],
  }));
