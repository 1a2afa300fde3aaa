/** Limits that screens show, and the shape of a club code. */

import { limits } from "../wire/types";

export const NAME_MAX = limits.NAME_CODE_POINTS_MAX;
export const DESCRIPTION_MAX = limits.DESCRIPTION_CODE_POINTS_MAX;
export const ADDED_MAX = limits.ADDED_AT_ONCE_MAX;
export const LABEL_MAX = limits.LABEL_CODE_POINTS_MAX;
export const LABELS_MAX = limits.LABELS_A_CLUB_MAX;
export const CARRIED_MAX = limits.LABELS_A_MEMBER_MAX;
export const LABELLED_MAX = limits.LABELLED_AT_ONCE_MAX;
export const EMOTES_MAX = limits.EMOTES_A_CLUB_MAX;
export const EMOTE_BYTES_MAX: number = limits.EMOTE_BYTES_MAX;
export const EMOTE_NAME_MIN = limits.EMOTE_NAME_CHARACTERS_MIN;
export const EMOTE_NAME_MAX = limits.EMOTE_NAME_CHARACTERS_MAX;
export const DM_PEOPLE_MAX = limits.DM_PEOPLE_MAX;
export const EMAIL_MAX = limits.EMAIL_CODE_POINTS_MAX;
export const PASSWORD_MIN = limits.PASSWORD_CODE_POINTS_MIN;
export const PASSWORD_MAX = limits.PASSWORD_CODE_POINTS_MAX;
export const TEXT_MAX = limits.TEXT_CODE_POINTS_MAX;
export const EVENT_NOTE_MAX = limits.EVENT_NOTE_CODE_POINTS_MAX;
export const NOTE_MAX = limits.NOTE_CODE_POINTS_MAX;
export const QUESTION_MAX = limits.QUESTION_CODE_POINTS_MAX;
export const ANSWER_MAX = limits.ANSWER_CODE_POINTS_MAX;
export const QUIET_SPANS_MAX = limits.QUIET_SPANS_MAX;
export const REASON_MAX = limits.REASON_CODE_POINTS_MAX;
export const EVENT_TEXT_MAX = limits.EVENT_TEXT_CODE_POINTS_MAX;
export const EVENT_PLACE_MAX = limits.EVENT_PLACE_CODE_POINTS_MAX;
export const EVENT_LABELS_MAX = limits.EVENT_LABELS_MAX;
export const CODE_USES_MAX = limits.CODE_USES_MAX;
export const CODE_ROOMS_MAX = limits.CODE_ROOMS_MAX;
export const CODE_LABELS_MAX = limits.CODE_LABELS_MAX;

const GROUP_OF = 4;

/** The letters and digits of what was typed or pasted; a pasted join link gives its code. */
export function bareCode(typed: string): string {
  const fromLink = typed.match(/\/join\/([^/?#\s]+)/i)?.[1];
  return (fromLink ?? typed)
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase()
    .slice(0, limits.CODE_CHARACTERS);
}

export function grouped(typed: string): string {
  return (bareCode(typed).match(new RegExp(`.{1,${GROUP_OF}}`, "gu")) ?? []).join("-");
}

export const isWholeCode = (typed: string): boolean => bareCode(typed).length === limits.CODE_CHARACTERS;
