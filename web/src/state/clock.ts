/** The time of the day for what changes on the screen by itself; it ticks as long as somebody looks at it. */

import { createSubscriber } from "svelte/reactivity";

const TICK_MS = 10_000;

const ticking = createSubscriber((update) => {
  const clock = setInterval(update, TICK_MS);
  return () => clearInterval(clock);
});

export const clock = {
  get now(): number {
    ticking();
    return Date.now();
  },
};
