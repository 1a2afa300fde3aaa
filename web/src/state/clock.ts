/** The time of the day for what changes on the screen by itself; it ticks as long as somebody looks at it. */

import { createSubscriber } from "svelte/reactivity";
import { onOneDay } from "../texts";

const TICK_MS = 10_000;

const ticking = createSubscriber((update) => {
  const clock = setInterval(update, TICK_MS);
  document.addEventListener("visibilitychange", update); // while nobody looked it may have stood still
  return () => {
    clearInterval(clock);
    document.removeEventListener("visibilitychange", update);
  };
});

let moment = 0;

export const clock = {
  get now(): number {
    ticking();
    return Date.now();
  },
  /** A moment of today: the same until midnight, for what would be drawn anew with every tick. */
  get today(): number {
    const { now } = this;
    if (!onOneDay(moment, now)) moment = now;
    return moment;
  },
};
