/** What a form of an event will come to, and what is wrong with it, in words. */

import {
  GUESTS_MAX,
  isDay,
  PLACES_MAX,
  seriesIn,
  startOf,
  type EventForm,
  type Fault,
  type Faults,
} from "../state/eventForm";
import { daysOf, nthOf, OCCURRENCES_MAX } from "../state/recurrence";
import { house } from "../state/house.svelte";
import { localOf, momentOf } from "../state/zoned";
import { clockOf, t, zoneName, zoneShown } from "../texts";
import { clocksOf, dateOf, longDayOf, weekdayNameOf } from "../texts/dates";
import type { EventLook } from "../wire/types";

export function planOf(form: EventForm, now: number): string {
  if (!form.dated) return t.eventForm.says.noDate;
  if (!isDay(form.day) || !form.from) return "";
  const what = form.repeat === "never" ? onceOf(form, now) : seriesOf(form, now);
  const zone = what && form.zone !== zoneShown() ? ` ${t.eventForm.inZone(zoneName(form.zone))}.` : "";
  return what + zone;
}

function onceOf(form: EventForm, now: number): string {
  const today = localOf(now, form.zone).slice(0, 10);
  return `${t.eventForm.says.once(longDayOf(form.day, today), clocksOf(form.from, form.to || null))}.`;
}

function seriesOf(form: EventForm, now: number): string {
  const { says } = t.eventForm;
  const { repeat, day } = form;
  const [time, weekday] = [clockOf(form.from), weekdayNameOf(day)];
  if (repeat === "other") return says.other;
  const series = seriesIn(form);
  const days = series ? daysOf(day, series) : [];
  if (days.length === 0 || days.length > OCCURRENCES_MAX) return "";
  const words = {
    never: "",
    daily: says.daily(time),
    weekly: says.weekly(weekday, time),
    fortnightly: says.fortnightly(weekday, time),
    date: says.date(Number(day.slice(8)), time),
    weekday: says.weekday(nthOf(day, repeat), weekday, time),
    last: says.weekday(nthOf(day, repeat), weekday, time),
  };
  return says.series(words[repeat], days.length, dateOf(days.at(-1)!, localOf(now, form.zone).slice(0, 10)));
}

/** By field. */
export const faultWords = (faults: Faults): Partial<Record<keyof Faults, string>> =>
  Object.fromEntries(Object.entries(faults).map(([part, fault]) => [part, faultWord(fault)]));

function faultWord(fault: Fault): string {
  const words = t.eventForm.faults;
  switch (fault) {
    case "tooMany":
      return words.tooMany(OCCURRENCES_MAX);
    case "places":
      return words.places(PLACES_MAX);
    case "guests":
      return words.guests(GUESTS_MAX);
    default:
      return words[fault];
  }
}

/** The days of a series that are still to come, to choose from. */
export function daysToCome(event: EventLook, now: number): { value: string; label: string }[] {
  const today = localOf(now, zoneShown()).slice(0, 10);
  return event.occurrences.flatMap(({ key, start, cancelled }) => {
    if (!start || cancelled || Date.parse(start) < now) return [];
    const local = localOf(Date.parse(start), zoneShown());
    return [{ value: key, label: `${longDayOf(local.slice(0, 10), today)}, ${clockOf(local.slice(11))}` }];
  });
}

/** That it begins before now, as far as it is typed. */
export const isPast = (form: EventForm, now: number): boolean =>
  form.dated && isDay(form.day) && form.from !== "" && momentOf(startOf(form), form.zone) < now;

/** A club or room for which an event may be. */
export function placeName(room: number): string {
  const club = house.clubOf(room);
  const name = club?.group === room ? t.eventForm.everyone : house.nameOf(room);
  return house.clubs.length > 1 && club ? `${house.nameOf(club.group)}: ${name}` : name;
}
