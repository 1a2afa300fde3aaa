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
import { several } from "./several";
import type { Store } from "./store";
import { Storing } from "./storing";

const FAR_ACTIONS = limits.ACTIONS_MAX;
/** So many rooms at once, apart from those that one looks at. */
const AT_ONCE = 4;
const MEMORY_MESSAGES_MAX = 2_000;
const SNAPSHOT_NOTICES_MAX = 300;
const PULL_ACTIONS_MIN = 20;
const RETRY_MS_MIN = 1_000;

export const calls = memberCalls(callAsMe);

/** What the rest of the house wants to know about actions as they are applied. */
export interface Listeners {
  applied(group: number, actions: readonly Placed[]): void;
  closed(group: number): void;
  /** It is not up to date, and will not be at once: only the server knows what is unread there. */
  late(group: number): void;
}

export class Intake {
  #inboxes = new Map<number, Inbox>();
  #pulls = new Map<number, Promise<void>>();
  #clocks = new Map<number, ReturnType<typeof setTimeout>>();
  /** Brought up to date once there is a connection: nobody looks at them. */
  #lagging = new Set<number>();
  #pullingRest = 0;
  /** Their snapshots have failed to come, or are on their way. */
  #wanted = new Set<number>();
  #fetching = new Map<number, Promise<void>>();
  #wantedClock: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #store: Store;
  #storing: Storing;
  #listeners: Listeners;
  /** Of the database that the server has, as far as is known. */
  epoch: string | null = null;

  constructor(store: Store, listeners: Listeners) {
    this.#store = store;
    this.#storing = new Storing(store);
    this.#listeners = listeners;
  }

  /** What this device holds of this database, and nothing of another; where it is too much the oldest goes. */
  async load(epoch: string | null): Promise<void> {
    this.epoch = epoch;
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

  held(): number[] {
    return [...this.#inboxes.keys()];
  }

  isFetching(group: number): boolean {
    return this.#fetching.has(group);
  }

  /** Whether what is held is there with the next load. */
  get keeps(): boolean {
    return this.#store.keeps;
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
    this.#lagging.delete(group);
    const running = this.#pulls.get(group);
    if (running) return running;
    const pull = this.#pullAll(group).finally(() => this.#pulls.delete(group));
    this.#pulls.set(group, pull);
    return pull;
  }

  /**
   * Pull those groups of which something is held and whose head is further on, and fetch what is still wanted.
   * Resolves when that is done for what is in sight; the others follow once there is a connection.
   */
  async catchUp(heads: Record<string, number>): Promise<void> {
    for (const [key, head] of Object.entries(heads)) {
      const group = Number(key);
      this.#raiseHead(group, head);
      if (house.link !== "live") house.missed.set(group, head);
      const cursor = this.cursor(group);
      if (cursor === null || cursor >= head) continue;
      this.#lagging.add(group);
      if (house.inSight.has(group)) continue;
      if (house.link !== "live" || this.#isFar(group)) this.#listeners.late(group);
    }
    await Promise.all([this.pullInSight(), this.fetchWanted()]);
    this.live();
  }

  /** Whether somebody looks at what is not up to date. */
  get lagsInSight(): boolean {
    return this.#lags().some((group) => house.inSight.has(group));
  }

  async pullInSight(): Promise<void> {
    const groups = this.#lags().filter((group) => house.inSight.has(group));
    await Promise.all(groups.map((group) => this.pull(group)));
  }

  /** Of a group that is held: with a connection it is brought up to date before one looks at it. */
  async pullLagging(group: number): Promise<void> {
    if (house.link === "live")
      await (this.#lags().includes(group) ? this.pull(group) : this.#pulls.get(group));
  }

  /** There is a connection: what nobody looks at is brought up to date, too. */
  live(): void {
    for (const group of this.#lags()) {
      if (house.link !== "live" || this.#pullingRest >= AT_ONCE) return;
      this.#pullingRest++;
      void this.pull(group).finally(() => {
        this.#pullingRest--;
        this.live();
      });
    }
  }

  /** Should it fail, it is fetched again, until it is here or is not for us. */
  async fetchSnapshot(group: number): Promise<void> {
    this.#wanted.add(group);
    try {
      await this.#fetch(group);
    } catch (error) {
      this.#judge(group, error);
      this.#tryLater();
    }
  }

  /** For later: as another tab has stored it, else as the server has it. Raises what the server says. */
  async keep(group: number): Promise<void> {
    const stored = await this.#store.group(group);
    if (this.cursor(group) !== null || !house.entry(group)) return;
    if (stored?.epoch === this.epoch) {
      this.#hold(stored!);
      this.#listeners.applied(group, []);
      return this.pull(group);
    }
    try {
      await this.#fetch(group);
    } catch (error) {
      this.#judge(group, error);
      throw error;
    }
    await this.#storing.now(group);
  }

  async fetchWanted(): Promise<void> {
    const groups = [...this.#wanted].filter((group) => !this.#fetching.has(group));
    await several(
      AT_ONCE,
      () => groups.shift(),
      (group) => this.fetchSnapshot(group),
    );
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
    this.#wanted.delete(group);
    this.#fetching.delete(group);
    this.#inboxes.delete(group);
    this.#lagging.delete(group);
    const state = house.states.get(group);
    house.states.delete(group);
    if (state) avatarsWithout(state);
    void this.#store.dropGroup(group);
  }

  dropAll(): void {
    for (const group of this.held()) this.drop(group);
  }

  storeNow(): void {
    this.#storing.all();
  }

  /** Nothing more of what is held here goes to the disk. */
  forget(): void {
    this.#storing.forget();
  }

  stop(): void {
    this.storeNow();
    clearTimeout(this.#wantedClock);
    this.#wanted.clear();
    this.#fetching.clear();
    this.#lagging.clear();
    for (const clock of this.#clocks.values()) clearTimeout(clock);
    this.#clocks.clear();
  }

  /** One at a time for each group. Raises what the server says. */
  #fetch(group: number): Promise<void> {
    const running = this.#fetching.get(group);
    if (running) return running;
    const awaited = () => this.#fetching.get(group) === fetch;
    const fetch: Promise<void> = this.#fetchNow(group, awaited).finally(() => {
      if (awaited()) this.#fetching.delete(group);
    });
    this.#fetching.set(group, fetch);
    return fetch;
  }

  async #fetchNow(group: number, awaited: () => boolean): Promise<void> {
    const snapshot = await calls.snapshot(group);
    this.#attempt = 0;
    const state = fromSnapshot(snapshot);
    const notices = await this.notices(group, state.window - 1, state.seq);
    if (!awaited()) return; // closed or dropped meanwhile, or nobody is signed in any more
    this.#fetching.delete(group);
    this.#hold({ ...state, notices });
    this.#storing.soon(group);
    this.#listeners.applied(group, []);
    const lacks = (house.heads.get(group) ?? 0) > state.seq; // what was live meanwhile
    if (lacks && !this.#pulls.has(group)) await this.pull(group); // a pull that fetched it goes on by itself
  }

  /** Where nobody looks, a snapshot is less than the log. */
  #isFar(group: number): boolean {
    const lacks = (house.heads.get(group) ?? 0) - (this.cursor(group) ?? 0);
    return lacks > FAR_ACTIONS && !house.inSight.has(group);
  }

  #lags(): number[] {
    return [...this.#lagging].filter((group) => {
      const cursor = this.cursor(group);
      return cursor !== null && cursor < (house.heads.get(group) ?? 0);
    });
  }

  async #pullAll(group: number): Promise<void> {
    for (let inbox = this.#inboxes.get(group); inbox; inbox = this.#inboxes.get(group)) {
      const after = inbox.cursor;
      const page = this.#isFar(group) ? "far" : await this.#page(group, after);
      if (!page) return;
      if (page === "far" || page.from > after + 1) {
        await this.fetchSnapshot(group); // or it was trimmed away under us
        if ((this.cursor(group) ?? 0) <= after) return;
        continue;
      }
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
    this.#storing.soon(group);
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
}
