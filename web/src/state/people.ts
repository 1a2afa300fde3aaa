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

export const NO_LABEL = "none";

/** Whom one looks for; what is empty does not matter. */
export interface Wanted {
  query?: string;
  role?: string;
  /** An id, or NO_LABEL. */
  label?: string;
}

const ROLES: Record<string, (member: Member) => boolean> = {
  runs: (member) => member.role !== "member",
  member: (member) => member.role === "member",
  managed: (member) => member.managed === true,
};

export function filtered(members: readonly Member[], wanted: Wanted): readonly Member[] {
  const query = plain(wanted.query?.trim() ?? "");
  const role = ROLES[wanted.role ?? ""];
  const { label = "" } = wanted;
  if (!query && !role && !label) return members;
  return members.filter(
    (member) =>
      (!role || role(member)) &&
      (!label || (label === NO_LABEL ? !member.labels?.length : member.labels?.includes(label))) &&
      (!query || plain(member.name).includes(query)),
  );
}
