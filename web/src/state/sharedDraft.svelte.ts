/**
 * A draft of an event that several people go on with: kept on this device with every key, and on the server a moment
 * later. Where somebody else was faster nothing is sent any more until a person has chosen.
 */

import { eventCalls } from "../wire/events";
import { Refused } from "../wire/http";
import type { EventDraft } from "../wire/types";
import { callAsMe } from "./access";
import { newKey } from "./clubs";
import { formDraftOf, formDraftsLike, keepFormDraft } from "./drafts";
import { draftOfForm, formOfDraft, type EventForm } from "./eventForm";
import { codeOf, reasonFor } from "./failing";
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
  /** What of the server this goes on from; 0 = the server has none. */
  version: number;
  unsent: boolean;
}

/** `alone` = the server does not take it; `changed` and `gone` = somebody else was faster. */
export type Stand = "new" | "saving" | "kept" | "later" | "alone" | "changed" | "gone";

export const keptDraft = (key: string): KeptDraft | null => formDraftOf<KeptDraft>(house.user, NAME + key);

/** Null = on this device there is nothing of it any more. */
function keep(key: string, draft: KeptDraft | null): void {
  keepFormDraft(house.user, NAME + key, draft);
}

const fromServer = (draft: EventDraft, zone: string): KeptDraft => ({
  key: draft.event,
  group: draft.group,
  form: formOfDraft(draft.says, Date.now(), zone),
  version: draft.version,
  unsent: false,
});

/** As it stands: what was typed here and not sent, else what the server has. Throws where there is neither. */
export async function openDraft(key: string, zone: string): Promise<KeptDraft> {
  const here = keptDraft(key);
  if (here?.unsent) return here;
  try {
    return fromServer(await calls.draft(key), zone);
  } catch (error) {
    if (codeOf(error) === "not_found") keep(key, null);
    else if (here) return here;
    throw error;
  }
}

export async function discardDraft(key: string): Promise<void> {
  await calls.discardDraft(key).catch((error: unknown) => {
    if (codeOf(error) !== "not_found") throw error;
  });
  keep(key, null);
}

/** What was typed without a line, also in forms that are closed by now. */
export async function sendUnsentDrafts(): Promise<void> {
  for (const name of formDraftsLike(house.user, NAME)) {
    const draft = formDraftOf<KeptDraft>(house.user, name);
    if (draft?.unsent) await send(draft).catch(() => undefined); // whoever opens it hears why
  }
}

/** The version that the server has now. What was typed meanwhile stays unsent. */
function send(draft: KeptDraft): Promise<number> {
  return oneAtATime(`clubroom-draft-${draft.key}`, async () => {
    const version = keptDraft(draft.key)?.version ?? draft.version;
    const body = { group: draft.group, version, says: draftOfForm(draft.form) };
    const said = await calls.keepDraft(draft.key, body);
    const now = keptDraft(draft.key);
    if (now) keep(draft.key, { ...now, version: said.version, unsent: !same(now, draft) });
    return said.version;
  });
}

const same = (one: KeptDraft, other: KeptDraft): boolean =>
  one.group === other.group && JSON.stringify(one.form) === JSON.stringify(other.form);

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
  #ended = false;
  #zone: string;
  #user = house.user;

  constructor(draft: KeptDraft, zone: string) {
    this.draft = draft;
    this.#zone = zone;
    this.#sent = draft.version > 0 || draft.unsent;
    if (this.#sent) this.stand = draft.unsent ? "later" : "kept";
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
    if (this.#ended || same(next, this.draft)) return;
    this.draft = { ...next, unsent: true };
    keep(this.key, this.draft);
    if (this.undecided) return;
    this.stand = "saving";
    this.#sendIn(SEND_AFTER_MS);
  }

  /** Also after the form is closed, as long as the same person is here. */
  #sendIn(ms: number): void {
    this.#clock ??= setTimeout(() => {
      if (house.user === this.#user) void this.send().catch(() => undefined);
    }, ms);
  }

  /** Throws where there is no answer: it is sent later. */
  async send(): Promise<void> {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    const sent = this.draft;
    this.#sent = true;
    try {
      const version = await send(sent);
      this.draft = { ...this.draft, version, unsent: !same(this.draft, sent) };
      if (!this.undecided) this.stand = this.draft.unsent ? "saving" : "kept";
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** There is a line again. */
  again(): void {
    if (this.stand === "later") void this.send().catch(() => undefined);
  }

  /** Before it is published: whether what is on the screen is what everybody has. */
  async settle(again: boolean): Promise<boolean> {
    if (this.undecided) return false;
    if (this.#sent || again) await this.send();
    return !this.undecided;
  }

  /** Whether somebody has gone on with it since; the form to show then, where nothing of one's own is lost. */
  async look(): Promise<EventForm | null> {
    if (this.draft.version === 0) return null;
    try {
      const found = await calls.draft(this.key);
      if (found.version <= this.draft.version) return null;
      if (!this.draft.unsent) return this.#take(found);
      this.theirs = found;
      this.stand = "changed";
    } catch (error) {
      if (codeOf(error) !== "not_found") return null;
      this.stand = "gone";
      if (!this.draft.unsent) keep(this.key, null);
    }
    return null;
  }

  takeTheirs(): EventForm | null {
    return this.theirs && this.#take(this.theirs);
  }

  /** Over theirs; or as a draft of its own where that is gone. */
  keepMine(): void {
    if (this.stand === "gone") {
      keep(this.key, null);
      this.draft = { ...this.draft, key: newKey(), version: 0 };
    } else this.draft = { ...this.draft, version: this.theirs?.version ?? this.draft.version };
    this.draft = { ...this.draft, unsent: true };
    keep(this.key, this.draft);
    this.stand = "saving";
    void this.send().catch(() => undefined);
  }

  /** The form is closed: what is not sent goes now. */
  leave(): void {
    if (this.#clock !== undefined) void this.send().catch(() => undefined);
  }

  /** It is an event, or discarded: nothing of it stays on this device. */
  end(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    this.#ended = true;
    keep(this.key, null);
  }

  #take(found: EventDraft): EventForm {
    this.draft = fromServer(found, this.#zone);
    keep(this.key, this.draft);
    this.stand = "kept";
    this.theirs = null;
    return this.draft.form;
  }

  async #refused(error: unknown): Promise<void> {
    const code = codeOf(error);
    if (!(error instanceof Refused) || error.passing) {
      this.stand = "later";
      if (!this.#ended) this.#sendIn(RETRY_MS);
      throw error;
    }
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
