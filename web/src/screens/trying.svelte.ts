/** One thing under way, and why it failed. */

import { tick } from "svelte";
import { reasonFor } from "../state/failing";

export class Trying {
  busy = $state(false);
  error = $state("");

  /** Does it, unless something is under way; then what follows. */
  async run<T>(work: () => Promise<T>, then: (done: T) => void = () => undefined): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = "";
    try {
      then(await work());
    } catch (caught) {
      this.error = reasonFor(caught);
    } finally {
      this.busy = false;
    }
  }
}

/** What holds as soon as it is chosen. What is chosen while the last choice is on its way goes after it. */
export class Choosing<T> extends Trying {
  /** Shown while it is on its way; null = nothing is, and what holds is shown, also when it did not work. */
  wish = $state.raw<T | null>(null);

  async choose(wish: T, tell: (wish: T) => Promise<unknown>, then?: () => void): Promise<void> {
    this.wish = wish;
    await this.run(async () => {
      await tick(); // it was on the screen before it fails: a control that nothing changes is not drawn back
      await this.#tellAll(tell);
    }, then);
    if (!this.busy) this.wish = null;
  }

  async #tellAll(tell: (wish: T) => Promise<unknown>): Promise<void> {
    let told: T | null;
    do await tell((told = this.wish)!);
    while (this.wish !== told);
  }
}
