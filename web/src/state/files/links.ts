/** Where files are fetched: asked for together, kept as long as they are good, asked anew where one fails. */

import { house } from "../house.svelte";
import type { FileLinks } from "../../wire/types";

const AT_ONCE_MAX = 100;
/** An address that ends so soon is asked for anew: what is loaded by it takes its time. */
const ENDS_SOON_MS = 60_000;
const FAILED_AGAIN_MS = 60_000;

export class Links {
  #ask: (ids: readonly string[]) => Promise<FileLinks>;
  #now: () => number;
  #wanted = new Set<string>();
  #asked = new Set<string>();
  /** When it was last answered: clocks may differ by more than an address is good for. */
  #answered = new Map<string, number>();
  /** When the address of one was last found not to work. */
  #failed = new Map<string, number>();
  #turn: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (ids: readonly string[]) => Promise<FileLinks>, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** It is on the screen, or will be in a moment. */
  want(id: string): void {
    const held = house.links.get(id);
    if (held === null || this.#asked.has(id)) return;
    if (held && Date.parse(held.until) - this.#now() > ENDS_SOON_MS) return;
    if (held && this.#now() - (this.#answered.get(id) ?? -Infinity) < ENDS_SOON_MS) return;
    this.#wanted.add(id);
    this.#turn ??= setTimeout(() => void this.#askAll(), 0);
  }

  /** It did not load. False = its address was asked for anew a moment ago, and helped nothing. */
  failed(id: string): boolean {
    const before = this.#failed.get(id);
    if (before !== undefined && this.#now() - before < FAILED_AGAIN_MS) return false;
    this.#failed.set(id, this.#now());
    house.links.delete(id);
    this.want(id);
    return true;
  }

  /** There is a connection again: what is still wanted, and what was not to be had before. */
  retry(): void {
    this.#failed.clear();
    for (const [id, link] of [...house.links]) {
      if (link !== null) continue;
      house.links.delete(id);
      this.#wanted.add(id);
    }
    if (this.#wanted.size > 0) this.#turn ??= setTimeout(() => void this.#askAll(), 0);
  }

  stop(): void {
    clearTimeout(this.#turn);
    this.#wanted.clear();
  }

  async #askAll(): Promise<void> {
    this.#turn = undefined;
    const ids = [...this.#wanted];
    for (let from = 0; from < ids.length; from += AT_ONCE_MAX) {
      await this.#askFor(ids.slice(from, from + AT_ONCE_MAX));
    }
  }

  async #askFor(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#asked.add(id);
    const answer = await this.#ask(ids).catch(() => null);
    for (const id of ids) this.#asked.delete(id);
    if (!answer) return; // they are wanted still
    const given = new Map(answer.links.map((link) => [link.id, link]));
    for (const id of ids) {
      this.#wanted.delete(id);
      this.#answered.set(id, this.#now());
      house.links.set(id, given.get(id) ?? null);
    }
  }
}
