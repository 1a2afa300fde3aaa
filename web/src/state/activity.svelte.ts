/**
 * What happened to me: as the server told it last, and what was heard of it since. What only the server can say, who
 * reacted and who added me, is asked for again, soon.
 */

import { limits, type ActivityEntry, type ActivityPage, type Me, type Placed } from "../wire/types";
import { awaits, changedBy, entryFor, inPlace, keyOf } from "./activity";
import { reasonFor } from "./failing";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { Meanwhile } from "./meanwhile";
import { quiet } from "./quiet.svelte";
import type { Store } from "./store";

const SOON_MS = 400;
/** So that not all devices ask at once when a server has come back. */
const LIVE_MS_MAX = 2_000;
const OWN_MAX = 500;
const KEPT_MAX = 50;

class Activity {
  /** The newest first; those of groups that are not for us any more are left out. */
  readonly entries: readonly ActivityEntry[] = $derived.by(() =>
    this.#all.filter((entry) => house.entry(entry.group) && awaits(entry, Date.now())),
  );
  more = $state(false);
  loading = $state(false);
  error = $state("");
  #all = $state.raw<readonly ActivityEntry[]>([]);
  /** Something is known of it, now or from before. */
  #known = $state(false);
  #seen = $state("");
  #cursor: string | null = null;
  /** Told to the server when there is a connection again. */
  #untold = "";
  /** Ids of my own messages in rooms that are not held here. */
  #own = new Set<string>();
  #meanwhile = new Meanwhile<{ group: number; actions: readonly Placed[] }>();
  #store: Store | null = null;
  #clock: ReturnType<typeof setTimeout> | undefined;

  /** What is new on the screen: not looked at, and not read where it stands. */
  isNew(entry: ActivityEntry, seen: string = this.#seen): boolean {
    const { kind, group, seq, at, by } = entry;
    if (at <= seen) return false;
    if (kind !== "mention" && kind !== "reply" && kind !== "event") return true;
    if ((house.reads.get(group) ?? 0) >= seq || quiet.levelIn(group) === "nothing") return false;
    return !by.some((one) => house.me?.blocked.includes(one.user));
  }

  readonly unseen: number = $derived.by(() => {
    const known = this.#known ? this.entries.filter((entry) => this.isNew(entry)).length : null;
    return Math.min(known ?? (house.me?.activity_unseen || 0), limits.ACTIVITY_UNSEEN_MAX);
  });

  get known(): boolean {
    return this.#known;
  }

  get seen(): string {
    return this.#seen;
  }

  /** With what this device holds of it. */
  async begin(store: Store): Promise<void> {
    this.end();
    const kept = await store.activity();
    this.#store = store;
    if (!kept) return;
    this.#all = kept.entries;
    this.#known = true;
    this.moved(kept.seen);
  }

  end(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    this.#store = null;
    this.forget();
    this.loading = false;
    this.error = "";
    this.#own.clear();
  }

  /** The database is another one than we knew: what is held may never have happened. */
  forget(): void {
    this.#all = [];
    this.#known = this.more = false;
    this.#seen = this.#untold = "";
    this.#cursor = null;
  }

  live(): void {
    this.#soon(Math.random() * LIVE_MS_MAX);
  }

  listed(me: Me): void {
    this.moved(me.activity_seen || "");
  }

  /** Here or on another device. */
  moved(upto: string): void {
    if (upto > this.#seen) this.#seen = upto;
  }

  /** All that is here was looked at. */
  async see(): Promise<void> {
    const newest = this.#all[0]?.at ?? "";
    if (newest > this.#seen) this.#seen = this.#untold = newest;
    const at = this.#untold;
    if (!at) return;
    await calls.seeActivity(at);
    if (this.#untold === at) this.#untold = "";
    this.#keep();
  }

  async load(): Promise<void> {
    await this.#ask(null);
  }

  async further(): Promise<void> {
    if (this.#cursor) await this.#ask(this.#cursor);
  }

  heard(group: number, actions: readonly Placed[]): void {
    this.#meanwhile.happened({ group, actions });
    for (const action of actions) this.#take(group, action);
  }

  async #ask(before: string | null): Promise<void> {
    this.loading = true;
    const store = this.#store;
    try {
      await this.#meanwhile.during(async (since) => {
        const page = await calls.activity(before);
        if (store !== this.#store) return;
        this.#put(page, before);
        for (const { group, actions } of since) for (const action of actions) this.#take(group, action);
      });
      this.error = "";
    } catch (caught) {
      this.error = reasonFor(caught);
    } finally {
      this.loading = false;
    }
  }

  /** What is older than a first page stays, unless that was all. */
  #put(page: ActivityPage, before: string | null): void {
    const last = page.entries.at(-1);
    const held = new Set(page.entries.map(keyOf));
    const older = last && page.cursor ? this.#all.filter((entry) => entry.at < last.at) : [];
    const others = before ? this.#all : older;
    this.#all = inPlace([...page.entries, ...others.filter((entry) => !held.has(keyOf(entry)))]);
    if (before || older.length === 0 || !this.#cursor) this.#cursor = page.cursor ?? null;
    this.more = this.#cursor !== null;
    this.#known = true;
    this.moved(page.seen);
    this.#keep();
  }

  #take(group: number, action: Placed): void {
    if (action.type === "activity_seen") return this.moved(action.upto);
    if (action.type === "added_to_group") return this.#soon(SOON_MS);
    if (action.type === "emote_added" || action.type === "emote_removed") {
      if (action.user !== house.user && this.#isMine(group, action.id)) this.#soon(SOON_MS);
      return;
    }
    if (action.type === "message_posted" && action.author === house.user) return this.#remember(action.id);
    const fresh = entryFor(group, action, (id) => this.#isMine(group, id));
    const known = fresh && this.#all.some((entry) => keyOf(entry) === keyOf(fresh));
    const after = fresh && !known ? inPlace([fresh, ...this.#all]) : changedBy(this.#all, group, action);
    if (after === this.#all) return;
    this.#all = after;
    this.#keep();
  }

  #isMine(group: number, id: string): boolean {
    if (this.#own.has(id) || this.#all.some(({ kind, message }) => kind === "reaction" && message?.id === id))
      return true;
    return house.states.get(group)?.messages.findLast((one) => one.id === id)?.author === house.user;
  }

  #remember(id: string): void {
    this.#own.add(id);
    if (this.#own.size > OWN_MAX) this.#own.delete(this.#own.values().next().value!);
  }

  #soon(inMs: number): void {
    this.#clock ??= setTimeout(() => {
      this.#clock = undefined;
      if (house.link !== "live") return; // going live asks by itself
      if (this.#untold) void this.see().catch(() => undefined);
      void this.load();
    }, inMs);
  }

  #keep(): void {
    void this.#store?.keepActivity({ entries: this.#all.slice(0, KEPT_MAX), seen: this.#seen });
  }
}

export const activity = new Activity();
