/**
 * A draft of an event that several people go on with: kept on this device with every key, and on the server a moment
 * later. Where somebody else was faster nothing is sent any more until a person has chosen.
 */

import { eventCalls } from "../wire/events";
import type { EventDraft, PutEventDraft } from "../wire/types";
import { callAsMe } from "./access";
import { newKey } from "./clubs";
import { formDraftOf, formDraftsLike, keepFormDraft } from "./drafts";
import { draftOfForm, formOfDraft, type EventForm } from "./eventForm";
import { codeOf, isFinal, reasonFor } from "./failing";
import { house } from "./house.svelte";
import { oneAtATime } from "./locks";

const SEND_AFTER_MS = 1_500;
const RETRY_MS = 5_000;
const NAME = "event-draft.";
const calls = eventCalls(callAsMe);

export interface KeptDraft {
  /** Its id, and that of the event that it becomes. */
  key: string;
  /** Whom it is for. */
  group: number;
  form: EventForm;
  /** What of the server these words go on from; 0 = the server has none. */
  version: number;
  unsent: boolean;
  /** Was sent, and the server has not said yet that it has it. */
  tried?: Words | undefined;
  /** The server has said no for good: it is not sent again before somebody opens it. */
  refused?: boolean | undefined;
}

type Words = Omit<PutEventDraft, "version">;

/** `alone` = the server does not take it; `changed` and `gone` = somebody else was faster. */
export type Stand = "new" | "saving" | "kept" | "later" | "alone" | "changed" | "gone";

export const keptDraft = (key: string, me = house.user): KeptDraft | null => formDraftOf(me, NAME + key);

/** Null = on this device there is nothing of it any more. */
const keep = (me: string, key: string, draft: KeptDraft | null) => keepFormDraft(me, NAME + key, draft);

/** What was typed here in forms that are closed by now, and the server does not have. */
export const unsentDrafts = (): KeptDraft[] =>
  formDraftsLike(house.user, NAME).flatMap((name) => {
    const draft = formDraftOf<KeptDraft>(house.user, name);
    return draft?.unsent && !isOpen(draft.key) ? [draft] : [];
  });

const fromServer = (draft: EventDraft, zone: string): KeptDraft => ({
  key: draft.event,
  group: draft.group,
  form: formOfDraft(draft.says, Date.now(), zone),
  version: draft.version,
  unsent: false,
});

/** As it stands: what was typed here and not sent, else what the server has. Throws where there is neither. */
export async function openDraft(key: string, zone: string): Promise<KeptDraft> {
  const me = house.user;
  const here = keptDraft(key);
  if (here?.unsent) return here;
  try {
    return fromServer(await calls.draft(key), zone);
  } catch (error) {
    if (codeOf(error) === "not_found") keep(me, key, null);
    else if (here) return here;
    throw error;
  }
}

/** After whatever of it is on its way: that must not bring it back. */
export function discardDraft(key: string): Promise<void> {
  const me = house.user;
  return inTurn(key, async () => {
    if (house.user !== me) return;
    await calls.discardDraft(key).catch((error: unknown) => {
      if (codeOf(error) !== "not_found") throw error;
    });
    keep(me, key, null);
  });
}

/** What was typed without a line; forms that are open send theirs themselves. */
export async function sendUnsentDrafts(): Promise<void> {
  for (const draft of unsentDrafts()) await new SharedDraft(draft, "").leave();
}

const inTurn = <T>(key: string, work: () => Promise<T>) => oneAtATime(`clubroom-draft-${key}`, work);

const wordsOf = ({ group, form }: KeptDraft): Words => ({ group, says: draftOfForm(form) });
const same = <T>(one: T, other: T): boolean => JSON.stringify(one) === JSON.stringify(other);
const alike = (one: KeptDraft, other: KeptDraft): boolean =>
  one.group === other.group && same(one.form, other.form);

/** Those in forms on the screen of this tab. */
const open = new Set<SharedDraft>();
const isOpen = (key: string) => [...open].some((one) => one.key === key);

export class SharedDraft {
  draft = $state.raw<KeptDraft>()!;
  stand = $state<Stand>("new");
  /** Why the server does not take it. */
  why = $state("");
  /** What somebody else made of it. */
  theirs = $state.raw<EventDraft | null>(null);
  #clock: ReturnType<typeof setTimeout> | undefined;
  /** The server may have it, whether it said so or not. */
  #sent: boolean;
  /** It is being published: a draft that comes after its event finds none. */
  #held = false;
  #ended = false;
  #zone: string;
  #user = house.user;

  constructor(draft: KeptDraft, zone: string) {
    this.draft = draft;
    this.#zone = zone;
    this.#sent = draft.version > 0 || draft.unsent;
    if (this.#sent) this.stand = draft.unsent ? "later" : "kept";
    open.add(this);
  }

  get key(): string {
    return this.draft.key;
  }

  get undecided(): boolean {
    return this.stand === "changed" || this.stand === "gone";
  }

  /** As it stands on the screen. */
  typed(form: EventForm, group: number): void {
    const next = { ...this.draft, form, group };
    if (this.#ended || alike(next, this.draft)) return;
    this.#become({ version: this.#versionKept(), form, group, unsent: true, refused: undefined });
    if (this.undecided) return;
    this.stand = this.#held ? "later" : "saving";
    this.#sendIn(SEND_AFTER_MS);
  }

  #sendIn(ms: number): void {
    if (this.#held || !open.has(this)) return;
    this.#clock ??= setTimeout(() => void this.send().catch(() => undefined), ms);
  }

  #stopClock(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
  }

  /** Throws where there is no answer: it is sent later. */
  async send(): Promise<void> {
    this.#stopClock();
    try {
      await inTurn(this.key, () => this.#sendAll());
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** What the server may have without having said so goes first: the same once more changes nothing there. */
  async #sendAll(): Promise<void> {
    if (!open.has(this)) {
      const here = keptDraft(this.key, this.#user); // newer than what this form had, or discarded
      if (!here?.unsent || isOpen(this.key)) return;
      this.draft = here;
    }
    this.#sent = true;
    const { tried } = this.draft;
    if (tried) await this.#put(tried);
    if (!tried || this.draft.unsent) await this.#put(wordsOf(this.draft));
    if (!this.undecided) this.stand = this.draft.unsent ? "saving" : "kept";
  }

  async #put(words: Words): Promise<void> {
    if (this.#ended || house.user !== this.#user) return; // while it waited for its turn
    this.#become({ tried: words });
    const { version } = await calls.keepDraft(this.key, { ...words, version: this.draft.version });
    this.#become({ version, tried: undefined, unsent: !same(wordsOf(this.draft), words) });
  }

  /** Also on this device; unless something else of it is kept there meanwhile, or nothing any more. */
  #become(change: Partial<KeptDraft>): void {
    const here = keptDraft(this.key, this.#user);
    const next = { ...this.draft, ...change };
    if (!this.#ended && (change.form || (here && alike(here, this.draft)))) keep(this.#user, this.key, next);
    this.draft = next;
  }

  /** The very same words may have been sent by another tab, or after a form was closed. */
  #versionKept(): number {
    const here = keptDraft(this.key, this.#user);
    return here && alike(here, this.draft) ? Math.max(here.version, this.draft.version) : this.draft.version;
  }

  /** There is a line again. */
  again(): void {
    if (this.stand === "later" && !this.#held) void this.send().catch(() => undefined);
  }

  /** Before it is published: whether what is on the screen is what everybody has. If so nothing more is sent. */
  async settle(again: boolean): Promise<boolean> {
    if (this.undecided) return false;
    if (this.#sent || again) await this.send();
    this.#stopClock();
    this.#held = !this.undecided;
    return this.#held;
  }

  /** It is no event after all. */
  unsettle(): void {
    this.#held = false;
    if (this.draft.unsent && !this.undecided) this.#sendIn(SEND_AFTER_MS);
  }

  /** Whether somebody has gone on with it since; the form to show then. What is unsent hears that when it is sent. */
  async look(): Promise<EventForm | null> {
    if (this.draft.version === 0 || this.draft.unsent) return null;
    try {
      const found = await calls.draft(this.key);
      if (this.draft.unsent || found.version <= this.draft.version) return null;
      return this.#take(found);
    } catch (error) {
      if (codeOf(error) !== "not_found") return null;
      this.stand = "gone";
      if (!this.draft.unsent) keep(this.#user, this.key, null);
    }
    return null;
  }

  takeTheirs(): EventForm | null {
    return this.theirs && this.#take(this.theirs);
  }

  /** Over theirs; or as a draft of its own where that is gone. */
  keepMine(): void {
    if (this.stand === "gone") {
      keep(this.#user, this.key, null);
      this.draft = { ...this.draft, key: newKey(), version: 0 };
    } else this.draft = { ...this.draft, version: this.theirs?.version ?? this.draft.version };
    this.#become({ form: this.draft.form, unsent: true, tried: undefined, refused: undefined });
    this.stand = "saving";
    void this.send().catch(() => undefined);
  }

  /** The form is closed: what is not sent goes now, and else with the next line. */
  async leave(): Promise<void> {
    this.#stopClock();
    open.delete(this);
    if (!this.#ended && this.draft.unsent && !this.draft.refused) await this.send().catch(() => undefined);
  }

  /** It is an event, or discarded: nothing of it stays on this device. */
  end(): void {
    this.#stopClock();
    this.#ended = true;
    open.delete(this);
    keep(this.#user, this.key, null);
  }

  #take(found: EventDraft): EventForm {
    this.#become({ ...fromServer(found, this.#zone), tried: undefined, refused: undefined });
    this.stand = "kept";
    this.theirs = null;
    return this.draft.form;
  }

  async #refused(error: unknown): Promise<void> {
    if (house.user !== this.#user) return;
    const code = codeOf(error);
    if (!isFinal(error)) {
      this.stand = "later";
      this.#sendIn(RETRY_MS);
      throw error;
    }
    this.#become({ tried: undefined, refused: true });
    if (code === "draft_changed") {
      try {
        this.theirs = await calls.draft(this.key);
        this.stand = "changed";
      } catch (caught) {
        await this.#refused(caught);
      }
    } else if (code === "not_found" || code === "id_conflict") this.stand = "gone";
    else {
      this.stand = "alone";
      this.why = reasonFor(error);
    }
  }
}
