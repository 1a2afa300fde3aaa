/** From signing in to signing out: store, link, intake, outbox and pointers, tied together. */

import type { GroupEntry, Placed, ServerFrame, Welcome } from "../wire/types";
import { callAsMe, renewNow } from "./access";
import { activity } from "./activity.svelte";
import { messageOf } from "./apply";
import { Attention } from "./attention";
import { fileCalls } from "../wire/files";
import { Files } from "./files/files";
import { Links } from "./files/links";
import { house } from "./house.svelte";
import { calls, Intake } from "./intake";
import { Keeping } from "./keeping";
import { Link } from "./link";
import { amendList, listFrom } from "./listing";
import { Meanwhile } from "./meanwhile";
import { Presence } from "./presence";
import { Reading } from "./reading";
import { Sending } from "./sending";
import { Soon } from "./soon";
import { Store } from "./store";
import { countOf, sum } from "./unread";

const RELIST_MS_MIN = 2_000;
const RELIST_MS_MAX = 10_000;
/** Everybody who waits for a place asks when one of them goes. */
const SOON_MS_MIN = 200;
const SOON_MS_MAX = 1_200;

interface Unseen {
  group: number;
  actions: readonly Placed[];
}

export class SignedIn {
  readonly store: Store;
  readonly intake: Intake;
  readonly keeping: Keeping;
  readonly files: Files;
  readonly links: Links;
  readonly sending: Sending;
  readonly reading: Reading;
  readonly presence: Presence;
  readonly link: Link;
  #attention = new Attention((there) => (house.attended = there));
  /** Told of every action of a group that is heard: rooms that are read somewhere in their past. */
  readonly heard = new Set<(group: number, actions: readonly Placed[]) => void>();
  #filling: Promise<unknown>[] = [];
  /** Not in the last `welcome`: a token may be older than a club, so the list of clubs decides. */
  #missed = new Set<number>();
  /** The list was asked for because of these, and of their logs up to here. */
  #met = new Map<number, number>();
  /** Lists of clubs are numbered as they are asked for; the youngest that was answered. */
  #asked = 0;
  #answered = 0;
  /** What is counted live while a list is on its way, for each list apart: it may be older than that. */
  #meanwhile = new Meanwhile<Unseen>();
  #listOwed = false;
  /** Set while the list of clubs is owed: no answer came. */
  #relistClock: ReturnType<typeof setTimeout> | undefined;
  #soon = new Soon(
    () => this.refreshMe(),
    () => SOON_MS_MIN + Math.random() * (SOON_MS_MAX - SOON_MS_MIN),
  );
  #onEnded: () => void;

  private constructor(store: Store, onEnded: () => void) {
    this.store = store;
    this.#onEnded = onEnded;
    this.link = new Link({
      hello: () => ({ epoch: this.intake.epoch, cursors: this.intake.epoch ? this.intake.cursors() : {} }),
      welcome: (frame) => this.#welcome(frame),
      frame: (frame) => this.#frame(frame),
      settled: () => this.#settled(),
      live: () => this.#live(),
      lost: () => this.sending.lost(),
      ended: () => this.#onEnded(),
    });
    const send = this.link.send.bind(this.link);
    this.intake = new Intake(store, {
      applied: (group, actions) => this.#applied(group, actions),
      closed: (group) => this.#close(group),
      late: (group) => this.#owe(group),
    });
    this.keeping = new Keeping(this.intake);
    const ofFiles = fileCalls(callAsMe);
    this.links = new Links(ofFiles.links);
    this.files = new Files(store, ofFiles, (group) => this.sending.drain(group));
    this.sending = new Sending(store, send, this.files);
    this.reading = new Reading(send, (read) => void store.keepRead(read));
    this.presence = new Presence(send, this.reading.tellGot);
  }

  /** Opens with what this device holds, at once and offline too; the connection follows. */
  static async begin(user: string, onEnded: () => void): Promise<SignedIn> {
    const me = new SignedIn(await Store.open(user), onEnded);
    house.user = user;
    house.me = await me.store.me();
    const read = await me.store.read();
    for (const entry of house.me?.groups ?? []) me.#count(entry);
    me.reading.restore(read);
    await activity.begin(me.store);
    await me.intake.load(house.me?.epoch ?? null);
    await me.sending.begin();
    await me.files.begin();
    document.addEventListener("visibilitychange", me.#hidden);
    addEventListener("pagehide", me.#hidden);
    addEventListener("pagehide", me.#left);
    house.attended = true;
    me.#attention.start();
    me.link.start();
    return me;
  }

  end(): void {
    document.removeEventListener("visibilitychange", this.#hidden);
    removeEventListener("pagehide", this.#hidden);
    removeEventListener("pagehide", this.#left);
    clearTimeout(this.#relistClock);
    this.#soon.stop();
    this.#attention.stop();
    this.link.stop();
    this.sending.stop();
    this.files.stop();
    this.links.stop();
    this.reading.stop();
    this.presence.stop();
    this.keeping.stop();
    this.intake.stop();
    activity.end();
    this.store.close();
  }

  /** The list of my clubs, anew. */
  async refreshMe(): Promise<void> {
    const asked = ++this.#asked;
    await this.#meanwhile.during(async (since) => {
      const me = await calls.me();
      if (asked < this.#answered) return; // a younger list is here already
      this.#answered = asked;
      house.me = me;
      void this.store.keepMe(me);
      activity.listed(me);
      this.keeping.soon();
      for (const entry of me.groups) this.#count(entry);
      for (const { group, actions } of since) {
        for (const action of actions) amendList(group, action);
        if (!house.states.get(group)) this.#countUnseen(group, actions);
      }
    });
  }

  /** What one needs to show this group; kept from then on by its log. */
  async need(group: number): Promise<void> {
    const around = house.entry(group)?.parent; // a public room's members are its club's, an event's those of its room
    const names = around && house.entry(around) ? this.need(around) : null;
    if (this.intake.cursor(group) !== null) await this.intake.pullLagging(group);
    else await this.intake.fetchSnapshot(group);
    await names;
  }

  #count({ group, head, unread, mentions, read }: GroupEntry): void {
    house.counted.set(group, { at: head, from: read, unread, mentions });
    if (head > (house.heads.get(group) ?? 0)) house.heads.set(group, head);
    this.reading.moved(group, read);
  }

  async #welcome(frame: Welcome): Promise<void> {
    const before = this.intake.epoch;
    const fresh = before !== frame.epoch;
    this.intake.epoch = frame.epoch;
    if (before !== null && fresh) this.#startAfresh();
    this.reading.welcome(frame.read);
    const known = new Set(house.me?.groups.map((entry) => entry.group));
    const gone = frame.more ? [] : [...known].filter((group) => frame.groups[group] === undefined);
    this.#missed = new Set(gone);
    this.#met.clear();
    const news = this.#meet(frame.groups);
    if (fresh || news || gone.length > 0 || !house.me) this.#fill(this.#relist());
    for (const [group, head] of Object.entries(frame.groups)) {
      house.heads.set(Number(group), Math.max(head, house.heads.get(Number(group)) ?? 0));
    }
  }

  /**
   * The database is another one than we knew (L6): what is held may never have happened. All devices hear of it at
   * once, so only what is in sight is fetched now; the rest comes as to a new device.
   */
  #startAfresh(): void {
    const held = this.intake.held().filter((group) => house.inSight.has(group));
    this.intake.dropAll();
    this.sending.doubt();
    this.reading.forget();
    activity.forget();
    house.heads.clear();
    house.counted.clear();
    house.lasts.clear();
    for (const group of held) this.#fill(this.intake.fetchSnapshot(group));
  }

  #frame(frame: ServerFrame): void {
    switch (frame.type) {
      case "actions":
        if (this.#meet({ [frame.group]: frame.from - 1 })) void this.#relist();
        return this.intake.take(frame.group, frame);
      case "behind":
      case "pong":
        if (this.#meet(frame.heads)) void this.#relist();
        return this.#fill(this.intake.catchUp(frame.heads));
      case "reset":
        return this.#reset(frame.group, frame.why === "closed");
      case "ack":
        return this.sending.ack(frame);
      case "error":
        return frame.id ? this.sending.refused(frame) : undefined;
      case "signal":
        if (frame.kind === "read")
          return this.reading.moved(frame.group, frame.seq ?? 0, frame.back ?? false);
        return this.presence.signal(frame);
    }
  }

  #reset(group: number, closed: boolean): void {
    if (closed) return this.#close(group);
    const asked = this.intake.isFetching(group);
    const held = this.intake.cursor(group) !== null;
    this.intake.drop(group);
    if (asked || (held && house.inSight.has(group))) return this.#fill(this.intake.fetchSnapshot(group));
    if (!held) return;
    this.#owe(group);
    this.keeping.soon();
  }

  /** Nobody looks at it, and what is held here ends too early to count by: the list says what is unread. */
  #owe(group: number): void {
    this.#met.set(group, house.heads.get(group) ?? 0);
    if (this.#listOwed) return;
    this.#listOwed = true;
    if (house.link === "live") queueMicrotask(() => void this.#payList());
  }

  async #payList(): Promise<void> {
    if (!this.#listOwed) return;
    this.#listOwed = false;
    await this.#relist();
  }

  /** Until this is done the connection does not count as back. */
  #fill(work: Promise<unknown>): void {
    const quiet = work.catch(() => undefined);
    if (house.link !== "live") this.#filling.push(quiet);
  }

  async #settled(): Promise<void> {
    this.#fill(this.#payList());
    while (this.#filling.length > 0 || this.intake.lagsInSight) {
      await Promise.all([...this.#filling.splice(0), this.intake.pullInSight()]);
    }
    const own = house.notes;
    if (own) await this.need(own.group).catch(() => undefined);
  }

  #live(): void {
    house.lastHeard = null;
    this.presence.live();
    activity.live();
    this.reading.tell();
    void this.sending.drainAll();
    this.files.resume();
    this.links.retry();
    void this.intake.fetchWanted();
    this.intake.live();
    this.keeping.live();
    void this.#payList();
    if (this.#relistClock !== undefined) void this.#relist();
    else this.#nameMissed();
    for (const [group, state] of house.states) this.reading.got(group, state.seq);
  }

  #applied(group: number, actions: readonly Placed[]): void {
    house.lastHeard = Date.now();
    const posted = new Map<string, number>();
    for (const action of actions) {
      if (action.type === "message_posted") {
        posted.set(action.id, action.seq);
        if (house.entry(group)?.kind === "dm") house.lasts.set(group, Date.parse(action.at));
        this.presence.posted(group, action.author);
      }
      if (action.type === "added_to_group" && !house.entry(action.group)) void this.#added();
      if (action.type === "removed_from_group") this.#close(action.group);
      const owed = amendList(group, action);
      if (owed === "soon") this.#soon.ask();
      else if (owed) void this.refreshMe().catch(() => undefined);
    }
    const state = house.states.get(group);
    if (actions.length === 0 && state) listFrom(state);
    if (actions.some((action) => action.type === "club_deleted")) return this.#close(group);
    const out = actions.some((action) => action.type === "member_removed" && action.user === house.user);
    if (state?.members.get(house.user)?.left || (out && !state)) return this.#close(group);
    activity.heard(group, actions);
    for (const heard of this.heard) heard(group, actions);
    this.#meanwhile.happened({ group, actions });
    if (state) this.reading.got(group, state.seq);
    else this.#countUnseen(group, actions);
    if (actions.length === 0)
      for (const message of state?.messages ?? []) posted.set(message.id, message.seq);
    this.sending.confirmed(group, posted, state?.seq ?? 0);
  }

  /** Live in a club that was never opened here: counted, not kept. */
  #countUnseen(group: number, actions: readonly Placed[]): void {
    const counted = house.counted.get(group);
    const last = actions.at(-1);
    if (!counted || !last || last.seq <= counted.at) return;
    const fresh = actions.filter((action) => action.type === "message_posted" && action.seq > counted.at);
    const messages = fresh.flatMap((action) =>
      action.type === "message_posted" ? [messageOf(group, action)] : [],
    );
    const since = countOf(messages, counted.at, house.user, house.myLabels(group));
    const read = (house.reads.get(group) ?? 0) >= counted.at; // meanwhile, on another device
    house.counted.set(group, { at: last.seq, ...(read ? since : sum(counted, since)) });
    this.reading.got(group, last.seq);
  }

  async #added(): Promise<void> {
    await renewNow().catch(() => undefined);
    await this.#relist();
  }

  /**
   * Whether the list has to be asked for, once for each: it lacks a group that has something to say, or its count
   * of one that is not held here ends before what was said there.
   */
  #meet(heads: Record<string, number>): boolean {
    const news = Object.entries(heads).filter(([key, head]) => {
      const group = Number(key);
      if (!house.entry(group)) return !this.#met.has(group);
      const told = Math.max(house.counted.get(group)?.at ?? 0, this.#met.get(group) ?? 0);
      return this.intake.cursor(group) === null && head > told;
    });
    for (const [key, head] of news) this.#met.set(Number(key), head);
    return news.length > 0;
  }

  /** The list of my clubs anew, as often as it takes; what it does not name any more is closed. */
  async #relist(): Promise<void> {
    clearTimeout(this.#relistClock);
    this.#relistClock = undefined;
    try {
      await this.refreshMe();
    } catch {
      const again = () => void (house.link === "live" && this.#relist());
      this.#relistClock = setTimeout(again, RELIST_MS_MIN + Math.random() * (RELIST_MS_MAX - RELIST_MS_MIN));
      return;
    }
    for (const group of this.#missed) {
      if (house.entry(group)) continue;
      this.#missed.delete(group);
      this.#close(group);
    }
    if (house.link === "live") this.#nameMissed();
  }

  /** What is left of them is ours: a newer token lets the socket into their rooms. */
  #nameMissed(): void {
    if (this.#missed.size > 0) void renewNow().catch(() => undefined);
    this.#missed.clear();
  }

  /** With a club its rooms close, with a room its events. */
  #close(group: number): void {
    const closed = [group];
    for (const one of closed) {
      const below = house.me?.groups.filter((entry) => entry.parent === one && entry.kind !== "admins") ?? [];
      closed.push(...below.map((entry) => entry.group));
    }
    for (const one of closed) {
      this.intake.drop(one);
      house.old.delete(one);
    }
    if (!house.me?.groups.some((entry) => closed.includes(entry.group))) return;
    house.me = { ...house.me, groups: house.me.groups.filter((entry) => !closed.includes(entry.group)) };
    void this.store.keepMe(house.me);
  }

  #left = (): void => this.sending.leave();

  #hidden = (): void => {
    house.pageVisible = !document.hidden;
    if (!document.hidden) return this.keeping.seen();
    this.reading.tell();
    this.intake.storeNow();
  };
}
