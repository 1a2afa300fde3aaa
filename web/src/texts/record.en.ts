/** What was done in a club, sentence by sentence, in English. A sentence for every kind that the server writes. */

import { listOf, plural } from "./speech";

const lang = "en";

/** Who did it, to whom, in which room, and what else is known of it. */
export interface Said {
  by: string;
  about: string;
  room: string;
  /** What was changed, in words. */
  changes: string;
  /** As the server has them. */
  details: Readonly<Record<string, unknown>>;
}

type Sentence = (said: Said) => string;

const yes = (value: unknown) => (value ? "on" : "off");
const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
const people = (count: unknown) =>
  plural(lang, Number(count), { one: "1 person", other: `${Number(count)} people` });
const lately = (seconds: unknown) =>
  Number(seconds) > 86_400
    ? `${Math.round(Number(seconds) / 86_400)} days`
    : `${Math.round(Number(seconds) / 3_600)} hours`;
const roles: Record<string, string> = { owner: "owner", admin: "admin", member: "member" };
const levels = { all: "of all messages", mentions: "only of what calls them", nothing: "nothing" };
const history = { all: "everything", month: "the last 30 days", none: "nothing from before" };

export const record = {
  title: "What was done here",
  lead: "Whoever runs the club reads this. Nobody can change it.",
  filter: "Show",
  kinds: {
    all: "Everything",
    people: "People",
    rooms: "Rooms",
    codes: "Codes and questions",
    messages: "Messages and reports",
    club: "The club itself",
  },
  none: "Nothing of this kind was done yet.",
  more: "Show older ones",
  download: "Download as a table",
  downloadHint: "The newest 10,000 entries, as a CSV file.",
  host: "The host",
  what: {
    member_left: ({ by }: Said) => `${by} left the club`,
    member_removed: ({ by, about }: Said) => `${by} removed ${about}`,
    member_blocked: ({ by, about }: Said) => `${by} blocked ${about}`,
    member_unblocked: ({ by, about }: Said) => `${by} lets ${about} come back`,
    member_renamed: ({ by, about }: Said) => `${by} changed the name of ${about}`,
    member_labelled: ({ by, about, details }: Said) =>
      listOf(lang, [
        ...names(details.added).map((label) => `${by} gave ${about} the label ${label}`),
        ...names(details.removed).map((label) => `${by} took the label ${label} off ${about}`),
      ]),
    role_changed: ({ by, about, details }: Said) =>
      `${by} made ${about} ${details.role === "member" ? "a" : "an"} ${roles[String(details.role)]}`,
    label_defined: ({ by, details }: Said) =>
      details.was
        ? `${by} renamed the label ${String(details.was)} to ${String(details.name)}`
        : `${by} made the label ${String(details.name)}`,
    emote_made: ({ by, details }: Said) => `${by} made the emote :${String(details.name)}:`,
    emote_renamed: ({ by, details }: Said) =>
      `${by} renamed the emote :${String(details.was)}: to :${String(details.name)}:`,
    emote_removed: ({ by, details }: Said) => `${by} removed the emote :${String(details.name)}:`,
    label_removed: ({ by, details }: Said) => `${by} deleted the label ${String(details.name)}`,
    sign_in_link_handed: ({ by, about }: Said) => `${by} made a sign-in link for ${about}`,
    join_code_created: ({ by, details }: Said) =>
      details.role === "admin" ? `${by} made a code that makes admins` : `${by} made a code`,
    join_code_changed: ({ by }: Said) => `${by} changed a code`,
    join_code_revoked: ({ by }: Said) => `${by} revoked a code`,
    join_accepted: ({ by, about }: Said) => `${by} let ${about} in`,
    join_declined: ({ by, about }: Said) => `${by} declined ${about}`,
    people_invited: ({ by, details }: Said) =>
      details.as_members
        ? `${by} added ${people(details.n)} by a list`
        : `${by} invited ${people(details.n)}`,
    invitations_sent_again: ({ by, details }: Said) => `${by} wrote to ${people(details.n)} again`,
    invitation_link_made: ({ by, details }: Said) => `${by} made a link for ${String(details.name)}`,
    invitation_withdrawn: ({ by, details }: Said) =>
      `${by} withdrew the invitation of ${String(details.name)}`,
    came_by_invitation: ({ about }: Said) => `${about} came by an invitation`,
    messages_deleted: ({ by, about, details }: Said) =>
      !details.seconds
        ? `${by} deleted all that ${about} wrote`
        : `${by} deleted what ${about} wrote in the last ${lately(details.seconds)}`,
    report_closed: ({ by, about }: Said) =>
      about ? `${by} closed a report about ${about}` : `${by} closed a report`,
    club_changed: ({ by, changes }: Said) => `${by} changed the club: ${changes}`,
    club_deleted: ({ by }: Said) => `${by} deleted the club`,
    club_suspended: () => "The host of this place suspended the club",
    club_reopened: () => "The host of this place opened the club again",
    room_made: ({ by, room }: Said) => `${by} opened the room ${room}`,
    event_created: ({ by, room }: Said) => `${by} made the event ${room}`,
    event_changed: ({ by, room }: Said) => `${by} changed the event ${room}`,
    event_cancelled: ({ by, room }: Said) => `${by} cancelled the event ${room}, or a date of it`,
    event_overridden: ({ by, about, room }: Said) =>
      `${by} answered for ${about} past the deadline or the waiting list: ${room}`,
    room_changed: ({ by, room, changes }: Said) => `${by} changed the room ${room}: ${changes}`,
  } as Record<string, Sentence>,
  /** For what a newer server writes. */
  other: ({ by, about }: Said, what: string) => `${by}: ${what}${about ? ` (${about})` : ""}`,
  changes: {
    name: (was: unknown, is: unknown) => `the name from ${String(was)} to ${String(is)}`,
    description: () => "what it is for",
    time_zone: (_: unknown, is: unknown) => `the time zone to ${String(is ?? "everyone’s own")}`,
    language: (_: unknown, is: unknown) => `the language to ${String(is ?? "everyone’s own")}`,
    sign: (_: unknown, is: unknown) => (is ? `the sign to ${String(is)}` : "the sign away"),
    colour: () => "the colour",
    picture: (_: unknown, is: unknown) => (is ? "the picture" : "the picture away"),
    history: (_: unknown, is: unknown) => `newcomers read ${history[is as keyof typeof history]}`,
    members_invite: (_: unknown, is: unknown) => `members invite: ${yes(is)}`,
    announce: (_: unknown, is: unknown) => `only for announcements: ${yes(is)}`,
    joining_paused: (_: unknown, is: unknown) => `new members paused: ${yes(is)}`,
    rooms_by_admins: (_: unknown, is: unknown) => `only admins open rooms: ${yes(is)}`,
    events_by_members: (_: unknown, is: unknown) => `members make events: ${yes(is)}`,
    default_level: (_: unknown, is: unknown) =>
      `unless they choose, members are told ${levels[(is ?? "all") as keyof typeof levels]}`,
    dms_off: (_: unknown, is: unknown) => `no conversations between members: ${yes(is)}`,
    landing: (_: unknown, is: unknown) => `in everyone’s list: ${yes(is)}`,
    archived: (_: unknown, is: unknown) => (is ? "archived it" : "brought it back"),
  } as Record<string, (was: unknown, is: unknown) => string>,
  list: (all: string[]) => listOf(lang, all),
};
