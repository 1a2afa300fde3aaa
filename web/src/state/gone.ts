/** Whoever has deleted their account is called so in the words of whoever reads. */

import { t } from "../texts";
import type { Member } from "../wire/types";
import { GONE } from "./applyMembers";

type Members = ReadonlyMap<string, Member>;

const known = new WeakMap<Members, { lang: string; shown: Members }>();

export const shownName = (name: string): string => (name === GONE ? t.account.gone : name);

/** The same members, under the names that are shown. */
export function shownMembers(members: Members): Members {
  const before = known.get(members);
  if (before?.lang === t.lang) return before.shown;
  const gone = [...members.values()].filter((member) => member.gone);
  const named = gone.map((member) => [member.user, { ...member, name: t.account.gone }] as const);
  const shown = named.length > 0 ? new Map([...members, ...named]) : members;
  known.set(members, { lang: t.lang, shown });
  return shown;
}
