/** What somebody types to make or change an event; what of it cannot be, and what goes to the server. Pure. */

import { limits, type DraftSays, type EventLook, type NewEvent } from "../wire/types";
import { dayNumber, daysOf, later, nthOf, OCCURRENCES_MAX, repeatFrom, ruleOf, seriesOf } from "./recurrence";
import type { Repeat, Series } from "./recurrence";
import { isZone, localOf, momentOf } from "./zoned";

export type PlacesBy = "none" | "total" | "label";

/** Everything as it is typed; days like "2026-11-28", times like "18:30". */
export interface EventForm {
  name: string;
  dated: boolean;
  day: string;
  from: string;
  /** Empty = nobody says when it ends. */
  to: string;
  /** Empty = on the day on which it begins. */
  lastDay: string;
  zone: string;
  repeat: Repeat;
  endsBy: "times" | "until";
  times: string;
  until: string;
  /** The rule where this form cannot say it. */
  rule: string | null;
  place: string;
  text: string;
  host: string;
  placesBy: PlacesBy;
  places: string;
  /** By label. */
  labelPlaces: Record<string, string>;
  guests: string;
  closes: string;
  asked: string[];
  list: "all" | "admins";
}

export type Part =
  "name" | "day" | "from" | "to" | "lastDay" | "zone" | "times" | "until" | "places" | "guests" | "closes";
/** Which words say what is wrong: keys of t.eventForm.faults. */
export type Fault =
  | "name"
  | "day"
  | "from"
  | "ends"
  | "endsDay"
  | "zone"
  | "times"
  | "until"
  | "untilEarly"
  | "tooMany"
  | "places"
  | "labels"
  | "guests"
  | "closed"
  | "taken";
export type Faults = Partial<Record<Part, Fault>>;

/** Minutes before the start until which answers are taken. */
export const CLOSES = [0, 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60] as const;
export const PLACES_MAX: number = limits.EVENT_PLACES_MAX;
export const GUESTS_MAX: number = limits.GUESTS_MAX;
const HOUR_MS = 3_600_000;
const USUAL_HOURS = 2;
const USUAL_TIMES = "10";

/** The next full hour, for two hours. */
export function emptyForm(now: number, zone: string): EventForm {
  const begins = Math.ceil((now + 1) / HOUR_MS) * HOUR_MS;
  const start = localOf(begins, zone);
  const [from, to] = [
    `${start.slice(11, 13)}:00`,
    `${localOf(begins + USUAL_HOURS * HOUR_MS, zone).slice(11, 13)}:00`,
  ];
  const day = start.slice(0, 10);
  return {
    name: "",
    dated: true,
    day,
    from,
    to,
    lastDay: to > from ? "" : later(day, 1),
    zone,
    repeat: "never",
    endsBy: "times",
    times: USUAL_TIMES,
    until: "",
    rule: null,
    place: "",
    text: "",
    host: "",
    placesBy: "none",
    places: "",
    labelPlaces: {},
    guests: "0",
    closes: "0",
    asked: [],
    list: "all",
  };
}

type Said = Pick<
  EventLook,
  | "zone"
  | "start"
  | "end"
  | "rule"
  | "place"
  | "text"
  | "host"
  | "label_places"
  | "places"
  | "guests"
  | "closes_min"
  | "asked"
  | "list_shown"
>;

/** An event as it is, to be changed; or as it stands in a draft. */
export function formOf(name: string, look: Said, now: number): EventForm {
  const { repeat, ending } = seriesOf(look.rule, look.start);
  const blank = emptyForm(now, look.zone);
  const [day, from] = partsOf(look.start);
  const [last, to] = partsOf(look.end);
  const dated = look.start !== null;
  return {
    ...blank,
    name,
    dated,
    ...(dated ? { day, from, to } : {}),
    lastDay: !dated ? blank.lastDay : last !== day ? last : "",
    repeat,
    endsBy: "times" in ending ? "times" : "until",
    times: "times" in ending ? String(ending.times) : USUAL_TIMES,
    until: "until" in ending ? ending.until : "",
    rule: repeat === "other" ? look.rule : null,
    place: look.place,
    text: look.text,
    host: look.host ?? "",
    placesBy: look.label_places.length > 0 ? "label" : look.places === null ? "none" : "total",
    places: look.places === null ? "" : String(look.places),
    labelPlaces: Object.fromEntries(look.label_places.map(({ label, places }) => [label, String(places)])),
    guests: String(look.guests),
    closes: String(look.closes_min),
    asked: [...look.asked],
    list: look.list_shown,
  };
}

/** Day and clock of a local time, each empty where it was not typed yet. */
const partsOf = (local: string | null): [string, string] => {
  const [day = "", clock = ""] = (local ?? "").split("T");
  return [day, clock];
};

/** What goes into a draft: as it is typed, with faults. */
export function draftOfForm(form: EventForm): DraftSays {
  const said = newEventOf(form, 0);
  const { group: _, ...says } = said;
  const usual = { repeat: form.repeat, ending: { times: Number(USUAL_TIMES) } };
  return {
    ...says,
    name: form.name,
    text: form.text,
    place: form.place,
    rule: said.rule ?? (form.dated ? ruleOf(form.day, usual) : null),
    guests: /^\d{1,2}$/.test(form.guests.trim()) ? said.guests : 0,
  };
}

/** A draft as it stands, to be gone on with. Other clients may have put anything into it. */
export function formOfDraft(says: DraftSays, now: number, zone: string): EventForm {
  const known = says.zone && isZone(says.zone) ? says.zone : zone;
  return formOf(
    says.name ?? "",
    {
      zone: known,
      start: says.start ?? null,
      end: says.end ?? null,
      rule: says.rule ?? null,
      place: says.place ?? "",
      text: says.text ?? "",
      host: says.host ?? null,
      label_places: says.label_places ?? [],
      places: says.places ?? null,
      guests: says.guests ?? 0,
      closes_min: says.closes_min ?? 0,
      asked: says.asked ?? [],
      list_shown: says.list_shown ?? "all",
    },
    now,
  );
}

/** What of a series is changed: all of it, from the occurrence `key` on, or that one alone. */
export interface Scope {
  scope: "all" | "following" | "this";
  key: string | null;
}

export const ALL: Scope = { scope: "all", key: null };

/** Of a series that is changed from one occurrence on, or in one alone: when that takes place, and where. */
export function formFrom(form: EventForm, look: EventLook, { scope, key }: Scope): EventForm {
  const one = look.occurrences.find((occurrence) => occurrence.key === key);
  if (!one?.start) return form;
  const start = localOf(Date.parse(one.start), look.zone);
  const end = one.end ? localOf(Date.parse(one.end), look.zone) : "";
  const [day, last] = [start.slice(0, 10), end.slice(0, 10)];
  const left = look.occurrences.filter((other) => other.start && other.start >= one.start!).length;
  const times = scope === "following" && form.endsBy === "times" ? String(left) : form.times;
  return {
    ...form,
    day,
    repeat: repeatFrom(day, form.repeat),
    from: start.slice(11),
    to: end.slice(11),
    lastDay: last && last !== day ? last : "",
    place: scope === "this" ? (one.place ?? form.place) : form.place,
    times,
  };
}

/** The same once more: a week later, and of a series after its last day; by the month on the same Tuesday of it. */
export function copyOf(form: EventForm): EventForm {
  if (!form.dated) return form;
  const series = seriesIn(form);
  const days = form.repeat === "other" || !series ? [form.day] : daysOf(form.day, series);
  let by = 7;
  const monthly = form.repeat === "weekday" || form.repeat === "last";
  const fits = (day: string) => !monthly || nthOf(day, form.repeat) === nthOf(form.day, form.repeat);
  const last = days.at(-1) ?? form.day;
  while (later(form.day, by) <= last || !fits(later(form.day, by))) by += 7;
  const moved = (day: string) => (day ? later(day, by) : "");
  return { ...form, day: moved(form.day), lastDay: moved(form.lastDay), until: moved(form.until) };
}

/** When it begins moves its end along: it lasts as long as before. How it repeats stays as it was meant: a day that is
 * typed goes by days on which nothing is the last. */
export function begun(form: EventForm, day: string, from: string): EventForm {
  const next = { ...form, day, from };
  if (![day, form.day, form.lastDay || day].every(isDay) || !from || !form.from || !form.to) return next;
  const was = minutes(form.lastDay || form.day, form.to) - minutes(form.day, form.from);
  if (was <= 0) return next;
  const end = new Date(minutes(day, from) * 60_000 + was * 60_000).toISOString();
  const last = end.slice(0, 10);
  return { ...next, to: end.slice(11, 16), lastDay: last === day ? "" : last };
}

/** In the years in which events are planned: one may be in the midst of typing it. */
export const isDay = (typed: string): boolean =>
  /^20\d\d-\d\d-\d\d$/.test(typed) && !Number.isNaN(dayNumber(typed));

const minutes = (day: string, time: string): number => Date.parse(`${day}T${time}:00Z`) / 60_000;

/** How it repeats; null where its end is not said yet. */
export function seriesIn(form: EventForm): Series | null {
  if (form.endsBy === "until")
    return isDay(form.until) ? { repeat: form.repeat, ending: { until: form.until } } : null;
  const times = whole(form.times);
  return times ? { repeat: form.repeat, ending: { times } } : null;
}

export const startOf = (form: EventForm): string => `${form.day}T${form.from}`;
export const endOf = (form: EventForm): string | null =>
  form.to ? `${form.lastDay || form.day}T${form.to}` : null;

/** Null = it is no whole number above nothing. */
function whole(typed: string): number | null {
  return /^\s*\d{1,6}\s*$/.test(typed) && Number(typed) > 0 ? Number(typed) : null;
}

/** What cannot be, by the field where it is said. */
export function faultsOf(form: EventForm, now: number): Faults {
  const faults: Faults = {};
  if (!form.name.trim()) faults.name = "name";
  if (form.dated) Object.assign(faults, faultsOfTime(form, now));
  if (form.placesBy === "total" && !placesIn(form.places)) faults.places = "places";
  if (form.placesBy === "label" && !labelsRight(form)) faults.places = "labels";
  if (!/^\d{1,2}$/.test(form.guests.trim()) || Number(form.guests) > GUESTS_MAX) faults.guests = "guests";
  return faults;
}

function faultsOfTime(form: EventForm, now: number): Faults {
  const faults: Faults = {};
  if (!isDay(form.day)) faults.day = "day";
  if (!form.from) faults.from = "from";
  if (form.lastDay && !isDay(form.lastDay)) faults.lastDay = "day";
  if (faults.day || faults.from || faults.lastDay) return faults;
  const start = momentOf(startOf(form), form.zone);
  const end = endOf(form);
  if (end && momentOf(end, form.zone) <= start) {
    if (form.lastDay && form.lastDay < form.day) faults.lastDay = "endsDay";
    else faults.to = "ends";
  }
  if (form.repeat !== "never" && form.repeat !== "other") Object.assign(faults, faultsOfSeries(form));
  if (start > now && start - Number(form.closes) * 60_000 <= now) faults.closes = "closed";
  return faults;
}

function faultsOfSeries(form: EventForm): Faults {
  const series = seriesIn(form);
  const at = form.endsBy;
  if (!series) return { [at]: at };
  if (at === "until" && form.until < form.day) return { until: "untilEarly" };
  const days = daysOf(form.day, series);
  return days.length > OCCURRENCES_MAX ? { [at]: "tooMany" } : {};
}

const placesIn = (typed: string): number | null => {
  const places = whole(typed);
  return places && places <= PLACES_MAX ? places : null;
};

function labelsRight({ labelPlaces }: EventForm): boolean {
  const said = Object.values(labelPlaces).filter((places) => places.trim());
  return said.length > 0 && said.every((places) => placesIn(places));
}

/** What the server is told; only of what has no fault. */
export function newEventOf(form: EventForm, group: number): NewEvent {
  const series = seriesIn(form);
  const rule = form.repeat === "other" ? form.rule : series && ruleOf(form.day, series);
  return {
    group,
    name: form.name.trim(),
    zone: form.zone,
    text: form.text.trim(),
    place: form.place.trim(),
    host: form.host || null,
    start: form.dated ? startOf(form) : null,
    end: form.dated ? endOf(form) : null,
    rule: form.dated ? rule : null,
    places: form.placesBy === "total" ? placesIn(form.places) : null,
    label_places:
      form.placesBy === "label"
        ? Object.entries(form.labelPlaces).flatMap(([label, places]) =>
            placesIn(places) ? [{ label, places: Number(places) }] : [],
          )
        : [],
    guests: Number(form.guests),
    closes_min: Number(form.closes),
    asked: form.asked,
    list_shown: form.list,
  };
}

/** Without the labels and the host that are no longer there: with them it could not be made. */
export function withoutGone(
  form: EventForm,
  labels: readonly { label: string }[],
  people: readonly { user: string }[],
): EventForm {
  const there = (label: string) => labels.some((one) => one.label === label);
  const gone = ![...form.asked, ...Object.keys(form.labelPlaces)].every(there);
  const host = people.some((one) => one.user === form.host) ? form.host : "";
  if (!gone && host === form.host) return form;
  const labelPlaces = Object.fromEntries(Object.entries(form.labelPlaces).filter(([label]) => there(label)));
  return { ...form, host, asked: form.asked.filter(there), labelPlaces };
}

/** Where on the form a refusal belongs: what the server calls the field, or its code; null = to the form as a whole. */
export function faultOf(code: string, detail: string): Faults | null {
  if (code === "places_taken") return { places: "taken" };
  if (code !== "invalid_field") return null;
  switch (detail.split(":", 1)[0]) {
    case "start":
      return { day: "day" };
    case "end":
      return { to: "ends" };
    case "zone":
      return { zone: "zone" };
    case "rule":
      return { times: "tooMany", until: "tooMany" };
    case "places":
      return { places: "places" };
    case "guests":
      return { guests: "guests" };
    default:
      return null;
  }
}

/** Whether it says anything of what is folded away at first. */
export const saysMore = ({ text, host, asked, placesBy, guests, closes, list }: EventForm): boolean =>
  Boolean(text || host || asked.length > 0) ||
  placesBy !== "none" ||
  guests !== "0" ||
  closes !== "0" ||
  list !== "all";

/** Whether anything would be lost with it. */
export const isBegun = (form: EventForm): boolean =>
  Boolean(form.name.trim() || form.place.trim() || form.text.trim());
