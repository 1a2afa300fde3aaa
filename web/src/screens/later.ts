/** What is not in the first script: parts that come when they are wanted, or before, while nothing else is done. */

import type { Component } from "svelte";
import { Late, type Given, type LateSheet } from "../state/late";

export const doors = new Late(() => import("./later/doors"));
export const oneself = new Late(() => import("./later/oneself"));
export const rooms = new Late(() => import("./later/rooms"));
export const club = new Late(() => import("./later/club"));
export const events = new Late(() => import("./later/events"));

/** In the order in which they are likely to be wanted. */
export const LATER: readonly Late<object>[] = [doors, rooms, events, oneself, club];

export type PropsOf<C> = C extends Component<infer P> ? P : never;

/** A sheet that no address opens. The compiler sees to it that it takes what it is given. */
export function lateSheet<M extends object, N extends keyof M & string>(
  from: Late<M>,
  name: N,
  given: PropsOf<M[N]> & Given,
): LateSheet {
  return { from, name, given, key: name };
}
