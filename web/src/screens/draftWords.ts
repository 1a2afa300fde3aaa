/** Who touched a draft last, and when, in words. */

import { house } from "../state/house.svelte";
import { dayOf, onOneDay, t, timeOf } from "../texts";
import type { EventDraftEntry } from "../wire/types";

export function whoTouched({ group, updated_by: user }: EventDraftEntry): string {
  if (user === house.user) return t.drafts.by.you;
  return house.membersOf(group).get(user)?.name ?? t.drafts.by.gone;
}

/** That somebody else, or oneself elsewhere, has changed it meanwhile. */
export function changedWords(draft: EventDraftEntry): string {
  const when = whenTouched(draft);
  if (draft.updated_by === house.user) return t.drafts.changedByYou(when);
  const name = house.membersOf(draft.group).get(draft.updated_by)?.name;
  return name ? t.drafts.changed(name, when) : t.drafts.changedBySomebody(when);
}

/** "14:03", or the day where that is another. */
export function whenTouched({ updated_at }: EventDraftEntry, now: number = Date.now()): string {
  const at = Date.parse(updated_at);
  return onOneDay(at, now) ? timeOf(at) : dayOf(at, now);
}

export const draftName = (draft: EventDraftEntry): string => draft.name.trim() || t.drafts.untitled;
