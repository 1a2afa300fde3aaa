/** Who asks to come in, what was reported, and what I wait for myself: known by asking, told to ask by the log. */

import { SvelteMap } from "svelte/reactivity";
import type { MyRequest, Placed } from "../wire/types";
import { here } from "./account";
import { house } from "./house.svelte";
import { calls } from "./intake";

/** Whether this device asked a club: else there is nothing to load. */
const ASKED = "clubroom.asked";

/** Of the clubs that I run. */
class AtTheDoor {
  readonly asking = new SvelteMap<number, number>();
  readonly reported = new SvelteMap<number, number>();
  /** Raised whenever something of it changed. */
  readonly codes = new SvelteMap<number, number>();

  count(club: number): number {
    return (this.asking.get(club) ?? 0) + (this.reported.get(club) ?? 0);
  }

  async load(club: number): Promise<void> {
    await Promise.all([this.#loadAsking(club), this.#loadReported(club)]);
    this.#changed(club);
  }

  heard(group: number, actions: readonly Placed[]): void {
    const entry = house.entry(group);
    if (entry?.kind !== "admins" || entry.parent === null) return;
    const club = entry.parent;
    const types = new Set(actions.map((action) => action.type));
    if (types.has("join_asked") || types.has("join_settled")) void this.#loadAsking(club);
    if (types.has("reported") || types.has("report_closed")) void this.#loadReported(club);
    if ([...types].some((type) => type.startsWith("join_"))) this.#changed(club);
  }

  async #loadAsking(club: number): Promise<void> {
    const found = await calls.requests(club).catch(() => null);
    if (found) this.asking.set(club, found.n);
  }

  async #loadReported(club: number): Promise<void> {
    const found = await calls.reports(club).catch(() => null);
    if (found) this.reported.set(club, found.n);
  }

  #changed(club: number): void {
    this.codes.set(club, (this.codes.get(club) ?? 0) + 1);
  }
}

/** The clubs that I have asked to let me in. */
class Waiting {
  list = $state.raw<readonly MyRequest[]>([]);
  /** The names of those that did not. */
  declined = $state.raw<readonly string[]>([]);
  #answered = 0;

  get worthLoading(): boolean {
    return house.clubs.length === 0 || localStorage.getItem(ASKED) === house.user;
  }

  async load(): Promise<void> {
    const { requests } = await calls.myRequests();
    this.list = requests;
    if (requests.length > 0) localStorage.setItem(ASKED, house.user);
    else localStorage.removeItem(ASKED);
  }

  async withdraw(request: number): Promise<void> {
    await calls.withdraw(request);
    await this.load();
  }

  heard(group: number, actions: readonly Placed[]): void {
    if (house.entry(group)?.kind !== "self") return;
    for (const action of actions) {
      if (action.type !== "join_answered" || action.seq <= this.#answered) continue;
      this.#answered = action.seq; // of a group that is not held here the same may be told twice
      if (!action.accepted) this.declined = [...this.declined, action.name];
      void this.load().catch(() => undefined);
    }
  }

  clear(): void {
    this.list = [];
    this.declined = [];
    this.#answered = 0;
  }
}

export const atTheDoor = new AtTheDoor();
export const waiting = new Waiting();

/** As long as somebody is signed in; what this gives ends it. */
export function watchTheDoor(): () => void {
  const { heard } = here();
  const hear = (group: number, actions: readonly Placed[]) => {
    atTheDoor.heard(group, actions);
    waiting.heard(group, actions);
  };
  heard.add(hear);
  return () => {
    heard.delete(hear);
    waiting.clear();
  };
}
