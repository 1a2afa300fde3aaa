/** One thing under way, and why it failed. */

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
