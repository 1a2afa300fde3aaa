/** The read pointer: moved at once on the screen, told to the server at most once in 1.5 s; back only by hand. */

import type { ClientFrame } from "../wire/types";
import { house } from "./house.svelte";

/** Two rooms read one after the other are told to one's other devices within two seconds. */
export const READ_EVERY_MS = 1_500;
const GOT_EVERY_MS = 1_000;

export class Reading {
  #send: (frame: ClientFrame) => boolean;
  #keep: (reads: ReadonlyMap<number, number>) => void;
  #untold = new Map<number, number>();
  /** Marked unread while it is on the screen. */
  #heldBack = new Set<number>();
  #clock: ReturnType<typeof setTimeout> | undefined;
  #got = new Map<number, number>();
  #gotClock: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: ClientFrame) => boolean, keep: (reads: ReadonlyMap<number, number>) => void) {
    this.#send = send;
    this.#keep = keep;
  }

  /** As it was left on this device; what the server does not know yet is told when there is a connection. */
  restore(reads: ReadonlyMap<number, number>): void {
    for (const [group, seq] of reads) {
      if (seq <= (house.reads.get(group) ?? 0)) continue;
      house.reads.set(group, seq);
      this.#untold.set(group, seq);
    }
  }

  /** This person has seen the group up to `seq`, on a visible screen. */
  seen(group: number, seq: number): void {
    if (seq <= (house.reads.get(group) ?? 0) || this.#heldBack.has(group)) return;
    house.reads.set(group, seq);
    this.#untold.set(group, seq);
    this.#keep(new Map(house.reads));
    if (this.#clock === undefined) this.tell();
  }

  /** Another device of this person has read further, or by hand not so far (`back`). */
  moved(group: number, seq: number, back = false): void {
    if (back) this.back(group, seq);
    else if (seq > (house.reads.get(group) ?? 0)) house.reads.set(group, seq);
  }

  /** Unread after `seq`, by hand: nothing that is seen from now on counts until one comes anew. */
  back(group: number, seq: number): void {
    this.#untold.delete(group);
    this.#heldBack.add(group);
    house.reads.set(group, Math.min(seq, house.reads.get(group) ?? 0));
    this.#keep(new Map(house.reads));
  }

  /** One has come into the room (again). */
  visit(group: number): void {
    this.#heldBack.delete(group);
  }

  /** Another database: what was read of the old one says nothing. */
  forget(): void {
    house.reads.clear();
    this.#untold.clear();
    this.#got.clear();
    this.#keep(new Map());
  }

  tell = (): void => {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    if (this.#untold.size === 0) return;
    for (const [group, seq] of this.#untold) {
      if (this.#send({ type: "read", group, seq })) this.#untold.delete(group);
    }
    this.#clock = setTimeout(this.tell, READ_EVERY_MS);
  };

  /** Applied, so the server need not push it: at most once a second, only what changed. */
  got(group: number, seq: number): void {
    this.#got.set(group, seq);
    this.#gotClock ??= setTimeout(this.#tellGot, GOT_EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#clock);
    clearTimeout(this.#gotClock);
  }

  #tellGot = (): void => {
    this.#gotClock = undefined;
    const frame = { type: "got", ...Object.fromEntries(this.#got) } as ClientFrame;
    if (this.#got.size > 0 && this.#send(frame)) this.#got.clear();
  };
}
