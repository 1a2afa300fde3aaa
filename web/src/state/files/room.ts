/** How much may still be brought, asked for while somebody chooses: what is too much is said before it goes up. */

import type { FilesRoom } from "../../wire/types";
import type { Left } from "./choosing";

/** What was known longer ago may have changed: then the server says it, on being asked for a place for the bytes. */
const KNOWN_MS = 60_000;

export class Ahead {
  #ask: (group: number) => Promise<FilesRoom>;
  #now: () => number;
  #known = new Map<number, Left & { at: number }>();

  constructor(ask: (group: number) => Promise<FilesRoom>, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Somebody is about to choose. Where it cannot be asked, nothing is known, and that is no trouble. */
  async look(group: number): Promise<void> {
    const found = await this.#ask(group).catch(() => null);
    if (!found) return void this.#known.delete(group);
    const { day_limit, day_used, limit, used } = found;
    this.#known.set(group, {
      day: Math.max(0, day_limit - day_used),
      space: Math.max(0, limit - used),
      at: this.#now(),
    });
  }

  /** In bytes; null = not known. */
  left(group: number): Left | null {
    const known = this.#known.get(group);
    return known && this.#now() - known.at < KNOWN_MS ? known : null;
  }

  /** Something was chosen that the server does not count yet. */
  takes(group: number, bytes: number): void {
    const known = this.#known.get(group);
    if (known) this.#known.set(group, { ...known, day: known.day - bytes, space: known.space - bytes });
  }
}
