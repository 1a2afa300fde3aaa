/** Drafts of events in all places where I may make some; asked for, for no log tells of them. */

import { SvelteMap } from "svelte/reactivity";
import { eventCalls } from "../wire/events";
import type { EventDraftEntry } from "../wire/types";
import { callAsMe } from "./access";
import { house } from "./house.svelte";
import { placesForEvents } from "./planning";
import { discardDraft } from "./sharedDraft.svelte";

const calls = eventCalls(callAsMe);

export class DraftList {
  /** By club. */
  #found = new SvelteMap<number, readonly EventDraftEntry[]>();

  /** What was touched last comes first; `club` = of one alone. */
  of(club: number | null): EventDraftEntry[] {
    const lists = club === null ? [...this.#found.values()] : [this.#found.get(club) ?? []];
    return lists.flat().sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  }

  async load(): Promise<void> {
    const clubs = new Set(placesForEvents().map((place) => house.clubOf(place)?.group ?? place));
    for (const club of this.#found.keys()) if (!clubs.has(club)) this.#found.delete(club);
    await Promise.all(
      [...clubs].map(async (club) => this.#found.set(club, (await calls.drafts(club)).drafts)),
    );
  }

  async discard(draft: EventDraftEntry): Promise<void> {
    await discardDraft(draft.event);
    await this.load();
  }
}
