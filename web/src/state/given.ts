/** Groups as tests need them: what is not named is plain. */

import type { EventLook, GroupEntry, OccurrenceLook, Snapshot } from "../wire/types";
import { UNDECIDED } from "./undecided";

export const snapshotOf = (said: Partial<Snapshot> & { group: number; seq: number }): Snapshot => ({
  epoch: "e1",
  kind: "club",
  name: "Chess",
  parent: null,
  members: [],
  messages: [],
  window: 1,
  private: true,
  description: "",
  announce: false,
  landing: false,
  archived: false,
  ...UNDECIDED,
  labels: [],
  pinned: [],
  event: null,
  club_emotes: [],
  ...said,
});

export const entryOf = (said: Partial<GroupEntry> & { group: number }): GroupEntry => ({
  kind: "club",
  name: "Chess",
  parent: null,
  role: "member",
  head: 1,
  read: 0,
  unread: 0,
  mentions: 0,
  private: true,
  followed: true,
  manages: false,
  may_post: true,
  description: "",
  announce: false,
  landing: false,
  archived: false,
  ...UNDECIDED,
  level: null,
  mute: null,
  people: [],
  event: null,
  ...said,
});

export const occurrenceOf = (said: Partial<OccurrenceLook> & { key: string }): OccurrenceLook => ({
  counts: { going: 0, maybe: 0, no: 0, waiting: 0, taken: 0, labels: {} },
  ...said,
});

export const eventOf = (said: Partial<EventLook>): EventLook => ({
  event: "e",
  by: "ann",
  text: "",
  place: "",
  host: null,
  zone: "Europe/Berlin",
  start: null,
  end: null,
  rule: null,
  places: null,
  label_places: [],
  guests: 0,
  closes_min: 0,
  asked: [],
  list_shown: "all",
  cancelled: false,
  cover: null,
  occurrences: [occurrenceOf({ key: "once" })],
  ...said,
});
