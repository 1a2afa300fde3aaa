/** One visit to one room: what is loaded of its past, where the divider stands, how far back one has come. */

import { limits, type Message } from "../wire/types";
import { here, stillHere } from "./account";
import { messageOf, noticeOf, withOlder, type GroupState, type Notice } from "./apply";
import { house } from "./house.svelte";
import { calls } from "./intake";
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

export class Room {
  readonly group: number;
  /** Read up to here when the visit began: where "New" stands, as long as it lasts. */
  newAfter = $state<number | null>(null);
  /** Counts the times the divider was drawn: the stream then goes to it. */
  visit = $state(0);
  failed = $state(false);
  ready = $state(false);
  #detached = $state.raw<Detached | null>(null);
  #loading: Promise<void> | null = null;

  readonly state: GroupState | null = $derived.by(() => house.states.get(this.group) ?? null);
  readonly hasOlder: boolean = $derived.by(() => (this.#detached?.first ?? this.state?.window ?? 1) > 1);
  readonly hasNewer: boolean = $derived.by(() => this.#detached !== null);
  readonly unread: number = $derived.by(() => unreadIn(this.group));
  readonly rows: readonly Row[] = $derived.by(() =>
    rowsOf({
      messages: this.#detached?.messages ?? this.state?.messages ?? [],
      notices: this.#detached?.notices ?? this.state?.notices ?? [],
      outbox: this.#detached ? [] : house.outbox.filter((item) => item.group === this.group),
      me: house.user,
      newAfter: this.newAfter,
    }),
  );

  constructor(group: number) {
    this.group = group;
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

  /** Coming (back) to the room draws the divider anew, if somebody wrote meanwhile. */
  beginVisit(): void {
    if (this.unread === 0) return;
    this.newAfter = house.reads.get(this.group) ?? 0;
    this.visit += 1;
  }

  /** The log is another one: no divider and no past of the old one stays. */
  afresh(): void {
    this.newAfter = null;
    this.newest();
    this.beginVisit();
  }

  older(): Promise<void> {
    return this.#once(async () => {
      const detached = this.#detached;
      const first = detached?.first ?? this.#held()?.window ?? 1;
      if (first <= 1) return;
      const page = await calls.messagesBefore(this.group, first, limits.PAGE_MAX);
      const from = page.more && page.messages[0] ? page.messages[0].seq : 1;
      const notices = await here().intake.notices(this.group, from - 1, first - 1);
      if (detached !== this.#detached) return; // one has jumped to the present meanwhile
      const held = this.#held();
      if (detached) this.#detached = grownBack(detached, page.messages, notices, from);
      else if (held) here().intake.replace(withOlder(held, page.messages, notices, from));
    });
  }

  newer(): Promise<void> {
    return this.#once(async () => {
      const detached = this.#detached;
      if (!detached) return;
      const page = await calls.actions(this.group, detached.last, limits.PAGE_MAX);
      if (detached !== this.#detached) return; // one has jumped to the present meanwhile
      const grown = grownOn(detached, this.group, page.actions, page.to);
      if (grown.last + 1 >= (this.#held()?.window ?? Infinity)) this.#join(grown);
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

  async #goTo(seq: number): Promise<void> {
    const page = await calls.messagesAround(this.group, seq, limits.PAGE_DEFAULT).catch(() => null);
    const first = page?.messages[0];
    const last = page?.messages.at(-1);
    if (!first || !last) return;
    const notices = await here().intake.notices(this.group, first.seq - 1, last.seq);
    const detached = { messages: page.messages, notices, first: first.seq, last: last.seq };
    if (last.seq + 1 >= (this.#held()?.window ?? Infinity)) this.#join(detached);
    else this.#detached = detached;
  }

  /** Straight from the house: what is awaited may end after the screen has gone. */
  #held(): GroupState | null {
    return house.states.get(this.group) ?? null;
  }

  #once(work: () => Promise<void>): Promise<void> {
    this.#loading ??= work()
      .catch(() => undefined)
      .finally(() => (this.#loading = null));
    return this.#loading;
  }
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
  group: number,
  actions: Parameters<typeof noticeOf>[0][],
  last: number,
): Detached {
  const messages = actions.flatMap((action) =>
    action.type === "message_posted" ? [messageOf(group, action)] : [],
  );
  const notices = actions.map(noticeOf).filter((notice) => notice !== null);
  return {
    messages: [...past.messages, ...messages],
    notices: [...past.notices, ...notices],
    first: past.first,
    last: Math.max(last, past.last),
  };
}
