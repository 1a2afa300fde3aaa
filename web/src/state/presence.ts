/** Who is here and who is writing: signals that may be lost, so they expire and are asked for anew. */

import type { ClientFrame, Signal } from "../wire/types";
import { house } from "./house.svelte";
import { calls } from "./intake";

const TYPING_EVERY_MS = 3_000;
const TYPING_SHOWN_MS = 5_000;
const ONLINE_EVERY_MS = 60_000;

export class Presence {
  #send: (frame: ClientFrame) => boolean;
  #shows: () => void;
  #watched: number | null = null;
  #told: number | null = null;
  #lastTyping = 0;
  #clock: ReturnType<typeof setInterval> | undefined;
  #clocks = new Set<ReturnType<typeof setTimeout>>();
  /** What was heard since the last question, while it is open: its answer may be older than that. */
  #heard: Signal[] | null = null;

  /** `shows`: from now on a room is before somebody's eyes. */
  constructor(send: (frame: ClientFrame) => boolean, shows: () => void) {
    this.#send = send;
    this.#shows = shows;
    this.#clock = setInterval(() => this.#ask(), ONLINE_EVERY_MS);
  }

  /** This room is on the screen, and somebody is there to see it (null = none is). */
  watch(group: number | null): void {
    this.#watched = group;
    this.#tell();
  }

  /** The server forgot with the old connection what we watch. */
  live(): void {
    this.#told = null;
    this.#tell();
    this.#ask();
  }

  writing(group: number): void {
    const now = performance.now();
    if (this.#lastTyping && now - this.#lastTyping < TYPING_EVERY_MS) return;
    if (this.#send({ type: "typing", group })) this.#lastTyping = now;
  }

  signal(signal: Signal): void {
    if (signal.kind === "typing" && signal.user) this.#typing(signal.group, signal.user, signal.ttl_ms);
    if (signal.kind === "count" || signal.kind === "presence") {
      this.#heard?.push(signal);
      this.#take(signal);
    }
  }

  /** Whoever has posted has stopped writing. */
  posted(group: number, user: string): void {
    const writing = house.typing.get(group);
    if (!writing?.has(user)) return;
    const next = new Map(writing);
    next.delete(user);
    house.typing.set(group, next);
  }

  stop(): void {
    clearInterval(this.#clock);
    for (const clock of this.#clocks) clearTimeout(clock);
  }

  #typing(group: number, user: string, ttlMs: number | null | undefined): void {
    if (user === house.user) return;
    const ttl = ttlMs || TYPING_SHOWN_MS;
    const until = performance.now() + ttl;
    house.typing.set(group, new Map(house.typing.get(group)).set(user, until));
    const clock = setTimeout(() => {
      this.#clocks.delete(clock);
      if ((house.typing.get(group)?.get(user) ?? Infinity) <= performance.now() + 50)
        this.posted(group, user);
    }, ttl);
    this.#clocks.add(clock);
  }

  #take(signal: Signal): void {
    if (signal.kind === "count") house.onlineCount.set(signal.group, signal.n ?? 0);
    else if (signal.user) {
      const on = signal.on ?? true;
      this.#turn(signal.group, signal.user, on);
      this.#dim(signal.group, signal.user, on && (signal.idle ?? false));
    }
  }

  #dim(group: number, user: string, idle: boolean): void {
    const before = house.idle.get(group);
    if ((before?.has(user) ?? false) === idle) return;
    const away = new Set(before);
    if (idle) away.add(user);
    else away.delete(user);
    house.idle.set(group, away);
  }

  #turn(group: number, user: string, on: boolean): void {
    const here = new Set(house.online.get(group));
    const before = here.size;
    if (on) here.add(user);
    else here.delete(user);
    if (here.size === before) return;
    house.online.set(group, here);
    house.onlineCount.set(group, Math.max(0, (house.onlineCount.get(group) ?? before) + here.size - before));
  }

  #tell(): void {
    if (this.#told === this.#watched) return;
    if (this.#told !== null) this.#send({ type: "watch", group: this.#told, on: false });
    const told = this.#watched === null || this.#send({ type: "watch", group: this.#watched, on: true });
    this.#told = told ? this.#watched : null;
    if (this.#told !== null) this.#shows();
    if (told) this.#ask();
  }

  #ask(): void {
    if (this.#watched === null || document.hidden || house.link !== "live") return;
    const group = house.presenceOf(this.#watched);
    const heard: Signal[] = (this.#heard = []);
    void calls.online(group).then(
      (online) => {
        if (heard !== this.#heard) return; // asked anew meanwhile
        house.online.set(group, new Set(online.users));
        house.idle.set(group, new Set(online.idle));
        house.onlineCount.set(group, online.n);
        for (const signal of heard) if (signal.group === group) this.#take(signal);
        this.#heard = null;
      },
      () => {
        if (heard === this.#heard) this.#heard = null;
      },
    );
  }
}
