/** The list of a club's members as a file for spreadsheets. Pure. */

import type { Contacts, Label, Member } from "../wire/types";

export interface Heads {
  name: string;
  role: string;
  labels: string;
  joined: string;
  email: string;
  phone: string;
  note: string;
  roles: Record<Member["role"], string>;
  noDevice: string;
}

/** With a mark of the encoding and the line ends that spreadsheets expect. */
export function memberList(
  members: readonly Member[],
  labels: readonly Label[],
  { contacts, since }: Contacts,
  heads: Heads,
): string {
  const named = new Map(labels.map((one) => [one.label, one.name]));
  const reached = new Map(contacts.map((one) => [one.user, one]));
  const first = [heads.name, heads.role, heads.labels, heads.joined, heads.email, heads.phone, heads.note];
  const rows = members.map((member) => {
    const contact = reached.get(member.user);
    const role = member.managed ? heads.noDevice : heads.roles[member.role];
    const carried = (member.labels ?? []).flatMap((one) => named.get(one) ?? []).join(", ");
    const joined = since[member.user]?.slice(0, 10) ?? "";
    return [member.name, role, carried, joined, contact?.email, contact?.phone, contact?.note];
  });
  return "\uFEFF" + [first, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** What a spreadsheet would take for a formula is shown as text. */
function cell(text: string | null | undefined): string {
  const shown = text ?? "";
  const safe = /^\s*[=+\-@\t\r]/.test(shown) ? `'${shown}` : shown;
  return `"${safe.replace(/"/g, '""')}"`;
}
