/** Who comes, by what they are called together: from the answers to one occurrence to the rows on its page. Pure. */

import type { AnswerShown, Answers, EventLook, Label, NotAnswered } from "../wire/types";
import { askedOf } from "./takesPlace";

export interface WhoRow {
  /** Of the label; null = everybody who carries none of the others'. */
  label: string | null;
  /** Null = there is no limit of its own. */
  places: number | null;
  /** Places with those of guests and those that are held. */
  taken: number;
  going: readonly AnswerShown[];
  /** In the order in which they are offered a place; who has one offered first. */
  waiting: readonly AnswerShown[];
  maybe: readonly AnswerShown[];
  no: readonly AnswerShown[];
  silent: readonly NotAnswered[];
}

export const isWaiting = (one: AnswerShown): boolean =>
  one.standing === "waiting" || one.standing === "offered";

/**
 * One row for each label that has places; where there are none by label, for each label of the club that somebody of
 * these carries. `carried` = the labels of a member.
 */
export function whoRows(
  event: EventLook,
  answers: Answers,
  labels: readonly Label[],
  carried: (user: string) => readonly string[],
): WhoRow[] {
  const byLabel = event.label_places.length > 0;
  const asked = askedOf(event, labels);
  const known = byLabel
    ? event.label_places.map((one) => one.label)
    : asked.length > 0
      ? asked
      : labels.map((one) => one.label);
  const first = (of: readonly string[]) => known.find((one) => of.includes(one)) ?? null;
  const ofAnswer = (one: AnswerShown) => (byLabel && one.label) || first(carried(one.user));
  const rows = [...known, null].map((label) => {
    const here = answers.answers.filter((one) => ofAnswer(one) === label);
    const going = here.filter((one) => one.standing === "in");
    const held = here.filter((one) => one.standing === "offered");
    return {
      label,
      places: byLabel ? (event.label_places.find((one) => one.label === label)?.places ?? null) : null,
      taken: [...going, ...held].reduce((sum, one) => sum + 1 + (one.guests ?? 0), 0),
      going,
      waiting: here.filter(isWaiting),
      maybe: here.filter((one) => one.answer === "maybe"),
      no: here.filter((one) => one.answer === "no"),
      silent: answers.silent.filter((one) => first(one.labels) === label),
    };
  });
  const shown = rows.filter((row) => row.places !== null || !isEmpty(row));
  const [only] = shown;
  if (shown.length === 1 && only!.label === null) return [{ ...only!, places: event.places }];
  return shown.length > 0 ? shown : [{ ...rows.at(-1)!, places: event.places }];
}

const isEmpty = (row: WhoRow): boolean =>
  [row.going, row.waiting, row.maybe, row.no, row.silent].every((some) => some.length === 0);
