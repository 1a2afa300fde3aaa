import { describe, expect, it } from "vitest";
import { memberList } from "./memberList";

const heads = {
  name: "Name",
  role: "Role",
  labels: "Labels",
  joined: "Joined",
  email: "E-mail",
  phone: "Telephone",
  note: "Note",
  roles: { owner: "owner", admin: "admin", member: "member" },
  noDevice: "without a device",
};
const member = (user: string, name: string, more: object = {}) =>
  ({ user, name, role: "member", left: false, ...more }) as const;

const linesOf = (text: string) => text.slice(1).split("\r\n");

describe("the list of members as a file", () => {
  it("has a line for each, with what they share", () => {
    const text = memberList(
      [member("u_a", "Ann", { role: "owner", labels: ["1", "2"] }), member("u_b", "Ben", { managed: true })],
      [
        { label: "1", name: "Alto" },
        { label: "2", name: "Board" },
      ],
      {
        contacts: [
          { user: "u_b", visible_to: "admins", email: "ben@example.org", phone: null, note: "Mon, Tue" },
        ],
        since: { u_a: "2026-11-26T10:00:00.000000Z" },
      },
      heads,
    );
    expect(text.startsWith("\uFEFF")).toBe(true);
    expect(linesOf(text)).toEqual([
      '"Name","Role","Labels","Joined","E-mail","Telephone","Note"',
      '"Ann","owner","Alto, Board","2026-11-26","","",""',
      '"Ben","without a device","","","ben@example.org","","Mon, Tue"',
      "",
    ]);
  });

  it.each(["=1+1", "+4930", "-1", "@SUM(A1)", "\t=1", ' =HYPERLINK("x")'])(
    "lets %j compute nothing",
    (name) => {
      const text = memberList([member("u_a", name)], [], { contacts: [], since: {} }, heads);
      expect(linesOf(text)[1]!.startsWith(`"'${name.replace(/"/g, '""')}"`)).toBe(true);
    },
  );

  it("keeps quotation marks and line breaks within their cells", () => {
    const text = memberList([member("u_a", 'Ann "Annie"\r\nSmith')], [], { contacts: [], since: {} }, heads);
    expect(text).toContain('"Ann ""Annie""\r\nSmith",');
  });
});
