/** A double click counts once. */

const AGAIN_MS = 300;

/** Tells whether a press of this key counts: not within 300 ms after the one before it. */
export class Once {
  readonly #pressed = new Map<string, number>();

  counts(key: string, now: number): boolean {
    const before = this.#pressed.get(key);
    for (const [each, at] of this.#pressed) if (now - at >= AGAIN_MS) this.#pressed.delete(each);
    this.#pressed.set(key, now);
    return before === undefined || now - before >= AGAIN_MS;
  }
}
