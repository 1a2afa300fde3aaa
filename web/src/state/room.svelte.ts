/** One visit to one room: what is loaded of its past, where the divider stands, how far back one has come. */

import { SvelteMap } from "svelte/reactivity";
import { limits, type Message, type Placed } from "../wire/types";
import { Refused } from "../wire/http";
import { here, stillHere } from "./account";
import { withChange, withOlder, type GroupState, type Notice } from "./apply";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { Meanwhile } from "./meanwhile";
import type { Place } from "./places";
import { rowsOf, type Row } from "./timeline";
import { unreadIn } from "./unread.svelte";

/** Read somewhere in the past, not joined to the present (yet). */
interface Detached {
  messages: readonly Message[];
  notices: readonly Notice[];
  first: number;
  last: number;
}

const NONE: readonly never[] = [];

type Mended = (messages: readonly Message[]) => readonly Message[];

export class Room {
  readonly group: number;
  /** Read up to here when the visit began: where "New" stands, as long as it lasts. */
  newAfter = $state<number | null>(null);
  /** Counts the times the divider was drawn: the stream then goes to it. */
  visit = $state(0);
  failed = $state(false);
  /** What was written before the first that can be read is not kept, or is not for this person. */
  notKept = $state(false);
  ready = $state(false);
  #detached = $state.raw<Detached | null>(null);
  #loading: Promise<void> | null = null;
  #asked = new Set<string>();
  /** What is done to messages while some are asked for, for each question apart. */
  #meanwhile = new Meanwhile<Placed>();

  readonly state: GroupState | null = $derived.by(() => house.states.get(this.group) ?? null);
  readonly hasOlder: boolean = $derived.by(() => (this.#detached?.first ?? this.state?.window ?? 1) > 1);
  readonly hasNewer: boolean = $derived.by(() => this.#detached !== null);
  readonly unread: number = $derived.by(() => unreadIn(this.group).unread);
  /** Messages that are answered here and stand elsewhere; null = not to be had. */
  readonly quoted = new SvelteMap<string, Message | null>();
  readonly rows: readonly Row[] = $derived.by(() =>
    rowsOf({
      messages: this.#messages,
      notices: noticesShown(this.#detached?.notices ?? this.state?.notices ?? [], this.state),
      pinned: this.state?.pinned ?? [],
      outbox: this.#detached ? [] : house.outbox.filter((item) => item.group === this.group),
      me: house.user,
      newAfter: this.newAfter,
      files: house.files,
      heldUpTo: house.link === "live" ? null : (this.state?.seq ?? null),
    }),
  );

  /** One's own that are not in the log yet; what waits is at the end. */
  readonly waiting: readonly Row[] = $derived.by(() => {
    const last = this.rows.findLastIndex((row) => row.seq !== null);
    return last + 1 < this.rows.length ? this.rows.slice(last + 1) : NONE;
  });

  readonly #messages: readonly Message[] = $derived.by(
    () => this.#detached?.messages ?? this.state?.messages ?? [],
  );

  constructor(group: number) {
    this.group = group;
  }

  /** What is read of the past changes, too. Gives the end of it. */
  listen(): () => void {
    const heard = (group: number, actions: readonly Placed[]) => {
      if (group !== this.group) return;
      for (const action of actions) this.#amend(action);
    };
    stillHere()?.heard.add(heard);
    return () => void stillHere()?.heard.delete(heard);
  }

  /** A message by its id: one that stands here, else fetched once for a quote. */
  quote(id: string): Message | null {
    const near = this.#messages.findLast((message) => message.id === id);
    if (near) return near;
    const known = this.quoted.get(id);
    if (known === undefined) void this.#fetch(id);
    return known ?? null;
  }

  /** Around a message that may stand anywhere in the past; its key, or null if it is not to be had. */
  async goTo(id: string): Promise<string | null> {
    const held = this.#held()?.messages.find((message) => message.id === id);
    if (held && !this.#detached) return held.id;
    const message = held ?? (await calls.message(id).catch(() => null));
    if (!message || message.group !== this.group) return null;
    await this.#goTo(message.seq);
    return message.id;
  }

  /** Opens with what is here, else with the server's; at the first unread if there is any, else where one was. */
  async open(place: Place | null = null): Promise<void> {
    await stillHere()
      ?.need(this.group)
      .catch(() => undefined);
    const held = this.#held();
    this.failed = !held;
    if (!held) return;
    this.beginVisit();
    const read = house.reads.get(this.group) ?? 0;
    const wanted = this.newAfter !== null ? read + 1 : (place?.seq ?? Infinity);
    if (wanted < held.window) await this.#goTo(wanted);
    this.ready = true;
  }

  /** Where the past ends: whether that is where the log began. */
  async lookAtBeginning(): Promise<void> {
    const page = await calls.actions(this.group, 0, 1).catch(() => null);
    if (page) this.notKept = page.from > 1;
  }

  async #fetch(id: string): Promise<void> {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    await this.#loaded(async (mended) => {
      try {
        this.quoted.set(id, mended([await calls.message(id)])[0]!);
      } catch (error) {
        if (error instanceof Refused && error.status === 404) this.quoted.set(id, null);
        else this.#asked.delete(id); // asked again when it is looked at again
      }
    });
  }

  /**
   * An answer is as old as its question. What was done to its messages until they are put in place, two questions
   * later perhaps, is done to them by `mended`: or what somebody deleted meanwhile would stay here for good.
   */
  #loaded<T>(work: (mended: Mended) => Promise<T>): Promise<T> {
    return this.#meanwhile.during((since) => work((messages) => since.reduce(withChange, messages)));
  }

  #amend(action: Placed): void {
    this.#meanwhile.happened(action);
    if (this.#detached) {
      const messages = withChange(this.#detached.messages, action);
      if (messages !== this.#detached.messages) this.#detached = { ...this.#detached, messages };
    }
    const quoted = "id" in action ? this.quoted.get(action.id) : null;
    if (quoted) this.quoted.set(quoted.id, withChange([quoted], action)[0]!);
  }

  /** Coming (back) to the room draws the divider anew, if somebody wrote meanwhile and it is not there already. */
  beginVisit(): void {
    const read = house.reads.get(this.group) ?? 0;
    if (this.unread === 0 || this.newAfter === read) return;
    this.newAfter = read;
    this.visit += 1;
  }

  /** The log is another one: no divider and no past of the old one stays. */
  afresh(): void {
    this.newAfter = null;
    this.newest();
    this.beginVisit();
  }

  older(): Promise<void> {
    return this.#once(async (mended) => {
      const detached = this.#detached;
      const first = detached?.first ?? this.#held()?.window ?? 1;
      if (first <= 1) return;
      const page = await calls.messagesBefore(this.group, first, limits.PAGE_MAX);
      const from = page.more && page.messages[0] ? page.messages[0].seq : 1;
      const notices = await here().intake.notices(this.group, from - 1, first - 1);
      if (detached !== this.#detached) return; // one has jumped to the present meanwhile
      const held = this.#held();
      const messages = mended(page.messages);
      if (detached) this.#detached = grownBack(detached, messages, notices, from);
      else if (held?.window === first) here().intake.replace(withOlder(held, messages, notices, from));
    });
  }

  newer(): Promise<void> {
    return this.#once(async (mended) => {
      const detached = this.#detached;
      if (!detached) return;
      const page = await calls.messagesAfter(this.group, detached.last, limits.PAGE_MAX);
      const window = this.#held()?.window ?? Infinity;
      const last = page.more ? page.messages.at(-1)!.seq : Math.max(detached.last, window - 1);
      const notices = await here().intake.notices(this.group, detached.last, last);
      if (detached !== this.#detached) return; // one has jumped to the present meanwhile
      const grown = grownOn(detached, mended(page.messages), notices, last);
      if (last + 1 >= window) this.#join(grown);
      else this.#detached = grown;
    });
  }

  newest(): void {
    this.#detached = null;
  }

  /** The present joins what was read of the past: from here on one list again. */
  #join(past: Detached): void {
    const held = this.#held();
    if (held) here().intake.replace(withOlder(held, past.messages, past.notices, past.first));
    this.#detached = null;
  }

  #goTo(seq: number): Promise<void> {
    return this.#loaded((mended) => this.#around(seq, mended));
  }

  async #around(seq: number, mended: Mended): Promise<void> {
    const page = await calls.messagesAround(this.group, seq, limits.PAGE_DEFAULT).catch(() => null);
    const first = page?.messages[0];
    const last = page?.messages.at(-1);
    if (!first || !last) return;
    const notices = await here().intake.notices(this.group, first.seq - 1, last.seq);
    const detached = { messages: mended(page.messages), notices, first: first.seq, last: last.seq };
    this.#loading = null; // what is still awaited belongs to where one was before
    if (last.seq + 1 >= (this.#held()?.window ?? Infinity)) this.#join(detached);
    else this.#detached = detached;
  }

  /** Straight from the house: what is awaited may end after the screen has gone. */
  #held(): GroupState | null {
    return house.states.get(this.group) ?? null;
  }

  #once(work: (mended: Mended) => Promise<void>): Promise<void> {
    if (this.#loading) return this.#loading;
    const loading = this.#loaded(work)
      .catch(() => undefined)
      .finally(() => {
        if (this.#loading === loading) this.#loading = null;
      });
    return (this.#loading = loading);
  }
}

/** In a public room nobody comes or goes: that is told in its club. */
function noticesShown(notices: readonly Notice[], state: GroupState | null): readonly Notice[] {
  if (!state || state.private) return notices;
  return notices.filter((notice) => notice.what !== "left" && notice.what !== "removed");
}

function grownBack(
  past: Detached,
  messages: readonly Message[],
  notices: readonly Notice[],
  first: number,
): Detached {
  return {
    messages: [...messages, ...past.messages],
    notices: [...notices, ...past.notices],
    first,
    last: past.last,
  };
}

function grownOn(
  past: Detached,
  messages: readonly Message[],
  notices: readonly Notice[],
  last: number,
): Detached {
  return {
    messages: [...past.messages, ...messages],
    notices: [...past.notices, ...notices],
    first: past.first,
    last,
  };
}
