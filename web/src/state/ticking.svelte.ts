/**
 * At the doors of events: what is ticked here is kept on this device until the server has it, with or without a line;
 * what is ticked at another door is heard.
 */

import { SvelteMap } from "svelte/reactivity";
import { Refused } from "../wire/http";
import { limits, type Door, type Placed } from "../wire/types";
import { here } from "./account";
import { reasonFor } from "./failing";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { oneAtATime } from "./locks";
import { Meanwhile } from "./meanwhile";
import type { Store } from "./store";
import { DOORS_KEPT_MAX, momentAfter, withTicks, type Tick } from "./ticks";

const RETRY_MS = 3_000;

const nameOf = (event: string, key: string) => `${event} ${key}`;

class Ticking {
  /** Lists by event and occurrence. */
  readonly doors = new SvelteMap<string, Door>();
  /** By event, occurrence and person. */
  readonly unsent = new SvelteMap<string, Tick>();
  /** Why some were refused for good. */
  error = $state("");
  #store: Store | null = null;
  #clock: ReturnType<typeof setTimeout> | undefined;
  #meanwhile = new Meanwhile<Extract<Placed, { type: "event_ticked" }>>();
  #asked = 0;
  /** To which question each list is the answer: what answers an older one comes too late. */
  #answered = new Map<string, number>();

  async begin(store: Store): Promise<void> {
    this.#store = store;
    const [doors, ticks] = await Promise.all([store.doors(), store.ticks()]);
    if (store !== this.#store) return;
    for (const { event, door } of doors)
      if (!this.door(event, door.key)) this.doors.set(nameOf(event, door.key), door);
    for (const tick of ticks) if (!this.unsent.has(idOf(tick))) this.unsent.set(idOf(tick), tick);
    if (house.link === "live") void this.send();
  }

  end(): void {
    clearTimeout(this.#clock);
    this.#store = null;
    this.doors.clear();
    this.unsent.clear();
    this.#answered.clear();
    this.error = "";
  }

  door(event: string, key: string): Door | null {
    return this.doors.get(nameOf(event, key)) ?? null;
  }

  unsentAt(event: string, key: string): Tick[] {
    return [...this.unsent.values()].filter((tick) => tick.event === event && tick.key === key);
  }

  async load(event: string, key: string): Promise<void> {
    const name = nameOf(event, key);
    const [store, question] = [this.#store, ++this.#asked];
    await this.#meanwhile.during(async (since) => {
      let door = await calls.doorList(event, key);
      if (store !== this.#store || question < (this.#answered.get(name) ?? 0)) return;
      this.#answered.set(name, question);
      for (const action of since)
        if (action.group === door.group && action.key === key) door = withTicks(door, action.ticks);
      this.#keep(event, door);
    });
  }

  tick(event: string, key: string, user: string, came: boolean | null): void {
    const id = idOf({ event, key, user });
    const tick: Tick = { event, key, user, came, at: momentAfter(Date.now(), this.unsent.get(id)) };
    this.unsent.set(id, tick);
    this.error = "";
    void this.#store?.keepTick(tick);
    void this.send();
  }

  /** All that is not sent, event by event. */
  async send(): Promise<void> {
    clearTimeout(this.#clock);
    if (!this.#store || house.link !== "live") return;
    await oneAtATime(`clubroom-ticks-${house.user}`, async () => {
      for (let some = this.#some(); some.length > 0 && this.#store; some = this.#some()) {
        if (!(await this.#deliver(some))) return this.#later();
      }
    });
  }

  heard(actions: readonly Placed[]): void {
    for (const action of actions) {
      if (action.type !== "event_ticked") continue;
      this.#meanwhile.happened(action);
      for (const [name, door] of this.doors)
        if (door.group === action.group && door.key === action.key)
          this.doors.set(name, withTicks(door, action.ticks));
    }
  }

  /** As many of one occurrence as may go at once. */
  #some(): Tick[] {
    const [first] = this.unsent.values();
    return first ? this.unsentAt(first.event, first.key).slice(0, limits.TICKS_AT_ONCE_MAX) : [];
  }

  /** False where it is to be tried again. */
  async #deliver(ticks: readonly Tick[]): Promise<boolean> {
    const { event, key } = ticks[0]!;
    const store = this.#store;
    try {
      const said = ticks.map(({ user, came, at }) => ({ user, came, at }));
      const kept = await calls.tickDoor(event, { key, ticks: said });
      if (store !== this.#store) return false;
      const door = this.door(event, key);
      if (door) this.#keep(event, withTicks(door, kept.ticks));
    } catch (error) {
      if (!(error instanceof Refused) || error.passing || store !== this.#store) return false;
      this.error = reasonFor(error);
    }
    for (const tick of ticks) this.#settled(tick);
    return true;
  }

  /** Unless the same person was ticked anew meanwhile. */
  #settled(tick: Tick): void {
    const now = this.unsent.get(idOf(tick));
    if (now?.at !== tick.at) return;
    this.unsent.delete(idOf(tick));
    void this.#store?.dropTick(tick);
  }

  #later(): void {
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => void this.send(), RETRY_MS);
  }

  #keep(event: string, door: Door): void {
    const name = nameOf(event, door.key);
    this.doors.delete(name);
    this.doors.set(name, door); // the newest last
    const kept = [...this.doors].slice(-DOORS_KEPT_MAX);
    void this.#store?.keepDoors(kept.map(([known, one]) => ({ event: known.split(" ")[0]!, door: one })));
  }
}

const idOf = ({ event, key, user }: Pick<Tick, "event" | "key" | "user">) => `${event} ${key} ${user}`;

export const ticking = new Ticking();

/** As long as somebody is signed in; what this gives ends it. */
export function watchTicking(): () => void {
  const { heard, store } = here();
  const hear = (_: number, actions: readonly Placed[]) => ticking.heard(actions);
  heard.add(hear);
  void ticking.begin(store);
  return () => {
    heard.delete(hear);
    ticking.end();
  };
}
