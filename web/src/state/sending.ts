/** The outbox at work: one message in flight per group, across all tabs, until each is confirmed or refused. */

import { Refused } from "../wire/http";
import type { Ack, ClientFrame, Error as ErrorFrame, PutMessage } from "../wire/types";
import { uuid7 } from "../wire/uuid7";
import type { Files } from "./files/files";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { keepLeft, takeLeft } from "./left";
import { oneAtATime } from "./locks";
import { afterRestart, answered, inOrder, isKept, nextToSend, type Answer, type Outgoing } from "./outbox";
import type { Store } from "./store";

const ANSWER_WITHIN_MS = 10_000;
const RETRY_MS = 3_000;

/** Refused for what it says, or for who says it: its files are there. */
const OF_ITS_WORDS: ReadonlySet<string> = new Set(["invalid_text", "text_too_long", "forbidden"]);

/** Half a surrogate pair, which no message may hold; `toWellFormed` is younger than our browsers. */
const HALF = /\p{Surrogate}/gu;

export class Sending {
  #store: Store;
  #send: (frame: ClientFrame) => boolean;
  #files: Files | null;
  #channel = new BroadcastChannel("clubroom-outbox");
  #awaited = new Map<string, (answer: Answer & { retryMs?: number | null }) => void>();
  #draining = new Set<number>();
  /** Asked for while it was under way: it may have looked already. */
  #askedAgain = new Set<number>();
  /** The disk has nothing of these, or an older state (it was full, or there is none): this tab's memory decides. */
  #unstored = new Set<string>();
  #retries = new Map<number, ReturnType<typeof setTimeout>>();
  #stopped = false;
  /** The server asked for a pause: nothing goes out before, whatever is written meanwhile. */
  #pausedUntil = 0;

  constructor(store: Store, send: (frame: ClientFrame) => boolean, files: Files | null = null) {
    this.#store = store;
    this.#send = send;
    this.#files = files;
    this.#channel.onmessage = () => void this.load().then(() => this.#seeToAll());
  }

  /** First what the page before left without knowing that it is on the disk. The same id is never sent for two. */
  async begin(): Promise<void> {
    const left = takeLeft(house.user);
    if (left.length > 0) {
      const stored = new Set((await this.#store.outbox())?.map((item) => item.id));
      for (const item of left) if (!stored.has(item.id)) await this.#store.keepOutgoing(item);
    }
    await this.load();
  }

  /** The page may be gone in a moment. */
  leave(): void {
    const unsure = house.outbox.filter((item) => this.#unstored.has(item.id));
    keepLeft(house.user, unsure);
  }

  /** As the disk has it, where other tabs write too. */
  async load(): Promise<void> {
    let before: readonly Outgoing[];
    let stored: Outgoing[] | null;
    do {
      before = house.outbox;
      stored = await this.#store.outbox();
    } while (before !== house.outbox && !this.#stopped); // written here meanwhile: read again
    if (!stored || this.#stopped) return;
    const mine = new Map(before.map((item) => [item.id, item]));
    const held = this.#upToDate(stored).map((item) => {
      const known = mine.get(item.id);
      return known && this.#awaited.has(item.id) ? known : afterRestart(item);
    });
    const onlyHere = before.filter((item) => item.state === "sent" || this.#unstored.has(item.id));
    const all = inOrder(new Map([...held, ...onlyHere].map((item) => [item.id, item])).values());
    house.outbox = all.filter((item) => !isKept(item, house.states.get(item.group)?.seq ?? 0));
  }

  /** Shown at once, kept on this device, sent when its turn comes. */
  async post(group: number, text: string, replyTo?: string, files: readonly string[] = []): Promise<void> {
    const now = new Date();
    const last = Math.max(0, ...house.outbox.map((item) => item.order));
    const item: Outgoing = {
      id: uuid7(now.getTime()),
      group,
      text: text.replace(HALF, "\ufffd"),
      order: Math.max(now.getTime(), last + 1),
      writtenAt: now.toISOString(),
      state: "waiting",
      ...(replyTo ? { replyTo } : {}),
      ...(files.length > 0 ? { files } : {}),
    };
    house.outbox = [...house.outbox, item];
    const stored = this.#toDisk(item);
    this.#tellTabs(); // this page may be left at any moment
    await stored;
    await this.#files?.claim(files, item.id);
    this.#tellTabs();
    this.drain(group);
  }

  /** Again with the same id: should it have arrived after all, it is not stored twice. */
  async retry(id: string): Promise<void> {
    const item = this.#find(id);
    if (!item) return;
    const lost = item.code !== undefined && !OF_ITS_WORDS.has(item.code);
    for (const key of item.files ?? []) await this.#files?.again(key, lost);
    await this.#keep({ ...item, state: "waiting", code: undefined });
    this.drain(item.group);
  }

  async remove(id: string): Promise<void> {
    for (const key of this.#find(id)?.files ?? []) await this.#files?.drop(key);
    house.outbox = house.outbox.filter((item) => item.id !== id);
    await this.#fromDisk(id);
    this.#tellTabs();
  }

  /**
   * The log has brought these, by id and place, and all that stands up to `upTo`: they are sent, whatever we had
   * heard. From the disk they go when it has this part of the log.
   */
  confirmed(group: number, placed: ReadonlyMap<string, number>, upTo: number): void {
    const here = house.outbox.filter(
      (item) => item.group === group && (placed.has(item.id) || isKept(item, upTo)),
    );
    if (here.length === 0) return;
    house.outbox = house.outbox.filter((item) => !here.includes(item));
    for (const item of here) {
      const seq = placed.get(item.id);
      if (seq === undefined) continue;
      this.#awaited.get(item.id)?.({ kind: "sent", seq });
      void this.#toDisk(answered(item, { kind: "sent", seq }));
    }
    for (const item of here) this.#files?.sent(item.files ?? []);
  }

  /** The server's database is an older one: what it had confirmed may never have happened, and goes out again. */
  doubt(): void {
    const doubted = house.outbox.filter((item) => item.state === "sent");
    for (const id of this.#unstored) if (!this.#find(id)) this.#unstored.delete(id); // the disk's goes out again
    for (const item of doubted) void this.#keep({ ...item, state: "unconfirmed", seq: undefined });
  }

  /** Also one that comes when it is not waited for any more: on a slow line each may be late. */
  ack(frame: Ack): void {
    const answer = { kind: "sent", seq: frame.seq } as const;
    const settle = this.#awaited.get(frame.id);
    const item = this.#find(frame.id);
    if (settle) settle(answer);
    else if (item) void this.#keep(answered(item, answer));
  }

  refused(frame: ErrorFrame): void {
    const code = frame.code as never;
    const passing = ["rate_limited", "unavailable", "internal", "unauthorized"].includes(frame.code);
    this.#awaited.get(frame.id ?? "")?.({ kind: "refused", code, passing, retryMs: frame.retry_ms });
  }

  lost(): void {
    for (const settle of [...this.#awaited.values()]) settle({ kind: "silence" });
  }

  /** All that is here or on the disk, where a tab that is gone may have left something. */
  async drainAll(): Promise<void> {
    await this.load();
    for (const group of new Set(house.outbox.map((item) => item.group))) this.drain(group);
  }

  drain(group: number): void {
    if (this.#stopped) return;
    const pause = this.#pausedUntil - performance.now();
    if (pause > 0) return this.#later(group, pause);
    if (this.#draining.has(group)) return void this.#askedAgain.add(group);
    this.#draining.add(group);
    void oneAtATime(`clubroom-outbox-${house.user}-${group}`, () => this.#drainNow(group)).finally(() => {
      this.#draining.delete(group);
      if (this.#askedAgain.delete(group)) this.drain(group);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.lost();
    for (const clock of this.#retries.values()) clearTimeout(clock);
    this.#channel.close();
  }

  async #drainNow(group: number): Promise<void> {
    while (!this.#stopped) {
      if (house.link !== "live") return;
      const item = nextToSend(await this.#queue(group), group, (one) => this.#hasFiles(one));
      if (!item) return;
      if (!this.#find(item.id)) await this.load(); // another tab's: shown and kept like any other
      if (!this.#find(item.id)) return this.#later(group, RETRY_MS);
      const answer = await this.#deliver(item);
      await this.#keep(answered({ ...item, state: "sending" }, answer));
      if (answer.kind === "refused" && answer.passing) {
        this.#pausedUntil = performance.now() + (answer.retryMs ?? RETRY_MS);
        return this.drain(group);
      }
      if (answer.kind === "silence") return this.#later(group, RETRY_MS);
    }
  }

  /** What the disk says: another tab may have sent it while this one waited for its turn. */
  async #queue(group: number): Promise<Outgoing[]> {
    const stored = await this.#store.outboxOf(group);
    const here = house.outbox.filter((item) => item.group === group);
    if (!stored) return here;
    return [...this.#upToDate(stored), ...here.filter((item) => this.#unstored.has(item.id))].map(
      afterRestart,
    );
  }

  async #deliver(item: Outgoing): Promise<Answer & { retryMs?: number | null }> {
    await this.#keep({ ...item, state: "sending" });
    const heard = new Promise<Answer & { retryMs?: number | null }>((resolve) => {
      this.#awaited.set(item.id, resolve);
      setTimeout(() => resolve({ kind: "silence" }), ANSWER_WITHIN_MS);
    });
    const out = this.#send({ type: "post", id: item.id, ...this.#said(item) }) ? heard : this.#put(item);
    const answer = await out;
    this.#awaited.delete(item.id);
    return answer;
  }

  async #put(item: Outgoing): Promise<Answer & { retryMs?: number | null }> {
    try {
      const { seq } = await calls.post(item.id, this.#said(item));
      return { kind: "sent", seq };
    } catch (error) {
      if (!(error instanceof Refused)) return { kind: "silence" };
      return { kind: "refused", code: error.code, passing: error.passing, retryMs: error.retryMs };
    }
  }

  #said({ group, text, replyTo, files = [] }: Outgoing): PutMessage {
    const images = this.#files?.named(files) ?? [];
    return {
      group,
      text,
      ...(replyTo ? { reply_to: replyTo } : {}),
      ...(images.length > 0 ? { images } : {}),
    };
  }

  #hasFiles({ files = [] }: Outgoing): boolean {
    return files.length === 0 || (this.#files?.ready(files) ?? false);
  }

  async #keep(item: Outgoing): Promise<void> {
    const known = this.#find(item.id);
    const shown = house.states.get(item.group)?.messages.find((message) => message.id === item.id);
    if (shown) {
      item = answered(item, { kind: "sent", seq: shown.seq });
      house.outbox = house.outbox.filter((held) => held.id !== item.id);
    } else house.outbox = house.outbox.map((held) => (held.id === item.id ? item : held));
    if (known || item.state === "sent") await this.#toDisk(item);
    if (item.state === "sent" || item.state === "failed") this.#tellTabs();
  }

  async #toDisk(item: Outgoing): Promise<void> {
    this.#unstored.add(item.id);
    if (await this.#store.keepOutgoing(item)) this.#unstored.delete(item.id);
    else this.#unstored.add(item.id); // an earlier one has come through meanwhile
  }

  #upToDate(stored: readonly Outgoing[]): Outgoing[] {
    return stored.filter((item) => !this.#unstored.has(item.id));
  }

  async #fromDisk(id: string): Promise<void> {
    this.#unstored.delete(id);
    await this.#store.dropOutgoing(id);
  }

  #tellTabs(): void {
    if (!this.#stopped) this.#channel.postMessage("changed");
  }

  /** Another tab has written something. It sends it itself, unless it is closed, or has no connection. */
  #seeToAll(): void {
    const waiting = house.outbox.filter((item) => item.state === "waiting" || item.state === "unconfirmed");
    if (!this.#stopped) for (const { group } of waiting) this.#later(group, RETRY_MS);
  }

  #later(group: number, inMs: number): void {
    clearTimeout(this.#retries.get(group));
    this.#retries.set(
      group,
      setTimeout(() => this.drain(group), inMs),
    );
  }

  #find(id: string): Outgoing | undefined {
    return house.outbox.find((item) => item.id === id);
  }
}
