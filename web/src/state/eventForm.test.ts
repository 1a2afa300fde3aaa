import { expect, test } from "vitest";
import type { EventLook } from "../wire/types";
import { eventOf, occurrenceOf } from "./given";
import {
  begun,
  copyOf,
  draftOfForm,
  emptyForm,
  faultOf,
  faultsOf,
  formFrom,
  formOf,
  formOfDraft,
  newEventOf,
  withoutGone,
  type EventForm,
} from "./eventForm";

const NOW = Date.parse("2026-11-27T09:20:00Z");
const BERLIN = "Europe/Berlin";
const filled = (more: Partial<EventForm> = {}): EventForm => ({
  ...emptyForm(NOW, BERLIN),
  name: "Rehearsal",
  day: "2026-12-01",
  from: "19:00",
  to: "21:00",
  ...more,
});

test("it begins at the next full hour and lasts two, also over midnight", () => {
  expect(emptyForm(NOW, BERLIN)).toMatchObject({
    day: "2026-11-27",
    from: "11:00",
    to: "13:00",
    lastDay: "",
  });
  const late = emptyForm(Date.parse("2026-11-27T21:30:00Z"), BERLIN);
  expect(late).toMatchObject({ day: "2026-11-27", from: "23:00", to: "01:00", lastDay: "2026-11-28" });
});

test("what is typed goes to the server as one body", () => {
  expect(newEventOf(filled({ repeat: "weekly", times: "30", place: " parish hall " }), 7)).toEqual({
    group: 7,
    name: "Rehearsal",
    zone: BERLIN,
    text: "",
    place: "parish hall",
    host: null,
    start: "2026-12-01T19:00",
    end: "2026-12-01T21:00",
    rule: "FREQ=WEEKLY;BYDAY=TU;COUNT=30",
    places: null,
    label_places: [],
    guests: 0,
    closes_min: 0,
    asked: [],
    list_shown: "all",
  });
  expect(newEventOf(filled({ dated: false, repeat: "weekly" }), 7)).toMatchObject({
    start: null,
    end: null,
    rule: null,
  });
  const byLabel = filled({ placesBy: "label", places: "9", labelPlaces: { a: "6", b: " " } });
  expect(newEventOf(byLabel, 7)).toMatchObject({ places: null, label_places: [{ label: "a", places: 6 }] });
});

test("an event that is there shows as it was made", () => {
  const body = newEventOf(
    filled({ repeat: "date", endsBy: "until", until: "2027-06-15", placesBy: "total", places: "20" }),
    7,
  );
  const look = { ...body, event: "e", by: "u", cancelled: false, occurrences: [] } as unknown as EventLook;
  expect(newEventOf(formOf("Rehearsal", look, NOW), 7)).toEqual(body);
  const other = { ...look, rule: "FREQ=YEARLY;COUNT=3" };
  expect(newEventOf(formOf("Rehearsal", other, NOW), 7).rule).toBe("FREQ=YEARLY;COUNT=3");
  expect(formOf("Rehearsal", { ...look, start: null, end: null, rule: null }, NOW).dated).toBe(false);
});

test("a copy is a week later, and of a series after its last day", () => {
  expect(copyOf(filled())).toMatchObject({ day: "2026-12-08", lastDay: "" });
  expect(copyOf(filled({ repeat: "weekly", times: "3" })).day).toBe("2026-12-22");
  expect(copyOf(filled({ dated: false })).dated).toBe(false);
});

test("what takes place on the last Tuesday does so when it is changed from a fourth one on, moved or copied", () => {
  const start = "2026-12-29T18:00:00Z";
  const look = eventOf({
    zone: BERLIN,
    start: "2026-12-29T19:00",
    end: "2026-12-29T21:00",
    rule: "FREQ=MONTHLY;BYDAY=-1TU;COUNT=4",
    occurrences: [start, "2027-01-26T18:00:00Z", "2027-02-23T18:00:00Z", "2027-03-30T17:00:00Z"].map((at) =>
      occurrenceOf({ key: at.slice(0, 10), start: at }),
    ),
  });
  const form = formOf("Rehearsal", look, NOW);
  const rest = formFrom(form, look, { scope: "following", key: "2027-01-26" });
  expect(newEventOf(rest, 7).rule).toBe("FREQ=MONTHLY;BYDAY=-1TU;COUNT=3");
  expect(newEventOf(begun(rest, "2027-02-23", "19:00"), 7).rule).toContain("BYDAY=-1TU");
  const typing = begun(rest, "2027-02-16", "19:00");
  expect(newEventOf(typing, 7).rule).toContain("BYDAY=3TU");
  expect(newEventOf(begun(typing, "2027-02-23", "19:00"), 7).rule).toContain("BYDAY=-1TU");
  expect(copyOf(rest)).toMatchObject({ day: "2027-04-27", repeat: "last" });
  expect(copyOf(filled({ repeat: "weekday", times: "2" })).day).toBe("2027-02-02");
});

test("labels and a host who are gone are left out, and nothing else", () => {
  const named = filled({
    host: "ben",
    asked: ["a", "b"],
    placesBy: "label",
    labelPlaces: { a: "3", b: "4" },
  });
  const labels = [{ label: "a" }, { label: "b" }];
  expect(withoutGone(named, labels, [{ user: "ben" }])).toBe(named);
  expect(withoutGone(named, labels.slice(1), [])).toEqual({
    ...named,
    host: "",
    asked: ["b"],
    labelPlaces: { b: "4" },
  });
});

test("a new start moves the end along", () => {
  expect(begun(filled(), "2026-12-02", "23:00")).toMatchObject({ to: "01:00", lastDay: "2026-12-03" });
  expect(begun(filled({ to: "18:00" }), "2026-12-02", "17:00")).toMatchObject({ to: "18:00", lastDay: "" });
  expect(begun(filled(), "", "19:00")).toMatchObject({ day: "", to: "21:00" });
});

test("what cannot be is said at its field", () => {
  const faults = (more: Partial<EventForm>) => faultsOf(filled(more), NOW);
  expect(faults({})).toEqual({});
  expect(faults({ name: " " })).toEqual({ name: "name" });
  expect(faults({ day: "" })).toEqual({ day: "day" });
  expect(faults({ day: "12026-12-01" })).toEqual({ day: "day" });
  expect(faults({ lastDay: "0002-12-01" })).toEqual({ lastDay: "day" });
  expect(faults({ to: "18:59" })).toEqual({ to: "ends" });
  expect(faults({ lastDay: "2026-11-30" })).toEqual({ lastDay: "endsDay" });
  expect(faults({ to: "" })).toEqual({});
  expect(faults({ repeat: "weekly", times: "0" })).toEqual({ times: "times" });
  expect(faults({ repeat: "weekly", times: "121" })).toEqual({ times: "tooMany" });
  expect(faults({ repeat: "weekly", times: "120" })).toEqual({});
  expect(faults({ repeat: "daily", endsBy: "until" })).toEqual({ until: "until" });
  expect(faults({ repeat: "daily", endsBy: "until", until: "2026-11-30" })).toEqual({ until: "untilEarly" });
  expect(faults({ repeat: "daily", endsBy: "until", until: "2099-01-01" })).toEqual({ until: "tooMany" });
  expect(faults({ placesBy: "total", places: "0" })).toEqual({ places: "places" });
  expect(faults({ placesBy: "label" })).toEqual({ places: "labels" });
  expect(faults({ placesBy: "label", labelPlaces: { a: "six" } })).toEqual({ places: "labels" });
  expect(faults({ guests: "21" })).toEqual({ guests: "guests" });
  expect(faults({ closes: "10080" })).toEqual({ closes: "closed" }); // a week before is past already
  expect(faults({ day: "2026-11-01", closes: "10080" })).toEqual({}); // all of it is past
  expect(faults({ dated: false, day: "", repeat: "weekly", times: "" })).toEqual({});
});

test("a refusal of the server is said at the field that it names", () => {
  expect(faultOf("places_taken", "")).toEqual({ places: "taken" });
  expect(faultOf("invalid_field", "zone: not a time zone")).toEqual({ zone: "zone" });
  expect(faultOf("invalid_field", "There is no such label.")).toBeNull();
  expect(faultOf("forbidden", "")).toBeNull();
});

test.each<[string, Partial<EventForm>]>([
  ["everything", { repeat: "weekly", times: "30", place: "parish hall", placesBy: "total", places: "20" }],
  ["no date", { dated: false, day: "2026-11-27", from: "11:00", to: "13:00" }],
  ["over midnight", { from: "23:00", to: "01:00", lastDay: "2026-12-02" }],
  ["a name in the midst of being typed", { name: "Rehearsal " }],
  ["no end yet", { to: "" }],
  ["no start yet", { from: "", to: "" }],
  ["no day yet", { day: "" }],
  ["a series without its end", { repeat: "weekly" }],
  ["labels", { placesBy: "label", labelPlaces: { a: "6" }, asked: ["a"], list: "admins", guests: "2" }],
])("a draft is gone on with as it was typed: %s", (_, typed) => {
  const form = filled(typed);
  expect(formOfDraft(draftOfForm(form), NOW, BERLIN)).toEqual(form);
});

test("what is half typed where numbers belong goes into a draft as nothing", () => {
  const half = draftOfForm(
    filled({ placesBy: "total", places: "x", guests: "two", times: "", repeat: "daily" }),
  );
  expect(half).toMatchObject({ places: null, guests: 0, rule: "FREQ=DAILY;COUNT=10" });
});

test("whatever another client put into a draft can be gone on with", () => {
  const form = formOfDraft({ zone: "Mars", start: "soon", end: "T", rule: "never" }, NOW, BERLIN);
  expect(form).toMatchObject({ zone: BERLIN, dated: true, name: "" });
  expect(faultsOf(form, NOW)).toMatchObject({ name: "name", day: "day" });
  expect(formOfDraft({}, NOW, BERLIN)).toMatchObject({ dated: false, placesBy: "none" });
});
