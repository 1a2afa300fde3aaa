/** What comes from the server into the house: actions in order, pulls, snapshots, resets. */

import { memberCalls } from "../wire/api";
import { backoffMs } from "../wire/closing";
import { Refused, Unreachable } from "../wire/http";
import { limits, type ActionsPage, type Placed } from "../wire/types";
import { callAsMe } from "./access";
import { applyAll, fromSnapshot, noticeOf, trimmed, type GroupState, type Notice } from "./apply";
import { avatarsAfter, avatarsFrom, avatarsWithout } from "./avatars";
import { emptyInbox, HELD_MS_MAX, mustPull, receive, type Batch, type Inbox } from "./cursor";
import { house } from "./house.svelte";
import { newestOf } from "./kept";
import type { Store } from "./store";

const STORE_AFTER_MS = 400;
const MEMORY_MESSAGES_MAX = 2_000;
const SNAPSHOT_NOTICES_MAX = 300;
const PULL_ACTIONS_MIN = 20;
const RETRY_MS_MIN = 1_000;

export const calls = memberCalls(callAsMe);

/** What the rest of the house wants to know about actions as they are applied. */
export interface Listeners {
  applied(group: number, actions: readonly Placed[]): void;
  closed(group: number): void;
}

export class Intake {
  #inboxes = new Map<number, Inbox>();
  #pulls = new Map<number, Promise<void>>();
  #clocks = new Map<number, ReturnType<typeof setTimeout>>();
  /** Their snapshots have failed to come, or are on their way. */
  #wanted = new Set<number>();
  #fetching = new Set<number>();
  #wantedClock: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #unstored = new Set<number>();
  #storeClock: ReturnType<typeof setTimeout> | undefined;
  #store: Store;
  #listeners: Listeners;

  constructor(store: Store, listeners: Listeners) {
    this.#store = store;
    this.#listeners = listeners;
  }

  /** What this device holds of this database, and nothing of another; where it is too much the oldest goes. */
  async load(epoch: string | null): Promise<void> {
    const stored = await this.#store.groups();
    const held = new Set(newestOf(stored.filter((state) => state.epoch === epoch)));
    for (const state of stored) {
      if (held.has(state)) this.#hold(state);
      else void this.#store.dropGroup(state.group);
    }
  }

  /** Of more than may be named the others are pulled, as soon as something is said there. */
  cursors(): Record<string, number> {
    const all = [...this.#inboxes].slice(-limits.CURSORS_MAX);
    return Object.fromEntries(all.map(([group, inbox]) => [group, inbox.cursor]));
  }

  cursor(group: number): number | null {
    return this.#inboxes.get(group)?.cursor ?? null;
  }

  take(group: number, batch: Batch): void {
    this.#raiseHead(group, batch.to);
    const inbox = this.#inboxes.get(group);
    if (!inbox) return this.#listeners.applied(group, batch.actions);
    const { inbox: moved, ready, pull } = receive(inbox, batch, performance.now());
    this.#inboxes.set(group, moved);
    if (ready.length > 0) this.#apply(group, ready, moved.cursor);
    if (pull) void this.pull(group);
    else if (moved.heldSince !== null) this.#watchHeld(group);
  }

  /** Everything from the cursor to the head, by HTTP. Resolves when the gap is filled (or cannot be now). */
  pull(group: number): Promise<void> {
    const running = this.#pulls.get(group);
    if (running) return running;
    const pull = this.#pullAll(group).finally(() => this.#pulls.delete(group));
    this.#pulls.set(group, pull);
    return pull;
  }

  /** Pull those groups of which something is held and whose head is further on, and fetch what is still wanted. */
  async catchUp(heads: Record<string, number>): Promise<void> {
    const behind = Object.entries(heads).filter(([group, head]) => {
      this.#raiseHead(Number(group), head);
      const cursor = this.cursor(Number(group));
      return cursor !== null && cursor < head;
    });
    await Promise.all([...behind.map(([group]) => this.pull(Number(group))), this.fetchWanted()]);
  }

  /** Should it fail, it is fetched again, until it is here or is not for us. */
  async fetchSnapshot(group: number): Promise<void> {
    this.#wanted.add(group);
    this.#fetching.add(group);
    const snapshot = await calls.snapshot(group).catch((error) => this.#judge(group, error));
    if (!snapshot) {
      this.#fetching.delete(group);
      return this.#tryLater();
    }
    this.#attempt = 0;
    const state = fromSnapshot(snapshot);
    const notices = await this.notices(group, state.window - 1, state.seq);
    this.#fetching.delete(group);
    if (!this.#wanted.has(group)) return; // closed meanwhile, or nobody is signed in any more
    this.#hold({ ...state, notices });
    this.#keepSoon(group);
    this.#listeners.applied(group, []);
    if ((house.heads.get(group) ?? 0) > state.seq) await this.pull(group); // what was live meanwhile
  }

  /** For later: as another tab has stored it, else as the server has it. */
  async keep(group: number): Promise<void> {
    const stored = await this.#store.group(group);
    if (this.cursor(group) !== null || !house.entry(group)) return;
    if (stored?.epoch !== house.me?.epoch) return this.fetchSnapshot(group);
    this.#hold(stored!);
    this.#listeners.applied(group, []);
    await this.pull(group);
  }

  async fetchWanted(): Promise<void> {
    const groups = [...this.#wanted].filter((group) => !this.#fetching.has(group));
    await Promise.all(groups.map((group) => this.fetchSnapshot(group)));
  }

  /** Who came and went between two places: lines in the stream that no page of messages carries. */
  async notices(group: number, after: number, upTo: number): Promise<Notice[]> {
    const from = Math.max(after, upTo - SNAPSHOT_NOTICES_MAX);
    const page = await calls.actions(group, from, limits.ACTIONS_MAX).catch(() => null);
    return (page?.actions ?? [])
      .filter((action) => action.seq <= upTo)
      .map(noticeOf)
      .filter((notice) => notice !== null);
  }

  replace(state: GroupState): void {
    house.states.set(state.group, state);
  }

  drop(group: number): void {
    this.#inboxes.delete(group);
    this.#wanted.delete(group);
    const state = house.states.get(group);
    house.states.delete(group);
    if (state) avatarsWithout(state);
    void this.#store.dropGroup(group);
  }

  dropAll(): void {
    for (const group of [...this.#inboxes.keys()]) this.drop(group);
  }

  storeNow(): void {
    clearTimeout(this.#storeClock);
    this.#storeClock = undefined;
    for (const group of this.#unstored) {
      const state = house.states.get(group);
      if (state) void this.#store.keepGroup(state);
    }
    this.#unstored.clear();
  }

  /** Nothing more of what is held here goes to the disk. */
  forget(): void {
    clearTimeout(this.#storeClock);
    this.#storeClock = undefined;
    this.#unstored.clear();
  }

  stop(): void {
    this.storeNow();
    clearTimeout(this.#wantedClock);
    this.#wanted.clear();
    for (const clock of this.#clocks.values()) clearTimeout(clock);
    this.#clocks.clear();
  }

  async #pullAll(group: number): Promise<void> {
    for (let inbox = this.#inboxes.get(group); inbox; inbox = this.#inboxes.get(group)) {
      const after = inbox.cursor;
      const page = await this.#page(group, after);
      if (!page) return;
      if (page.from > after + 1) return this.fetchSnapshot(group); // trimmed away under us
      if (page.to > after) this.take(group, page);
      const now = this.cursor(group);
      if (now === null || now >= page.head || (!page.more && now === after)) return;
    }
  }

  /** A smaller one where the line breaks before a whole one is through. */
  async #page(group: number, after: number): Promise<ActionsPage | null> {
    for (
      let limit: number = limits.ACTIONS_MAX;
      ;
      limit = Math.max(PULL_ACTIONS_MIN, Math.floor(limit / 4))
    ) {
      try {
        return await calls.actions(group, after, limit);
      } catch (error) {
        if (!(error instanceof Unreachable) || limit === PULL_ACTIONS_MIN) return this.#judge(group, error);
      }
    }
  }

  /** A group that is not for us any more is closed; other failures leave it as it is until the next try. */
  #judge(group: number, error: unknown): null {
    if (error instanceof Refused && !error.passing) this.#wanted.delete(group);
    if (error instanceof Refused && error.status === 404) this.#listeners.closed(group);
    return null;
  }

  /** Only while there is a connection: going live asks by itself. */
  #tryLater(): void {
    if (this.#wanted.size === 0) return;
    const inMs = Math.max(RETRY_MS_MIN, backoffMs(this.#attempt++));
    this.#wantedClock ??= setTimeout(() => {
      this.#wantedClock = undefined;
      if (house.link === "live") void this.fetchWanted();
    }, inMs);
  }

  #apply(group: number, ready: readonly Placed[], cursor: number): void {
    const state = house.states.get(group);
    if (!state) return;
    const next = { ...applyAll(state, ready), seq: cursor };
    house.states.set(group, next.messages.length > MEMORY_MESSAGES_MAX ? this.#shrunk(next) : next);
    avatarsAfter(ready);
    this.#keepSoon(group);
    this.#listeners.applied(group, ready);
  }

  #shrunk(state: GroupState): GroupState {
    return document.hidden ? trimmed(state, MEMORY_MESSAGES_MAX / 2) : state;
  }

  #hold(state: GroupState): void {
    this.#inboxes.set(state.group, emptyInbox(state.seq));
    this.#wanted.delete(state.group);
    house.states.set(state.group, state);
    avatarsFrom(state);
    this.#raiseHead(state.group, state.seq);
  }

  #raiseHead(group: number, head: number): void {
    if (head > (house.heads.get(group) ?? 0)) house.heads.set(group, head);
  }

  #watchHeld(group: number): void {
    clearTimeout(this.#clocks.get(group));
    const check = () => {
      const inbox = this.#inboxes.get(group);
      if (inbox && mustPull(inbox, performance.now())) void this.pull(group);
    };
    this.#clocks.set(group, setTimeout(check, HELD_MS_MAX + 10));
  }

  #keepSoon(group: number): void {
    this.#unstored.add(group);
    this.#storeClock ??= setTimeout(() => this.storeNow(), STORE_AFTER_MS);
  }
}
