/** Who said what to one occurrence, for as long as somebody looks at it. */

import type { Answers, Placed } from "../wire/types";
import { stillHere } from "./account";
import { calls } from "./answering.svelte";
import { reasonFor } from "./failing";
import { house } from "./house.svelte";
import { Soon } from "./soon";

/** Of many who answer in one moment all are asked for together. */
const SOON_MS = 150;
const SOON_MS_SPREAD = 350;

export class WhoComes {
  readonly group: number;
  readonly key: string;
  answers = $state.raw<Answers | null>(null);
  /** Why it could not be had. */
  error = $state("");
  #asked = 0;

  constructor(group: number, key: string) {
    this.group = group;
    this.key = key;
  }

  async load(): Promise<void> {
    const event = house.entry(this.group)?.event?.event;
    if (!event) return;
    const asked = ++this.#asked;
    try {
      const answers = await calls.answers(event, this.key);
      if (asked !== this.#asked) return;
      this.answers = answers;
      this.error = "";
    } catch (caught) {
      if (asked === this.#asked) this.error = reasonFor(caught);
    }
  }

  /** Looks again after whatever changes it. Gives the end of it. */
  listen(): () => void {
    return afterAnswers(this.group, this.key, () => this.load());
  }
}

/** Does it soon after whatever changes who said what to an occurrence, once for many of them. Gives the end of it. */
export function afterAnswers(event: number, key: string, work: () => Promise<unknown>): () => void {
  const soon = new Soon(work, () => SOON_MS + Math.random() * SOON_MS_SPREAD);
  const heard = (group: number, actions: readonly Placed[]) => {
    if (actions.some((action) => concerns(event, key, group, action))) soon.ask();
  };
  stillHere()?.heard.add(heard);
  return () => {
    stillHere()?.heard.delete(heard);
    soon.stop();
  };
}

function concerns(event: number, key: string, group: number, action: Placed): boolean {
  switch (action.type) {
    case "event_answered":
      return action.key === key && (action.group ?? group) === event;
    case "event_counted":
      return action.key === key && group === event;
    case "event_changed":
      return group === event;
    case "member_labelled":
    case "member_joined":
    case "member_removed":
      return group === house.clubOf(event)?.group;
    default:
      return false;
  }
}
