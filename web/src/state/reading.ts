/**
 * The read pointer: moved at once on the screen, told to the server at most once in 3 s for each group. Only by hand
 * does it go back, here or on another device.
 */

import type { ClientFrame } from "../wire/types";
import { house } from "./house.svelte";

export const READ_EVERY_MS = 3_000;
const GOT_EVERY_MS = 1_000;
/** While nobody looks nothing depends on it, and where a gateway holds the sockets each frame is paid for. */
const GOT_SELDOM_MS = 60_000;

/** As it is kept on this device: how far each group was read, and what of it the server has not confirmed. */
export interface Read {
  reads: ReadonlyMap<number, number>;
  untold: ReadonlyMap<number, number>;
}

export class Reading {
  #send: (frame: ClientFrame) => boolean;
  #keep: (read: Read) => void;
  /** Seen here, and not confirmed by the server. */
  #untold = new Map<number, number>();
  /** What of it is on its way over this connection. */
  #sent = new Map<number, number>();
  #clocks = new Map<number, ReturnType<typeof setTimeout>>();
  /** Marked unread while it is on the screen. */
  #heldBack = new Set<number>();
  #got = new Map<number, number>();
  #gotClock: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: ClientFrame) => boolean, keep: (read: Read) => void) {
    this.#send = send;
    this.#keep = keep;
  }

  /** As it was left on this device; what the server does not know yet is told when there is a connection. */
  restore({ reads, untold }: Read): void {
    for (const [group, seq] of reads) house.reads.set(group, seq);
    for (const [group, seq] of untold) this.#untold.set(group, seq);
    this.#keepAll();
  }

  /** This person has seen the group up to `seq`, on a visible screen. */
  seen(group: number, seq: number): void {
    if (seq <= (house.reads.get(group) ?? 0) || this.#heldBack.has(group)) return;
    house.reads.set(group, seq);
    this.#untold.set(group, seq);
    this.#keepAll();
    if (!this.#clocks.has(group)) this.#tellOne(group);
  }

  /** The server has heard of it: from this device, or from another one, or by hand not so far (`back`). */
  moved(group: number, seq: number, back = false): void {
    if (back) return this.back(group, seq);
    const heard = seq >= (this.#untold.get(group) ?? Infinity);
    const further = seq > (house.reads.get(group) ?? 0);
    if (heard) this.#confirmed(group);
    if (further) house.reads.set(group, seq);
    if (heard || further) this.#keepAll();
  }

  /** How it stands as a connection begins: that counts, but for what was seen here meanwhile. */
  welcome(reads: Record<string, number>): void {
    this.#sent.clear();
    for (const [key, seq] of Object.entries(reads)) {
      const group = Number(key);
      if (seq < (this.#untold.get(group) ?? 0)) continue;
      this.#confirmed(group);
      house.reads.set(group, seq);
    }
    this.#keepAll();
  }

  /** Unread after `seq`, by hand: nothing that is seen from now on counts until one comes anew. */
  back(group: number, seq: number): void {
    this.#confirmed(group);
    this.#heldBack.add(group);
    house.reads.set(group, Math.min(seq, house.reads.get(group) ?? 0));
    this.#keepAll();
  }

  /** One has come into the room (again). */
  visit(group: number): void {
    this.#heldBack.delete(group);
  }

  /** Another database: what was read of the old one says nothing. */
  forget(): void {
    house.reads.clear();
    this.#untold.clear();
    this.#sent.clear();
    this.#got.clear();
    this.#keepAll();
  }

  /** All that the server has not heard, at once. */
  tell(): void {
    for (const group of this.#untold.keys()) this.#tellOne(group);
  }

  /** Applied, so the server need not push it: at most once a second, only what changed; seldom if nobody looks. */
  got(group: number, seq: number): void {
    this.#got.set(group, seq);
    this.#gotClock ??= setTimeout(this.tellGot, house.looking ? GOT_EVERY_MS : GOT_SELDOM_MS);
  }

  stop(): void {
    for (const clock of this.#clocks.values()) clearTimeout(clock);
    clearTimeout(this.#gotClock);
  }

  /** At once: somebody looks now. */
  tellGot = (): void => {
    clearTimeout(this.#gotClock);
    this.#gotClock = undefined;
    const frame = { type: "got", ...Object.fromEntries(this.#got) } as ClientFrame;
    if (this.#got.size > 0 && this.#send(frame)) this.#got.clear();
  };

  #tellOne(group: number): void {
    clearTimeout(this.#clocks.get(group));
    this.#clocks.delete(group);
    const seq = this.#untold.get(group);
    if (seq === undefined || this.#sent.get(group) === seq) return;
    if (!this.#send({ type: "read", group, seq })) return; // told as soon as there is a connection
    this.#sent.set(group, seq);
    this.#clocks.set(
      group,
      setTimeout(() => this.#tellOne(group), READ_EVERY_MS),
    );
  }

  #confirmed(group: number): void {
    this.#untold.delete(group);
    this.#sent.delete(group);
  }

  #keepAll(): void {
    this.#keep({ reads: new Map(house.reads), untold: new Map(this.#untold) });
  }
}
