/** Everything this tab knows and shows, in one reactive place. Others change it; screens read it. */

import { SvelteMap } from "svelte/reactivity";
import type { GroupEntry, Me } from "../wire/types";
import type { GroupState } from "./apply";
import type { Outgoing } from "./outbox";

export type Phase = "starting" | "out" | "in";
export type LinkStatus = "connecting" | "live" | "stopped";
export type Stop = "too-many" | "too-old" | null;

export const OFFLINE_SHOWN_AFTER_MS = 5_000;

class House {
  phase = $state<Phase>("starting");
  user = $state<string>("");
  me = $state.raw<Me | null>(null);

  /** What is known of each group, by its log. Raw values: replaced, never changed in place. */
  readonly states = new SvelteMap<number, GroupState>();
  /** How far this person has read each group, and where each log stands. */
  readonly reads = new SvelteMap<number, number>();
  readonly heads = new SvelteMap<number, number>();
  /** What the server counted as unread, and up to which seq it had counted. */
  readonly counted = new SvelteMap<number, { at: number; unread: number }>();

  readonly online = new SvelteMap<number, ReadonlySet<string>>();
  readonly onlineCount = new SvelteMap<number, number>();
  readonly typing = new SvelteMap<number, ReadonlyMap<string, number>>();

  outbox = $state.raw<readonly Outgoing[]>([]);

  link = $state<LinkStatus>("connecting");
  stop = $state<Stop>(null);
  /** True when there has been no complete connection for some seconds. */
  offline = $state(false);
  lastHeard = $state<number | null>(null);
  /** The server ended this device's session: the doors say so. */
  ended = $state(false);
  pageVisible = $state(!document.hidden);

  readonly clubs: readonly GroupEntry[] = $derived(this.entriesOf("club"));
  readonly notes: GroupEntry | null = $derived(this.entriesOf("self")[0] ?? null);

  entry(group: number): GroupEntry | null {
    return this.me?.groups.find((entry) => entry.group === group) ?? null;
  }

  /** The club's name as its log says, else as it was when the list was fetched. */
  nameOf(group: number): string {
    return this.states.get(group)?.name || this.entry(group)?.name || "";
  }

  private entriesOf(kind: GroupEntry["kind"]): GroupEntry[] {
    return this.me?.groups.filter((entry) => entry.kind === kind) ?? [];
  }

  /** Nobody is signed in: nothing of the last person stays on the screen. */
  clear(): void {
    this.me = null;
    this.user = "";
    for (const map of [
      this.states,
      this.reads,
      this.heads,
      this.counted,
      this.online,
      this.onlineCount,
      this.typing,
    ]) {
      map.clear();
    }
    this.outbox = [];
    this.offline = false;
    this.stop = null;
  }
}

export const house = new House();
