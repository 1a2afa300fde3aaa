/** What stands on the card and the page of an event: when, where, how many, and how I stand. */

import { answering } from "../state/answering.svelte";
import { askedIn, asksMe } from "../state/asked";
import { house } from "../state/house.svelte";
import { closesAt, isCancelled, isClosed, isOver, lanesOf, placesOf, startOf } from "../state/takesPlace";
import {
  dateOf,
  leafOf,
  onOneDay,
  shortDateOf,
  showsAnotherTime,
  t,
  timeIn,
  timeOf,
  zoneName,
  zoneShown,
} from "../texts";
import type {
  AnswerShown,
  Counts,
  EventLook,
  GroupEntry,
  OccurrenceLook,
  OwnAnswer,
  PutAnswer,
} from "../wire/types";

/** A moment in a sentence: "Sat 28 Nov, 18:00". */
export const momentOf = (at: number): string => `${shortDateOf(at)}, ${timeOf(at)}`;

/** When it is, where I am; with the name of my zone where the clocks of the event show another time. */
export function timeLine(event: EventLook, one: OccurrenceLook): string {
  const start = startOf(one);
  if (start === null) return "";
  const end = one.end ? Date.parse(one.end) : null;
  const until = end !== null && !onOneDay(start, end) ? momentOf(end) : end === null ? "" : timeOf(end);
  const times = until ? t.events.from(timeOf(start), until) : timeOf(start);
  if (!showsAnotherTime(start, event.zone)) return times;
  const there = t.events.there(timeIn(start, event.zone), zoneName(event.zone));
  return `${times} ${t.events.zone(zoneName(zoneShown()))} (${there})`;
}

export const whereOf = (event: EventLook, one: OccurrenceLook): string => one.place ?? event.place;

export const dayWords = (one: OccurrenceLook): string => {
  const start = startOf(one);
  return start === null ? t.events.noDate : dateOf(start);
};

export const leafFor = (one: OccurrenceLook) => {
  const start = startOf(one);
  return start === null ? null : leafOf(start);
};

/** A label of the club as it is called. */
export const labelName = (group: number, label: string): string =>
  house.labelsOf(group).find((one) => one.label === label)?.name ?? t.labels.gone;

export function lanesShown(group: number, event: EventLook, counts: Counts) {
  return lanesOf(event, counts).map((lane) => ({
    ...lane,
    key: lane.label ?? "",
    name: lane.label ? labelName(group, lane.label) : "",
  }));
}

/** "12 of 20 places", and "3 waiting, no place left: Tenor": a label is a name, and stands in no plural. */
export function summaryOf(group: number, event: EventLook, counts: Counts): { strong: string; rest: string } {
  const places = placesOf(event);
  if (places === null) return { strong: "", rest: "" };
  const lanes = lanesShown(group, event, counts);
  const full = lanes.filter((lane) => lane.places !== null && lane.taken >= lane.places);
  const all = full.length === lanes.length;
  const rest = [
    ...(all ? [t.events.allFull] : []),
    ...(counts.waiting > 0 ? [t.events.waiting(counts.waiting)] : []),
    ...(!all && full.length > 0 ? [t.events.full(full.map((lane) => lane.name))] : []),
  ];
  return {
    strong: t.events.places(counts.taken, places),
    rest: rest.map((one) => `, ${one}`).join(""),
  };
}

export interface OwnShown {
  chosen: PutAnswer["answer"] | null;
  /** What is chosen is a place that is not there yet. */
  waits: boolean;
  /** How I stand, as a sentence without its full stop. */
  line: string;
  hint: string;
  /** A place is held for me, or I am asked again. */
  calls: boolean;
  closed: boolean;
  error: string;
}

/** How I stand; what is on its way counts as said. */
export function ownShown(entry: GroupEntry, event: EventLook, one: OccurrenceLook, now: number): OwnShown {
  const mine = answering.mine(entry, one.key);
  const wish = answering.wish(entry.group, one.key);
  const said = wish && !wish.error ? wish : null;
  const forOthers = !isAsked(entry, event);
  const closed = isClosed(event, one, now) || forOthers;
  const chosen = said ? said.answer : chosenOf(mine);
  const sure = said === null || said.answer === mine?.answer;
  return {
    chosen,
    waits: chosen === "going" && sure && mine?.standing === "waiting",
    line: sure ? lineOf(mine, closed) : "",
    hint: hintOf(entry, event, one, mine, now, forOthers),
    calls: !closed && sure && (mine?.standing === "offered" || mine?.again === true),
    closed,
    error: wish?.error ?? "",
  };
}

/** A place that is held is not taken yet, and one that went to somebody else is gone. */
function chosenOf(mine: OwnAnswer | null): PutAnswer["answer"] | null {
  if (!mine || mine.again) return null;
  return mine.answer === "going" && (mine.standing === "offered" || mine.standing === "out")
    ? null
    : mine.answer;
}

function lineOf(mine: OwnAnswer | null, closed: boolean): string {
  if (!mine) return closed ? "" : `${t.events.asks}`;
  if (mine.again && !closed) return t.events.asksAgain;
  switch (mine.standing) {
    case "offered":
      return `${t.events.offered(mine.until ? momentOf(Date.parse(mine.until)) : "")}.`;
    case "waiting":
      return `${t.events.youWait(mine.ahead ?? 0)}.`;
    case "in":
      return `${mine.guests ? t.events.youGoWith(mine.guests) : t.events.youGo}.`;
    case "out":
      if (mine.answer === "going") return `${t.events.lapsed}.`;
      return `${mine.answer === "maybe" ? t.events.youMay : t.events.youDoNot}.`;
  }
}

function hintOf(
  entry: GroupEntry,
  event: EventLook,
  one: OccurrenceLook,
  mine: OwnAnswer | null,
  now: number,
  forOthers: boolean,
): string {
  if (isCancelled(event, one)) return t.events.cancelled;
  if (isOver(one, now)) return t.events.over;
  if (forOthers)
    return t.events.notAsked(askedIn(entry.group, event).map((one) => labelName(entry.group, one)));
  if (isClosed(event, one, now)) return t.events.closed;
  if (mine?.answer === "going" && mine.standing === "out") return t.events.lapsedLead;
  if ((mine === null || mine.answer !== "going") && isFull(entry, event, one)) return t.events.fullLead;
  const until = closesAt(event, one);
  if (until === null || mine?.standing === "offered") return "";
  return mine ? t.events.changeUntil(momentOf(until)) : t.events.answerUntil(momentOf(until));
}

/** Whether I am asked at all; whoever runs it always is. */
export const isAsked = (entry: GroupEntry, event: EventLook): boolean =>
  entry.manages || asksMe(entry.group, event);

/** Whether there is no place for me: of my labels, where there are places by label. */
function isFull(entry: GroupEntry, event: EventLook, one: OccurrenceLook): boolean {
  const lanes = lanesOf(event, one.counts);
  const labels = house.myLabels(entry.group);
  const mine = lanes.filter((lane) => lane.label === null || labels.includes(lane.label));
  return mine.length > 0 && mine.every((lane) => lane.places !== null && lane.taken >= lane.places);
}

/** Beside its name at the side: what is wanted of me or how I stand, else when and where. */
export function sideLine(entry: GroupEntry, event: EventLook, one: OccurrenceLook, now: number): string {
  const own = ownShown(entry, event, one, now);
  if (own.calls || own.chosen === "going")
    return own.waits ? t.events.youWaitSomewhere : own.line.replace(/\.$/, "");
  const start = startOf(one);
  return [start === null ? t.events.noDate : timeOf(start), whereOf(event, one)].filter(Boolean).join(", ");
}

/** What belongs to somebody's answer beside its note. */
export function answerDetail(group: number, one: AnswerShown): string {
  const by = one.by && house.membersOf(group).get(one.by)?.name;
  return [
    one.guests ? t.events.plusGuests(one.guests) : "",
    one.again ? t.events.askedAgain : "",
    one.until ? t.events.hasOffer(momentOf(Date.parse(one.until))) : "",
    by ? t.events.answeredFor(by) : "",
  ]
    .filter(Boolean)
    .join(", ");
}
