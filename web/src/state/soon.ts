/** Something that many may want at once, done once for all of them, a moment later. */

export class Soon {
  #clock: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  /** Wanted while it was under way: what it brings may be older than that. */
  #more = false;
  #work: () => Promise<unknown>;
  #waitMs: () => number;

  constructor(work: () => Promise<unknown>, waitMs: () => number) {
    this.#work = work;
    this.#waitMs = waitMs;
  }

  ask(): void {
    if (this.#running) this.#more = true;
    else this.#clock ??= setTimeout(() => void this.#run(), this.#waitMs());
  }

  stop(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    this.#more = false;
  }

  async #run(): Promise<void> {
    this.#clock = undefined;
    this.#running = true;
    await this.#work().catch(() => undefined);
    this.#running = false;
    if (!this.#more) return;
    this.#more = false;
    this.ask();
  }
}
