/** Files of one's own, from the pick until their message is in the log: made smaller, kept, uploaded, looked at. */

import { backoffMs } from "../../wire/closing";
import type { FileCalls } from "../../wire/files";
import { Refused } from "../../wire/http";
import { uuid7 } from "../../wire/uuid7";
import { house } from "../house.svelte";
import { oneAtATime } from "../locks";
import type { Store } from "../store";
import { chosen, IMAGE_BYTES_MAX, shownName, surely } from "./choosing";
import { forgetAllLocal, forgetLocal, renamedLocal } from "./local";
import {
  afterRestart,
  byOrder,
  foundReady,
  notPicked,
  type FileTrouble,
  type NotPicked,
  type OutFile,
} from "./outFile";
import { put, type Put } from "./put";
import { Ahead } from "./room";
import { scaled, type Scaled } from "./scaling";
import type { File as WireFile, NewImage } from "../../wire/types";

/** So many at once: more only share the line. */
const AT_ONCE_MAX = 2;
const CUT_MS_MIN = 1_000;
const LOOK_MS_MIN = 250;
const LOOK_MS_MAX = 5_000;
/** So often the bytes are sent anew where the store or the server says that they are not there. */
const NOT_UPLOADED_MAX = 4;

/** How it is done; tests do it otherwise. */
export interface How {
  put: Put;
  scaled: (blob: Blob) => Promise<Scaled>;
  pause: (ms: number) => Promise<void>;
}

const REALLY: How = { put, scaled, pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

export class Files {
  #store: Store;
  #calls: FileCalls;
  #changed: (group: number) => void;
  #how: How;
  #ahead: Ahead;
  #channel = new BroadcastChannel("clubroom-files");
  /** What is at work, by key; aborted by whoever cancels. */
  #work = new Map<string, AbortController>();
  /** The disk has nothing of these, or an older state: this tab's memory decides. */
  #unstored = new Set<string>();
  #turns: (() => void)[] = [];
  #busy = 0;
  /** Whoever pauses after a cut goes on when one of these is called. */
  #wakes = new Set<() => void>();
  #stopped = false;

  constructor(
    store: Store,
    calls: FileCalls,
    changed: (group: number) => void = () => undefined,
    how: Partial<How> = {},
  ) {
    this.#store = store;
    this.#calls = calls;
    this.#changed = changed;
    this.#how = { ...REALLY, ...how };
    this.#ahead = new Ahead(calls.filesRoom);
    this.#channel.onmessage = () => void this.load();
  }

  /** After the outbox: what no message and no tray needs any more goes. */
  async begin(): Promise<void> {
    await this.load();
    const outbox = await this.#store.outbox(); // read after them: a message is on the disk before its files are its own
    const messages = new Set((outbox ?? house.outbox).map((item) => item.id));
    for (const file of [...house.files.values()]) {
      if (file.message === null || messages.has(file.message)) continue;
      house.files.delete(file.key);
      await this.#store.dropFile(file.key);
    }
    this.resume();
  }

  /** As the disk has it, where other tabs write too. */
  async load(): Promise<void> {
    const stored = await this.#store.files();
    if (!stored || this.#stopped) return;
    const kept = new Set(stored.map((file) => file.key));
    const ours = (key: string) => this.#work.has(key) || this.#unstored.has(key);
    for (const { key } of house.files.values()) if (!kept.has(key) && !ours(key)) house.files.delete(key);
    for (const file of stored) if (!ours(file.key)) house.files.set(file.key, afterRestart(file));
    for (const group of new Set(stored.map((file) => file.group))) this.#changed(group);
  }

  /** There is a connection (again), or somebody does not want to wait. */
  resume(): void {
    for (const wake of [...this.#wakes]) wake();
    for (const file of house.files.values()) if (file.state === "waiting") void this.#bring(file.key);
  }

  stop(): void {
    this.#stopped = true;
    for (const work of this.#work.values()) work.abort();
    for (const wake of [...this.#wakes]) wake();
    this.#channel.close();
    forgetAllLocal();
  }

  /** What lies over the box of this room. */
  tray(group: number): OutFile[] {
    const sent = new Set(house.outbox.flatMap((item) => item.files ?? []));
    const lying = [...house.files.values()].filter(
      (file) => file.group === group && file.message === null && !sent.has(file.key),
    );
    return lying.sort(byOrder);
  }

  /** Somebody is about to choose: how much there is room for is known by then. */
  lookAhead = (group: number): Promise<void> => this.#ahead.look(group);

  /** Shown at once. Gives what cannot be sent, and why; `left` = so many bytes could be. */
  async pick(group: number, picked: readonly File[]): Promise<NotPicked[]> {
    const refused: NotPicked[] = [];
    const begun: OutFile[] = [];
    let order = Math.max(Date.now(), ...this.tray(group).map((file) => file.order + 1));
    for (const file of picked) {
      const left = this.#ahead.left(group);
      const is = chosen(file, this.tray(group).length, left);
      if ("refused" in is) refused.push(notPicked(file.name, is.refused, left));
      else {
        this.#ahead.takes(group, surely(is, file.size));
        begun.push(this.#begun(group, file, is, order++));
      }
    }
    await Promise.all(begun.map((file) => this.#prepare(file)));
    return refused;
  }

  async describe(key: string, alt: string): Promise<void> {
    await this.#change(key, { alt });
  }

  /** Once more, under another id: the server has closed with the first one. `lost` = also where it was ready. */
  async again(key: string, lost = false): Promise<void> {
    const file = house.files.get(key);
    if (file?.state === "cut") return this.resume();
    if (file?.state !== "failed" && !(lost && file?.state === "ready")) return;
    const id = uuid7();
    renamedLocal(file.id, id);
    void this.#calls.cancel(file.id).catch(() => undefined); // else swept within a day
    await this.#change(key, { id, state: "waiting", why: null });
    void this.#bring(key);
  }

  async drop(key: string): Promise<void> {
    const file = house.files.get(key);
    if (!file) return;
    this.#work.get(key)?.abort();
    this.#forget(file);
    forgetLocal(file.id);
    await this.#store.dropFile(key);
    this.#tellTabs();
    if (file.state !== "preparing") void this.#calls.cancel(file.id).catch(() => undefined);
  }

  /** From here on they belong to a message, which is on the disk already. */
  async claim(keys: readonly string[], message: string): Promise<void> {
    await Promise.all(keys.map((key) => this.#change(key, { message })));
  }

  /** The log has their message. From the disk they go with it. */
  sent(keys: readonly string[]): void {
    for (const key of keys) {
      const file = house.files.get(key);
      if (file) this.#forget(file);
    }
  }

  ready(keys: readonly string[]): boolean {
    return keys.every((key) => house.files.get(key)?.state === "ready");
  }

  /** As the message names them. */
  named(keys: readonly string[]): NewImage[] {
    return keys.flatMap((key) => {
      const file = house.files.get(key);
      return file ? [{ id: file.id, alt: file.alt.trim() }] : [];
    });
  }

  #begun(group: number, file: File, is: Pick<OutFile, "kind" | "type">, order: number): OutFile {
    const key = uuid7();
    const begun: OutFile = {
      ...is,
      key,
      id: key,
      group,
      message: null,
      order,
      name: shownName(file.name),
      alt: "",
      blob: file,
      width: 0,
      height: 0,
      placeholder: "",
      state: "preparing",
      why: null,
    };
    this.#unstored.add(key);
    house.files.set(key, begun);
    return begun;
  }

  async #prepare({ key, kind, blob, type }: OutFile): Promise<void> {
    const right = blob.type === type ? blob : blob.slice(0, blob.size, type);
    const made = kind === "image" ? await this.#how.scaled(right).catch(() => null) : { blob: right };
    if (!house.files.has(key) || this.#stopped) return;
    if (!made) return this.#change(key, { state: "failed", why: "broken" });
    const change = { ...made, type: made.blob.type || type };
    if (kind === "image" && made.blob.size > IMAGE_BYTES_MAX) {
      return this.#change(key, { ...change, state: "failed", why: "file_too_large" });
    }
    await this.#change(key, { ...change, state: "waiting" });
    this.#tellTabs();
    void this.#bring(key);
  }

  async #bring(key: string): Promise<void> {
    if (this.#stopped || this.#work.has(key)) return;
    const work = new AbortController();
    this.#work.set(key, work);
    try {
      await oneAtATime(`clubroom-file-${key}`, () => this.#inTurn(() => this.#tryLong(key, work.signal)));
    } finally {
      this.#work.delete(key);
      house.progress.delete(key);
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    if (this.#busy >= AT_ONCE_MAX) await new Promise<void>((resolve) => this.#turns.push(resolve));
    this.#busy += 1;
    try {
      await work();
    } finally {
      this.#busy -= 1;
      this.#turns.shift()?.();
    }
  }

  /** Until it is ready, or is refused for good. */
  async #tryLong(key: string, signal: AbortSignal): Promise<void> {
    if (!(await this.#stillOurs(key))) return;
    let absent = 0;
    for (let attempt = 0; !signal.aborted && house.files.has(key); attempt++) {
      try {
        return await this.#once(house.files.get(key)!, signal);
      } catch (error) {
        if (signal.aborted) return;
        const code = error instanceof Refused ? (error.code as FileTrouble) : null;
        if (code === "not_uploaded") absent += 1;
        if (absent > NOT_UPLOADED_MAX || (error instanceof Refused && !isPassing(error, code))) {
          return this.#change(key, { state: "failed", why: code === "not_found" ? "gone" : code });
        }
        this.#show(key, { state: "cut" });
        const asked = error instanceof Refused ? (error.retryMs ?? 0) : 0;
        await this.#cutFor(Math.max(CUT_MS_MIN, asked, backoffMs(attempt)));
      }
    }
  }

  /** Another tab may have brought it, or taken it away, while this one waited for its turn. */
  async #stillOurs(key: string): Promise<boolean> {
    if (this.#unstored.has(key)) return house.files.has(key);
    const kept = await this.#store.file(key);
    if (kept?.state === "ready" || kept?.state === "failed") house.files.set(key, kept);
    return kept !== null && kept.state === "waiting" && house.files.has(key);
  }

  async #once(file: OutFile, signal: AbortSignal): Promise<void> {
    const { key, id, type, name, group, blob } = file;
    this.#show(key, { state: "uploading" });
    let found = await this.#calls.ask({ id, purpose: "message", type, length: blob.size, name, group });
    if (found.state === "asked" && found.upload) {
      await this.#how.put(found.upload, blob, (share) => house.progress.set(key, share), signal);
      found = await this.#calls.uploaded(id);
    }
    this.#show(key, { state: "looking" });
    for (
      let ms = LOOK_MS_MIN;
      found.state === "uploaded" && !signal.aborted;
      ms = Math.min(LOOK_MS_MAX, ms * 1.5)
    ) {
      await this.#how.pause(ms);
      found = await this.#calls.file(id);
    }
    if (!signal.aborted) await this.#settle(key, found);
  }

  async #settle(key: string, found: WireFile): Promise<void> {
    const file = house.files.get(key);
    if (!file) return;
    const why = found.state === "refused" ? (found.refused as FileTrouble) : "gone";
    await this.#change(key, found.state === "ready" ? foundReady(file, found) : { state: "failed", why });
    this.#tellTabs();
  }

  #cutFor(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakes.delete(wake);
        resolve();
      };
      this.#wakes.add(wake);
      void this.#how.pause(ms).then(wake);
    });
  }

  /** On the screen alone. */
  #show(key: string, change: Partial<OutFile>): void {
    const file = house.files.get(key);
    if (file) house.files.set(key, { ...file, ...change });
  }

  async #change(key: string, change: Partial<OutFile>): Promise<void> {
    this.#show(key, change);
    const file = house.files.get(key);
    if (!file) return;
    this.#unstored.add(key);
    const kept = file.state === "preparing" ? false : await this.#store.keepFile(afterRestart(file));
    if (kept) this.#unstored.delete(key);
    if (kept && !house.files.has(key)) await this.#store.dropFile(key); // cancelled meanwhile
    this.#changed(file.group);
  }

  #forget({ key, group }: OutFile): void {
    house.files.delete(key);
    house.progress.delete(key);
    this.#unstored.delete(key);
    this.#changed(group);
  }

  #tellTabs(): void {
    if (!this.#stopped) this.#channel.postMessage("changed");
  }
}

/** It may well be taken a little later. */
function isPassing(error: Refused, code: FileTrouble | null): boolean {
  return error.passing || code === "not_uploaded" || code === "uploads_open";
}
