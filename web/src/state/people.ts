/** Members in the order and by the words one looks for them. Pure. */

import type { Member } from "../wire/types";

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

export const byName = (a: string, b: string): number => collator.compare(a, b);

export function sortedByName(members: Iterable<Member>): Member[] {
  return [...members].filter((member) => !member.left).sort((a, b) => byName(a.name, b.name));
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether a name holds what one looks for, without regard to case and accents. */
export const matches = (name: string, query: string): boolean => plain(name).includes(plain(query.trim()));

export function filtered(members: readonly Member[], query: string): readonly Member[] {
  const wanted = plain(query.trim());
  return wanted ? members.filter((member) => plain(member.name).includes(wanted)) : members;
}
