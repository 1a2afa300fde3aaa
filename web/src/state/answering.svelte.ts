/** My answers to events: shown at once, sent in the order in which they were given, and kept where it fails. */

import { SvelteMap } from "svelte/reactivity";
import { eventCalls } from "../wire/events";
import type { Answered, GroupEntry, OwnAnswer, PutAnswer } from "../wire/types";
import { callAsMe } from "./access";
import { reasonFor } from "./failing";
import { house } from "./house.svelte";

/** What I say of one occurrence. */
export type Said = Pick<PutAnswer, "answer"> & { guests: number; note: string };

interface Wish extends Said {
  /** Why it did not arrive; empty = it is on its way. */
  error: string;
}

/** Whoever signs in after me finds nothing of mine. */
const keyOf = (group: number, key: string) => `${house.user} ${group} ${key}`;

export const calls = eventCalls(callAsMe);

class Answering {
  #wishes = new SvelteMap<string, Wish>();
  #sending = new Set<string>();

  /** What is on its way, or did not arrive; null = what the list says holds. */
  wish(group: number, key: string): Wish | null {
    return this.#wishes.get(keyOf(group, key)) ?? null;
  }

  /** How I stand, by the list alone. */
  mine(entry: GroupEntry | null, key: string): OwnAnswer | null {
    return entry?.event?.mine.find((one) => one.key === key) ?? null;
  }

  /** What is chosen while the last answer is on its way goes after it. */
  async answer(group: number, key: string, said: Said): Promise<void> {
    const at = keyOf(group, key);
    this.#wishes.set(at, { ...said, error: "" });
    if (this.#sending.has(at)) return;
    this.#sending.add(at);
    try {
      await this.#send(group, key, at);
    } finally {
      this.#sending.delete(at);
    }
  }

  /** What did not arrive, once more. */
  async again(group: number, key: string): Promise<void> {
    const wish = this.wish(group, key);
    if (wish) await this.answer(group, key, wish);
  }

  /** What did not arrive is given up. */
  drop(group: number, key: string): void {
    if (!this.#sending.has(keyOf(group, key))) this.#wishes.delete(keyOf(group, key));
  }

  async #send(group: number, key: string, at: string): Promise<void> {
    const me = house.user;
    for (let wish = this.#wishes.get(at); wish; wish = this.#wishes.get(at)) {
      const event = house.entry(group)?.event?.event;
      if (!event || house.user !== me) return void this.#wishes.delete(at);
      const { answer, guests, note } = wish;
      const before = standsAt(group, key);
      try {
        const come = await calls.answer(event, { key, answer, guests, note });
        if (this.#wishes.get(at) !== wish) continue; // meanwhile something else was chosen
        // where it stands otherwise by now, its action is here already, or a newer one of another device
        if (house.user === me && standsAt(group, key) === before)
          stand(group, key, { answer, guests, note }, come);
        this.#wishes.delete(at);
      } catch (caught) {
        if (this.#wishes.get(at) !== wish) continue;
        this.#wishes.set(at, { ...wish, error: reasonFor(caught) });
        return;
      }
    }
  }
}

const standsAt = (group: number, key: string) =>
  house.entry(group)?.event?.mine.find((one) => one.key === key);

/** The answer holds before its action is here; what else is known of it comes with that. */
function stand(group: number, key: string, said: Said, { standing }: Answered): void {
  const event = house.entry(group)?.event;
  const before = standsAt(group, key);
  if (!event || (before?.standing === standing && before.answer === said.answer)) return;
  const mine = { ...said, key, standing };
  house.amend(group, { event: { ...event, mine: [...event.mine.filter((one) => one.key !== key), mine] } });
}

export const answering = new Answering();
