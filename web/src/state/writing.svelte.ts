/** What is being written in one room: a draft, an answer, or a message that is changed. */

import { here } from "./account";
import { editMessage } from "./acts";
import { draftOf, keepDraft } from "./drafts";
import { house } from "./house.svelte";
import { fromWire, labelsCalled, pruned, toWire, type Picked } from "./mentions";
import type { MessageRow } from "./timeline";

export class Writing {
  readonly group: number;
  text = $state("");
  answering = $state.raw<MessageRow | null>(null);
  editing = $state.raw<MessageRow | null>(null);
  #picked: Picked[] = [];
  #writer: string;
  /** The draft and its names, while a message is changed. */
  #aside: { text: string; picked: Picked[] } = { text: "", picked: [] };

  constructor(group: number) {
    this.group = group;
    this.#writer = house.user;
    const kept = fromDraft(draftOf(house.user, group));
    this.text = kept.text;
    this.#picked = kept.picked;
  }

  pick(name: string, user: string): void {
    this.#picked = pruned(this.text, [...this.#picked, { name, user }]);
  }

  /** As it is now, on this device; of a message that is changed only the draft beside it. */
  keep(): void {
    if (house.user !== this.#writer) return;
    const { text, picked } = this.editing ? this.#aside : { text: this.text, picked: this.#picked };
    keepDraft(this.#writer, this.group, toDraft(text, picked));
  }

  answer(row: MessageRow): void {
    this.cancel();
    this.answering = row;
  }

  change(row: MessageRow, nameOf: (user: string) => string): void {
    this.#edit(row, fromWire(row.text, nameOf));
  }

  #edit(row: MessageRow, { text, picked }: { text: string; picked: Picked[] }): void {
    if (!this.editing) this.#aside = { text: this.text, picked: this.#picked };
    this.answering = null;
    this.editing = row;
    this.text = text;
    this.#picked = picked;
  }

  /** Out of an answer or a change; the draft comes back. */
  cancel(): void {
    if (this.editing) {
      this.text = this.#aside.text;
      this.#picked = this.#aside.picked;
    }
    this.answering = this.editing = null;
  }

  /** Whether it would call everybody. */
  callsAll(text: string): boolean {
    return !this.editing && toWire(text, this.#picked).includes("<@all>");
  }

  /** The ids of the labels that it would call. */
  labelsCalled(text: string): string[] {
    return this.editing ? [] : labelsCalled(toWire(text, this.#picked));
  }

  /** Sends what stands there, or saves the change. Rejects where a change was refused; it then stands there again. */
  async send(text: string): Promise<void> {
    const picked = this.#picked;
    const said = toWire(text, picked);
    const { editing, answering } = this;
    this.answering = null;
    if (editing) {
      this.cancel();
      if (said === editing.text) return;
      return editMessage(editing.id, said).catch((error: unknown) => {
        if (!this.editing) this.#edit(editing, { text, picked });
        throw error;
      });
    }
    this.#picked = [];
    const { files, sending } = here();
    const along = files.tray(this.group).filter((file) => file.state !== "failed");
    const keys = along.map((file) => file.key);
    await sending.post(this.group, said, answering?.id, keys);
  }
}

/** Names are kept with their ids, as they go over the wire. */
function toDraft(text: string, picked: readonly Picked[]): string {
  const said = toWire(text, picked);
  return said === text ? text : JSON.stringify({ text, picked });
}

function fromDraft(kept: string): { text: string; picked: Picked[] } {
  if (!kept.startsWith('{"text":')) return { text: kept, picked: [] };
  try {
    return JSON.parse(kept) as { text: string; picked: Picked[] };
  } catch {
    return { text: kept, picked: [] };
  }
}
