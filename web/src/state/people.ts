/** Members in the order and by the words one looks for them. Pure. */

import type { Member } from "../wire/types";

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

export function sortedByName(members: Iterable<Member>): Member[] {
  return [...members].filter((member) => !member.left).sort((a, b) => collator.compare(a.name, b.name));
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function filtered(members: readonly Member[], query: string): readonly Member[] {
  const wanted = plain(query.trim());
  return wanted ? members.filter((member) => plain(member.name).includes(wanted)) : members;
}
