/**
 * Whether somebody sits before this page: after ten minutes without a touch nobody does, and somebody does again with
 * the next. Scrolling by itself says nothing, since a room that moves on scrolls, too; nor does a pointer that rests
 * while the page moves under it.
 */

export const NOBODY_AFTER_MS = 600_000;
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "touchmove"] as const;

export class Attention {
  #told: (there: boolean) => void;
  #there = true;
  #last = 0;
  #pointer = "";
  #clock: ReturnType<typeof setTimeout> | undefined;

  /** `told` hears of each change; in the beginning somebody is there. */
  constructor(told: (there: boolean) => void) {
    this.#told = told;
  }

  start(): void {
    for (const kind of TOUCHES) addEventListener(kind, this.#touched, { capture: true, passive: true });
    document.addEventListener("visibilitychange", this.#shown);
    this.#touch();
  }

  stop(): void {
    for (const kind of TOUCHES) removeEventListener(kind, this.#touched, { capture: true });
    document.removeEventListener("visibilitychange", this.#shown);
    clearTimeout(this.#clock);
  }

  #touched = (event: Event): void => {
    if (event.type === "pointermove") {
      const { screenX, screenY } = event as PointerEvent;
      const at = `${screenX} ${screenY}`;
      if (at === this.#pointer) return;
      this.#pointer = at;
    }
    this.#touch();
  };

  #shown = (): void => {
    if (!document.hidden) this.#touch();
  };

  #touch(): void {
    this.#last = Date.now();
    if (!this.#there) this.#tell(true);
    this.#clock ??= setTimeout(this.#look, NOBODY_AFTER_MS);
  }

  /** One clock for many touches: it looks how long ago the last one was. */
  #look = (): void => {
    const left = this.#last + NOBODY_AFTER_MS - Date.now();
    this.#clock = left > 0 ? setTimeout(this.#look, left) : undefined;
    if (left <= 0) this.#tell(false);
  };

  #tell(there: boolean): void {
    this.#there = there;
    this.#told(there);
  }
}
