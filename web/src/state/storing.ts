/** When what is held of the groups goes to the disk: what is on the screen soon, the rest in its time. */

import { house } from "./house.svelte";
import type { Store } from "./store";

const IN_SIGHT_MS = 400;
/** And up to twice that: something may be said in any of hundreds of rooms, and every tab hears it. */
const REST_MS = 5_000;

export class Storing {
  #store: Store;
  #unstored = new Set<number>();
  #soon: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  soon(group: number): void {
    this.#unstored.add(group);
    if (house.inSight.has(group)) this.#soon ??= setTimeout(this.#inSight, IN_SIGHT_MS);
    else this.#plan();
  }

  /** The page may be gone in a moment. */
  all(): void {
    this.#stop();
    for (const group of this.#unstored) void this.now(group);
  }

  async now(group: number): Promise<void> {
    this.#unstored.delete(group);
    const state = house.states.get(group);
    if (state) await this.#store.keepGroup(state);
  }

  /** Nothing more of what is held here goes to the disk. */
  forget(): void {
    this.#stop();
    this.#unstored.clear();
  }

  #inSight = (): void => {
    this.#soon = undefined;
    for (const group of this.#unstored) if (house.inSight.has(group)) void this.now(group);
    if (this.#unstored.size > 0) this.#plan(); // it went out of sight meanwhile
  };

  #plan(): void {
    this.#later ??= setTimeout(() => this.all(), REST_MS * (1 + Math.random()));
  }

  #stop(): void {
    clearTimeout(this.#soon);
    clearTimeout(this.#later);
    this.#soon = this.#later = undefined;
  }
}
