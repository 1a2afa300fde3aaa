/** The members of a group after what happened to one of them. Pure. */

import type { Member } from "../wire/types";

export type Members = ReadonlyMap<string, Member>;

export const withMember = (members: Members, member: Member): Members =>
  new Map(members).set(member.user, member);

export function changedMember(members: Members, user: string, change: (member: Member) => Member): Members {
  const member = members.get(user);
  return member ? withMember(members, change(member)) : members;
}

export const renamed = (members: Members, user: string, name: string): Members =>
  changedMember(members, user, (member) => ({ ...member, name }));

export const withRole = (members: Members, user: string, role: Member["role"]): Members =>
  changedMember(members, user, (member) => ({ ...member, role }));

/** `avatar` = the file of their picture; none = initials are shown. */
export const pictured = (members: Members, user: string, avatar: string | null): Members =>
  changedMember(members, user, ({ avatar: _, ...rest }) => (avatar ? { ...rest, avatar } : rest));

export const withLabels = ({ labels: _, ...rest }: Member, labels: readonly string[]): Member =>
  labels.length > 0 ? { ...rest, labels: [...labels] } : rest;

export const carrying = (members: Members, user: string, labels: readonly string[]): Members =>
  changedMember(members, user, (member) => withLabels(member, labels));

/** As the server stores it; screens say it in their own words. */
export const GONE = "Gone";

export const withGone = (members: Members, user: string): Members =>
  changedMember(members, user, ({ managed: _, avatar: __, ...rest }) => ({
    ...rest,
    name: GONE,
    gone: true,
  }));

/** Somebody has signed in as them. */
export const withoutMark = (members: Members, user: string): Members =>
  changedMember(members, user, ({ managed: _, ...rest }) => rest);

/** Their name stays for what they wrote; their picture goes with them. */
export const withoutMember = (members: Members, user: string): Members =>
  changedMember(members, user, ({ labels: _, avatar: __, ...rest }) => ({ ...rest, left: true }));
