/** Drafts of events in all places where I may make some; asked for, for no log tells of them. */

import { eventCalls } from "../wire/events";
import type { EventDraftEntry } from "../wire/types";
import { callAsMe } from "./access";
import { house } from "./house.svelte";
import { placesForEvents } from "./planning";
import { discardDraft, sendUnsentDrafts, unsentDrafts, type KeptDraft } from "./sharedDraft.svelte";

const calls = eventCalls(callAsMe);

const entryOf = ({ key, group, form, version }: KeptDraft): EventDraftEntry => {
  const me = { by: house.user, updated_by: house.user };
  return { event: key, group, name: form.name, version, updated_at: "", ...me };
};

export class DraftList {
  #found = $state.raw<readonly EventDraftEntry[]>([]);
  /** What was typed here and the server did not take, or has not heard of yet. */
  #here = $state.raw<readonly EventDraftEntry[]>([]);
  #asked = 0;

  /** What is on this device alone comes first, then what was touched last; `club` = of one alone. */
  of(club: number | null): EventDraftEntry[] {
    const found = this.#found.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at));
    const here = this.#here.filter((draft) => !found.some(({ event }) => event === draft.event));
    return [...here, ...found].filter(
      ({ group }) => club === null || (house.clubOf(group)?.group ?? club) === club,
    );
  }

  isHereOnly(draft: EventDraftEntry): boolean {
    return this.#here.includes(draft);
  }

  /** Without a line what is on this device. Of answers that overtake each other the one to the last question holds. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      if (house.link !== "live") return;
      await sendUnsentDrafts();
      const clubs = new Set(placesForEvents().map((place) => house.clubOf(place)?.group ?? place));
      const lists = await Promise.all([...clubs].map((club) => calls.drafts(club)));
      if (asked === this.#asked) this.#found = lists.flatMap(({ drafts }) => drafts);
    } finally {
      if (asked === this.#asked) this.#here = unsentDrafts().map(entryOf);
    }
  }

  async discard(draft: EventDraftEntry): Promise<void> {
    await discardDraft(draft.event);
    await this.load();
  }
}
