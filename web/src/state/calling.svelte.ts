/** Who calls or writes to me right now while I look at something else: shown for a moment, and then forgotten. */

import type { Message, Placed } from "../wire/types";
import { here } from "./account";
import { isCalled } from "./activity";
import { messageOf } from "./apply";
import { house } from "./house.svelte";
import { quiet } from "./quiet.svelte";

/** Of a conversation that has just begun its first words are here before its place in the list. */
const KEPT_MAX = 20;

class Calling {
  #heard = $state.raw<readonly Message[]>([]);

  /** Ids of those that were before somebody's eyes, the newest first. */
  #shown: readonly string[] = [];

  /** The newest first: none from the room one looks at, none that was read, and what is wanted: see quiet. */
  elsewhere(looking: number): readonly Message[] {
    return this.#heard.filter(({ group, seq, text, author }) => {
      if (house.me?.blocked.includes(author)) return false;
      const entry = house.entry(group);
      if (!entry || group === looking || quiet.levelIn(group) === "nothing") return false;
      if ((house.reads.get(group) ?? 0) >= seq) return false;
      return isCalled(group, text) || (entry.kind === "dm" && !quiet.in(group)); // who calls is heard through a mute
    });
  }

  heard(group: number, actions: readonly Placed[]): void {
    if (house.link !== "live" || !house.pageVisible) return; // what was missed stands in the list
    for (const action of actions) {
      if (action.type === "message_deleted" || action.type === "message_edited")
        this.#heard = this.#heard.filter((one) => one.id !== action.id);
      if (action.type !== "message_posted" || action.author === house.user || action.deleted) continue;
      if (action.seq <= (house.missed.get(group) ?? 0)) continue; // … and so does what is pulled behind it
      const kind = house.entry(group)?.kind ?? "dm";
      if (kind === "dm" || isCalled(group, action.text))
        this.#heard = [messageOf(group, action), ...this.#heard.filter(({ id }) => id !== action.id)].slice(
          0,
          KEPT_MAX,
        );
    }
  }

  /** It stands on the screen, and somebody looks. */
  show(id: string): void {
    this.#shown = [id, ...this.#shown].slice(0, KEPT_MAX);
  }

  /** Nobody need be told of it once more on this device. */
  wasShown(id: string): boolean {
    return this.#shown.includes(id);
  }

  /** They were shown long enough; or one is there now. */
  done(group?: number): void {
    if (this.#heard.length === 0) return;
    this.#heard = group === undefined ? [] : this.#heard.filter((one) => one.group !== group);
  }
}

export const calling = new Calling();

/** Gives the end of it. */
export function watchCalls(): () => void {
  const { heard } = here();
  const hear = (group: number, actions: readonly Placed[]) => calling.heard(group, actions);
  heard.add(hear);
  return () => {
    heard.delete(hear);
    calling.done();
  };
}
