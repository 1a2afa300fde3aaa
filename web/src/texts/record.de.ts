/** Was in einem Verein getan wurde, Satz für Satz, auf Deutsch. */

import type { Said } from "./record.en";
import { listOf, plural } from "./speech";

const lang = "de";

type Sentence = (said: Said) => string;

const yes = (value: unknown) => (value ? "an" : "aus");
const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
const people = (count: unknown) =>
  plural(lang, Number(count), { one: "1 Person", other: `${Number(count)} Leute` });
const lately = (seconds: unknown) =>
  Number(seconds) > 86_400
    ? `${Math.round(Number(seconds) / 86_400)} Tagen`
    : `${Math.round(Number(seconds) / 3_600)} Stunden`;
const roles: Record<string, string> = { owner: "Inhaber", admin: "Admin", member: "Mitglied" };
const levels = { all: "alles", mentions: "nur, wenn einen jemand ruft", nothing: "nichts" };
const history = { all: "alles", month: "die letzten 30 Tage", none: "nichts von vorher" };

export const record = {
  title: "Was hier getan wurde",
  lead: "Wer den Verein leitet, liest das. Ändern kann es niemand.",
  filter: "Zeigen",
  kinds: {
    all: "Alles",
    people: "Leute",
    rooms: "Räume",
    codes: "Codes und Fragen",
    messages: "Nachrichten und Meldungen",
    club: "Der Verein selbst",
  },
  none: "Von dieser Art wurde noch nichts getan.",
  more: "Ältere zeigen",
  download: "Als Tabelle herunterladen",
  downloadHint: "Die neuesten 10.000 Einträge, als CSV-Datei.",
  host: "Der Gastgeber",
  what: {
    member_left: ({ by }: Said) => `${by} hat den Verein verlassen`,
    member_removed: ({ by, about }: Said) => `${by} hat ${about} entfernt`,
    member_blocked: ({ by, about }: Said) => `${by} hat ${about} gesperrt`,
    member_unblocked: ({ by, about }: Said) => `${by} lässt ${about} wieder herein`,
    member_renamed: ({ by, about }: Said) => `${by} hat den Namen von ${about} geändert`,
    member_labelled: ({ by, about, details }: Said) =>
      listOf(lang, [
        ...names(details.added).map((label) => `${by} hat ${about} das Label ${label} gegeben`),
        ...names(details.removed).map((label) => `${by} hat ${about} das Label ${label} abgenommen`),
      ]),
    role_changed: ({ by, about, details }: Said) =>
      `${by} hat ${about} zum ${roles[String(details.role)]} gemacht`,
    label_defined: ({ by, details }: Said) =>
      details.was
        ? `${by} hat das Label ${String(details.was)} in ${String(details.name)} umbenannt`
        : `${by} hat das Label ${String(details.name)} angelegt`,
    emote_made: ({ by, details }: Said) => `${by} hat das Emote :${String(details.name)}: angelegt`,
    emote_renamed: ({ by, details }: Said) =>
      `${by} hat das Emote :${String(details.was)}: in :${String(details.name)}: umbenannt`,
    emote_removed: ({ by, details }: Said) => `${by} hat das Emote :${String(details.name)}: entfernt`,
    label_removed: ({ by, details }: Said) => `${by} hat das Label ${String(details.name)} gelöscht`,
    sign_in_link_handed: ({ by, about }: Said) => `${by} hat für ${about} einen Link zum Anmelden gemacht`,
    join_code_created: ({ by, details }: Said) =>
      details.role === "admin"
        ? `${by} hat einen Code angelegt, der zu Admins macht`
        : `${by} hat einen Code angelegt`,
    join_code_changed: ({ by }: Said) => `${by} hat einen Code geändert`,
    join_code_revoked: ({ by }: Said) => `${by} hat einen Code ungültig gemacht`,
    join_accepted: ({ by, about }: Said) => `${by} hat ${about} hereingelassen`,
    join_declined: ({ by, about }: Said) => `${by} hat ${about} abgelehnt`,
    people_invited: ({ by, details }: Said) =>
      details.as_members
        ? `${by} hat ${people(details.n)} aus einer Liste aufgenommen`
        : `${by} hat ${people(details.n)} eingeladen`,
    invitations_sent_again: ({ by, details }: Said) =>
      `${by} hat ${people(details.n)} nochmals angeschrieben`,
    invitation_link_made: ({ by, details }: Said) =>
      `${by} hat einen Link für ${String(details.name)} gemacht`,
    invitation_withdrawn: ({ by, details }: Said) =>
      `${by} hat die Einladung von ${String(details.name)} zurückgenommen`,
    came_by_invitation: ({ about }: Said) => `${about} kam auf eine Einladung`,
    messages_deleted: ({ by, about, details }: Said) =>
      !details.seconds
        ? `${by} hat alles gelöscht, was ${about} geschrieben hat`
        : `${by} hat gelöscht, was ${about} in den letzten ${lately(details.seconds)} geschrieben hat`,
    report_closed: ({ by, about }: Said) =>
      about ? `${by} hat eine Meldung über ${about} geschlossen` : `${by} hat eine Meldung geschlossen`,
    club_changed: ({ by, changes }: Said) => `${by} hat den Verein geändert: ${changes}`,
    club_deleted: ({ by }: Said) => `${by} hat den Verein gelöscht`,
    club_suspended: () => "Der Gastgeber dieses Ortes hat den Verein gesperrt",
    club_reopened: () => "Der Gastgeber dieses Ortes hat den Verein wieder geöffnet",
    room_made: ({ by, room }: Said) => `${by} hat den Raum ${room} geöffnet`,
    event_created: ({ by, room }: Said) => `${by} hat den Termin ${room} angelegt`,
    event_changed: ({ by, room }: Said) => `${by} hat den Termin ${room} geändert`,
    event_cancelled: ({ by, room }: Said) => `${by} hat den Termin ${room} oder einen Tag davon abgesagt`,
    event_overridden: ({ by, about, room }: Said) =>
      `${by} hat für ${about} an Frist oder Warteliste vorbei geantwortet: ${room}`,
    room_changed: ({ by, room, changes }: Said) => `${by} hat den Raum ${room} geändert: ${changes}`,
  } as Record<string, Sentence>,
  other: ({ by, about }: Said, what: string) => `${by}: ${what}${about ? ` (${about})` : ""}`,
  changes: {
    name: (was: unknown, is: unknown) => `Name von ${String(was)} zu ${String(is)}`,
    description: () => "wofür er da ist",
    time_zone: (_: unknown, is: unknown) => `Zeitzone: ${String(is ?? "wie bei jedem selbst")}`,
    language: (_: unknown, is: unknown) => `Sprache: ${String(is ?? "wie bei jedem selbst")}`,
    sign: (_: unknown, is: unknown) => (is ? `Zeichen: ${String(is)}` : "kein Zeichen mehr"),
    colour: () => "Farbe",
    picture: (_: unknown, is: unknown) => (is ? "Bild" : "Bild entfernt"),
    history: (_: unknown, is: unknown) => `Neue lesen ${history[is as keyof typeof history]}`,
    members_invite: (_: unknown, is: unknown) => `Mitglieder laden ein: ${yes(is)}`,
    announce: (_: unknown, is: unknown) => `nur für Ankündigungen: ${yes(is)}`,
    joining_paused: (_: unknown, is: unknown) => `keine neuen Mitglieder: ${yes(is)}`,
    rooms_by_admins: (_: unknown, is: unknown) => `nur Admins öffnen Räume: ${yes(is)}`,
    events_by_members: (_: unknown, is: unknown) => `Mitglieder legen Termine an: ${yes(is)}`,
    default_level: (_: unknown, is: unknown) =>
      `ohne eigene Wahl wird mitgeteilt: ${levels[(is ?? "all") as keyof typeof levels]}`,
    dms_off: (_: unknown, is: unknown) => `keine Gespräche zwischen Mitgliedern: ${yes(is)}`,
    landing: (_: unknown, is: unknown) => `in der Liste aller: ${yes(is)}`,
    archived: (_: unknown, is: unknown) => (is ? "archiviert" : "zurückgeholt"),
  } as Record<string, (was: unknown, is: unknown) => string>,
  list: (all: string[]) => listOf(lang, all),
};
