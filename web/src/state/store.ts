/** What stays on this device, per person, in IndexedDB: groups with their last messages, and the outbox. */

import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from "idb";
import type { ActivityEntry, Me } from "../wire/types";
import { trimmed, type GroupState } from "./apply";
import type { OutFile } from "./files/outFile";
import { isKept, type Outgoing } from "./outbox";
import type { Read } from "./reading";
import type { KeptDoor, Tick } from "./ticks";

/** Of each group; of all of them together: `kept.ts`. */
export const STORED_MESSAGES_MAX = 200;
const VERSION = 5;

/** What happened to me, as it was known last. */
export interface KeptActivity {
  entries: readonly ActivityEntry[];
  seen: string;
}

interface Schema extends DBSchema {
  groups: { key: number; value: GroupState };
  outbox: { key: string; value: Outgoing; indexes: { group: number } };
  about: { key: string; value: unknown };
  ticks: { key: [string, string, string]; value: Tick };
  files: { key: string; value: OutFile };
}

type Held = ("groups" | "outbox" | "files")[];
type OutboxStore = IDBPObjectStore<Schema, Held, "outbox", "readwrite">;
type FileStore = IDBPObjectStore<Schema, Held, "files", "readwrite">;

async function dropKept(outbox: OutboxStore, files: FileStore, group: number, upTo: number): Promise<void> {
  for (const item of await outbox.index("group").getAll(group)) {
    if (!isKept(item, upTo)) continue;
    await outbox.delete(item.id);
    for (const key of item.files ?? []) await files.delete(key);
  }
}

const nameFor = (user: string) => `clubroom-${user}`;

export class Store {
  #db: IDBPDatabase<Schema> | null;
  #full = false;

  private constructor(db: IDBPDatabase<Schema> | null) {
    this.#db = db;
  }

  /** Without IndexedDB (some private windows) everything still works, but nothing survives a reload. */
  static async open(user: string): Promise<Store> {
    try {
      const db = await openDB<Schema>(nameFor(user), VERSION, {
        upgrade(db, before, _now, tx) {
          if (before < 3) db.createObjectStore("ticks", { keyPath: ["event", "key", "user"] });
          if (before < 4) db.createObjectStore("files", { keyPath: "key" });
          // What is held of groups can be fetched again; what was written here cannot.
          if (before > 0) return void tx.objectStore("groups").clear();
          db.createObjectStore("groups", { keyPath: "group" });
          db.createObjectStore("outbox", { keyPath: "id" }).createIndex("group", "group");
          db.createObjectStore("about");
        },
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      return new Store(db);
    } catch {
      return new Store(null);
    }
  }

  /** False = what comes is gone with the next load: there is no store, or the last group found no room in it. */
  get keeps(): boolean {
    return this.#db !== null && !this.#full;
  }

  static async forget(user: string): Promise<void> {
    await deleteDB(nameFor(user)).catch(() => undefined);
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  async groups(): Promise<GroupState[]> {
    return (await this.#try((db) => db.getAll("groups"))) ?? [];
  }

  async group(group: number): Promise<GroupState | null> {
    return (await this.#try((db) => db.get("groups", group))) ?? null;
  }

  /**
   * Never goes back: a slower tab does not overwrite what a faster one has stored. What was sent leaves the
   * outbox here and nowhere else, so that a reload at any moment finds each message in one of the two.
   */
  async keepGroup(state: GroupState): Promise<void> {
    const kept = await this.#try(async (db) => {
      const tx = db.transaction(["groups", "outbox", "files"], "readwrite");
      const groups = tx.objectStore("groups");
      const held = await groups.get(state.group);
      if (!held || held.epoch !== state.epoch || held.seq <= state.seq) {
        await groups.put(trimmed(state, STORED_MESSAGES_MAX));
        await dropKept(tx.objectStore("outbox"), tx.objectStore("files"), state.group, state.seq);
      }
      await tx.done;
      return true;
    });
    this.#full = kept !== true;
  }

  async dropGroup(group: number): Promise<void> {
    await this.#try(async (db) => {
      const tx = db.transaction(["groups", "outbox", "files"], "readwrite");
      await tx.objectStore("groups").delete(group);
      await dropKept(tx.objectStore("outbox"), tx.objectStore("files"), group, Infinity);
      await tx.done;
    });
  }

  /** What was read, but not what was written and has not gone out. */
  async dropRead(): Promise<void> {
    await this.#try(async (db) => {
      const tx = db.transaction(["groups", "about"], "readwrite");
      void tx.objectStore("groups").clear();
      void tx.objectStore("about").clear();
      tx.commit();
      await tx.done;
    });
  }

  /** Null = it cannot be read. */
  async outbox(): Promise<Outgoing[] | null> {
    return this.#try((db) => db.getAll("outbox"));
  }

  async outboxOf(group: number): Promise<Outgoing[] | null> {
    return this.#try((db) => db.getAllFromIndex("outbox", "group", group));
  }

  /** True when it is on the disk. Committed in the same breath: a page that is left right after loses nothing. */
  async keepOutgoing(item: Outgoing): Promise<boolean> {
    const kept = await this.#try(async (db) => {
      const tx = db.transaction("outbox", "readwrite");
      const put = tx.store.put(item);
      tx.commit();
      await Promise.all([put, tx.done]);
      return true;
    });
    return kept === true;
  }

  /** Committed in the same breath, as above: what was removed does not come back. */
  async dropOutgoing(id: string): Promise<void> {
    await this.#try(async (db) => {
      const tx = db.transaction("outbox", "readwrite");
      const dropped = tx.store.delete(id);
      tx.commit();
      await Promise.all([dropped, tx.done]);
    });
  }

  /** Of messages that have not gone out, and of drafts. Null = they cannot be read. */
  async files(): Promise<OutFile[] | null> {
    return this.#try((db) => db.getAll("files"));
  }

  async file(key: string): Promise<OutFile | null> {
    return (await this.#try((db) => db.get("files", key))) ?? null;
  }

  /** True when it is on the disk. */
  async keepFile(file: OutFile): Promise<boolean> {
    return (await this.#try((db) => db.put("files", file))) !== null;
  }

  async dropFile(key: string): Promise<void> {
    await this.#try((db) => db.delete("files", key));
  }

  async me(): Promise<Me | null> {
    return ((await this.#try((db) => db.get("about", "me"))) as Me | undefined) ?? null;
  }

  async read(): Promise<Read> {
    const kept = (await this.#try((db) => db.get("about", "read"))) as Read | undefined;
    return kept ?? { reads: new Map(), untold: new Map() };
  }

  /** How far each group was read here: told to the server when there is a connection, also after a restart. */
  async keepRead(read: Read): Promise<void> {
    await this.#try((db) => db.put("about", read, "read"));
  }

  async activity(): Promise<KeptActivity | null> {
    return ((await this.#try((db) => db.get("about", "activity"))) as KeptActivity | undefined) ?? null;
  }

  async keepActivity(kept: KeptActivity): Promise<void> {
    await this.#try((db) => db.put("about", kept, "activity"));
  }

  /** Ticks at doors that have not gone out. */
  async ticks(): Promise<Tick[]> {
    return (await this.#try((db) => db.getAll("ticks"))) ?? [];
  }

  /** Committed in the same breath, as what was written. */
  async keepTick(tick: Tick): Promise<void> {
    await this.#try(async (db) => {
      const tx = db.transaction("ticks", "readwrite");
      const put = tx.store.put(tick);
      tx.commit();
      await Promise.all([put, tx.done]);
    });
  }

  async dropTick({ event, key, user }: Tick): Promise<void> {
    await this.#try((db) => db.delete("ticks", [event, key, user]));
  }

  async doors(): Promise<KeptDoor[]> {
    return ((await this.#try((db) => db.get("about", "doors"))) as KeptDoor[] | undefined) ?? [];
  }

  async keepDoors(doors: readonly KeptDoor[]): Promise<void> {
    await this.#try((db) => db.put("about", doors, "doors"));
  }

  async keepMe(me: Me): Promise<void> {
    await this.#try((db) => db.put("about", me, "me"));
  }

  /** A full or broken disk must not take the chat down: it goes on in memory. */
  async #try<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T | null> {
    if (!this.#db) return null;
    try {
      return await work(this.#db);
    } catch {
      return null;
    }
  }
}
