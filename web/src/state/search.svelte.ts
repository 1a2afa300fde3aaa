/** What is being searched for, and what was found so far. */

import { reasonFor } from "./failing";
import { calls } from "./intake";
import type { Message } from "../wire/types";

const WAIT_MS = 250;
/** A page may be empty and yet go on: so often it is asked on by itself. */
const ASKED_ON_MAX = 8;

export class Search {
  messages = $state.raw<readonly Message[]>([]);
  looking = $state(false);
  error = $state("");
  more = $state(false);
  #query: string | null = null;
  #cursor: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is answered late belongs to a question that nobody asks any more. */
  #asking = 0;

  /** The query as JSON; null = nothing is asked. Asked once typing pauses. */
  ask(query: string | null): void {
    if (query === this.#query) return;
    this.end();
    this.#query = query;
    this.error = "";
    if (query === null) {
      this.messages = [];
      this.more = this.looking = false;
      return;
    }
    this.looking = true;
    this.#timer = setTimeout(() => void this.#run(null), WAIT_MS);
  }

  /** Without waiting for a pause. */
  now(): void {
    if (this.#query === null) return;
    this.end();
    void this.#run(null);
  }

  further(): void {
    if (this.#cursor !== null) void this.#run(this.#cursor);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#asking += 1;
  }

  async #run(cursor: string | null): Promise<void> {
    const asking = ++this.#asking;
    const asked = JSON.parse(this.#query!) as Record<string, string>;
    this.looking = true;
    this.error = "";
    try {
      let found: readonly Message[] = [];
      for (let n = 0; n < ASKED_ON_MAX && found.length === 0; n++) {
        const page = await calls.search(cursor === null ? asked : { ...asked, cursor });
        if (asking !== this.#asking) return;
        found = page.messages;
        this.messages = n === 0 && cursor === null ? found : [...this.messages, ...found];
        this.#cursor = cursor = page.cursor ?? null;
        this.more = cursor !== null;
        if (!this.more) break;
      }
    } catch (caught) {
      if (asking === this.#asking) this.error = reasonFor(caught);
    } finally {
      if (asking === this.#asking) this.looking = false;
    }
  }
}

/** The first message of a day (`2026-11-05`) of this device's zone, or the next one after it, or the last; its id. */
export async function firstOfDay(group: number, day: string): Promise<string | null> {
  const [y, m, d] = day.split("-").map(Number) as [number, number, number];
  const at = new Date(y, m - 1, d);
  const { messages } = await calls.messagesAt(group, at.toISOString());
  const first = messages.find((message) => Date.parse(message.sent_at) >= at.getTime());
  return (first ?? messages.at(-1))?.id ?? null;
}
