/** Who said what to one occurrence, for as long as somebody looks at it. */

import type { Answers, Placed } from "../wire/types";
import { stillHere } from "./account";
import { calls } from "./answering.svelte";
import { house } from "./house.svelte";
import { Soon } from "./soon";

/** Of many who answer in one moment all are asked for together. */
const SOON_MS = 150;
const SOON_MS_SPREAD = 350;

export class WhoComes {
  readonly group: number;
  readonly key: string;
  answers = $state.raw<Answers | null>(null);
  failed = $state(false);
  #asked = 0;
  #soon = new Soon(
    () => this.load(),
    () => SOON_MS + Math.random() * SOON_MS_SPREAD,
  );

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
      if (asked === this.#asked) this.answers = answers;
      this.failed = false;
    } catch {
      if (asked === this.#asked) this.failed = true;
    }
  }

  /** Looks again after whatever changes it. Gives the end of it. */
  listen(): () => void {
    const heard = (group: number, actions: readonly Placed[]) => {
      if (actions.some((action) => this.#concerns(group, action))) this.#soon.ask();
    };
    stillHere()?.heard.add(heard);
    return () => {
      stillHere()?.heard.delete(heard);
      this.#soon.stop();
    };
  }

  #concerns(group: number, action: Placed): boolean {
    switch (action.type) {
      case "event_answered":
        return action.key === this.key && (action.group ?? group) === this.group;
      case "event_counted":
        return action.key === this.key && group === this.group;
      case "event_changed":
        return group === this.group;
      case "member_labelled":
      case "member_joined":
      case "member_removed":
        return group === house.clubOf(this.group)?.group;
      default:
        return false;
    }
  }
}
