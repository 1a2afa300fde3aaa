/** Something that a screen asks for when it opens, and once more where it could not be had. */

import { onMount } from "svelte";
import { Trying } from "./trying.svelte";

export class Asking<T> extends Trying {
  /** Null = it has not come yet. */
  found = $state.raw<T | null>(null);
  #ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    super();
    this.#ask = ask;
    onMount(() => this.again());
  }

  again = (): void => void this.run(this.#ask, (found) => (this.found = found));
}
