/** Everything this tab knows and shows, in one reactive place. Others change it; screens read it. */

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { ClubEmote, GroupEntry, Label, Me, Member, QuietHours, Someone } from "../wire/types";
import type { GroupState } from "./apply";
import { shownMembers, shownName } from "./gone";
import type { OutFile } from "./files/outFile";
import type { FileLink } from "../wire/types";
import type { Outgoing } from "./outbox";
import type { Counted } from "./unread";

export type Phase = "starting" | "out" | "in";
export type LinkStatus = "connecting" | "live" | "stopped";
/** Away is who is here and looks at no room. */
export type Here = "here" | "away" | "";
export type Stop = "too-many" | "too-old" | null;

export const OFFLINE_SHOWN_AFTER_MS = 5_000;
/** A conversation begins with one action, and one for each who is in it; `people` are the others. */
const DM_EMPTY_HEAD = 2;
const NOBODY: ReadonlyMap<string, Member> = new Map();
const NONE: readonly never[] = [];

class House {
  phase = $state<Phase>("starting");
  user = $state<string>("");
  me = $state.raw<Me | null>(null);

  /** What is known of each group, by its log. Raw values: replaced, never changed in place. */
  readonly states = new SvelteMap<number, GroupState>();
  /** How far this person has read each group, and where each log stands. */
  readonly reads = new SvelteMap<number, number>();
  readonly heads = new SvelteMap<number, number>();
  /** How far each log was when the connection was last on its way: what stands there was missed, not heard. */
  readonly missed = new Map<number, number>();
  /** What the server counted as unread, and up to which seq it had counted. */
  readonly counted = new SvelteMap<number, Counted>();
  /** When something was said last in what is not held here, as far as it was heard (ms). */
  readonly lasts = new SvelteMap<number, number>();
  /** Conversations that came unasked: they take their places together, or each would move what one points at. */
  readonly #unplaced = new SvelteSet<number>();
  /** Reactions of mine that are on their way, by message and emote. */
  readonly reacting = new SvelteMap<string, boolean>();

  /** The group that is on the screen, or lies behind a sheet; 0 = none. */
  shown = $state(0);
  /** With those it lies in, and one's own notes, which tell of everything else: brought up to date first. */
  readonly inSight: ReadonlySet<number> = $derived(new Set(this.#around(this.shown)));

  /** Events that were over long ago, as they were looked at: they stand in no list. */
  readonly old = new SvelteMap<number, GroupEntry>();

  readonly online = new SvelteMap<number, ReadonlySet<string>>();
  /** Of those online whoever looks at no room on any device. */
  readonly idle = new SvelteMap<number, ReadonlySet<string>>();
  readonly onlineCount = new SvelteMap<number, number>();
  readonly typing = new SvelteMap<number, ReadonlyMap<string, number>>();

  outbox = $state.raw<readonly Outgoing[]>([]);
  /** Files of mine that are not in any log yet, by their key here, and how much of each is uploaded (0 to 1). */
  readonly files = new SvelteMap<string, OutFile>();
  readonly progress = new SvelteMap<string, number>();
  /** Where files are fetched, by their ids; null = not to be had. */
  readonly links = new SvelteMap<string, FileLink | null>();
  /** The file of somebody's picture, by their id: see `avatars`. */
  readonly avatars = new SvelteMap<string, string>();

  link = $state<LinkStatus>("connecting");
  stop = $state<Stop>(null);
  /** True when there has been no complete connection for some seconds. */
  offline = $state(false);
  lastHeard = $state<number | null>(null);
  /** The server ended this device's session: the doors say so. */
  ended = $state(false);
  /** Somebody made a link that signs in as this person. */
  handed = $state<{ by: string; group: number } | null>(null);
  pageVisible = $state(!document.hidden);
  /** Somebody sits before the page, as far as can be told. */
  attended = $state(true);
  /** What is on the screen is seen by somebody: it counts as read, and others see that one is here. */
  readonly looking: boolean = $derived(this.pageVisible && this.attended);

  readonly clubs: readonly GroupEntry[] = $derived(this.entriesOf("club"));
  readonly notes: GroupEntry | null = $derived(this.entriesOf("self")[0] ?? null);
  readonly channels: readonly GroupEntry[] = $derived(this.entriesOf("channel"));
  readonly events: readonly GroupEntry[] = $derived(this.entriesOf("event"));
  /** Conversations, the newest first; those in which nobody has said anything yet are not shown. */
  readonly dms: readonly GroupEntry[] = $derived(
    this.entriesOf("dm")
      .filter((entry) => this.headOf(entry) > DM_EMPTY_HEAD + entry.people.length)
      .sort((a, b) => this.lastOf(b) - this.lastOf(a)),
  );
  /** Whatever stands in my list, and counts as unread. */
  readonly listed: readonly GroupEntry[] = $derived([
    ...this.clubs,
    ...[...this.channels, ...this.events].filter((entry) => entry.followed && !entry.archived),
    ...this.dms,
  ]);

  entry(group: number): GroupEntry | null {
    return this.me?.groups.find((entry) => entry.group === group) ?? this.old.get(group) ?? null;
  }

  /** The name as the log says, else as it was when the list was fetched; of a conversation the others' names. */
  nameOf(group: number): string {
    const entry = this.entry(group);
    if (entry?.kind === "dm") return entry.people.map((one) => shownName(one.name)).join(", ");
    return this.states.get(group)?.name || entry?.name || "";
  }

  /** The club that a group belongs to, an event by the room that it is for; itself if it is one. */
  clubOf(group: number): GroupEntry | null {
    const entry = this.entry(group);
    return entry?.kind === "club" ? entry : entry?.parent ? this.clubOf(entry.parent) : null;
  }

  /** Members by user id: its own, for a public room those of its club, for an event those of what it is for. */
  membersOf(group: number): ReadonlyMap<string, Member> {
    const state = this.states.get(group);
    if (!state) return NOBODY;
    return state.private || state.parent === null
      ? shownMembers(state.members)
      : this.membersOf(state.parent);
  }

  /** What members of the club that a group belongs to may be called together. */
  labelsOf(group: number): readonly Label[] {
    return this.clubState(group)?.labels ?? NONE;
  }

  /** The emotes of the club that a group belongs to; a conversation has none. */
  emotesOf(group: number): readonly ClubEmote[] {
    return this.clubState(group)?.club_emotes ?? NONE;
  }

  /** Of the labels the ids of those that this person carries. */
  myLabels(group: number): readonly string[] {
    return this.clubState(group)?.members.get(this.user)?.labels ?? NONE;
  }

  /** Where it is told who is here: in a public room it is its club. */
  presenceOf(group: number): number {
    const entry = this.entry(group);
    return entry && !entry.private && entry.parent ? this.presenceOf(entry.parent) : group;
  }

  /** How somebody is here, as far as it is told in this group or, for a public room, in its club. */
  hereIn(group: number, user: string): Here {
    const told = this.presenceOf(group);
    if (!this.online.get(told)?.has(user)) return "";
    return this.idle.get(told)?.has(user) ? "away" : "here";
  }

  /** What changed in a group that is not kept by its log here. */
  amend(group: number, change: Partial<GroupEntry>): void {
    if (!this.me) return;
    const groups = this.me.groups.map((entry) => (entry.group === group ? { ...entry, ...change } : entry));
    this.me = { ...this.me, groups };
    const old = this.old.get(group);
    if (old) this.old.set(group, { ...old, ...change });
  }

  /** One more in the list. */
  include(entry: GroupEntry): void {
    if (!this.me || this.entry(entry.group)) return;
    this.me = { ...this.me, groups: [...this.me.groups, entry] };
    if (!this.counted.has(entry.group)) this.counted.set(entry.group, { at: 0, unread: 0, mentions: 0 });
  }

  /** Somebody in conversations of mine is called otherwise. */
  rename(user: string, name: string): void {
    if (!this.me) return;
    const called = (one: Someone) => (one.user === user ? { ...one, name } : one);
    const groups = this.me.groups.map((entry) =>
      entry.people.some((one) => one.user === user) ? { ...entry, people: entry.people.map(called) } : entry,
    );
    this.me = { ...this.me, groups };
  }

  block(user: string, on: boolean): void {
    if (!this.me) return;
    const others = this.me.blocked.filter((one) => one !== user);
    this.me = { ...this.me, blocked: on ? [...others, user] : others };
  }

  /** The hours at which this person is told nothing; null = there are none. */
  hush(quiet: QuietHours | null): void {
    if (this.me) this.me = { ...this.me, quiet };
  }

  /** A conversation keeps its place though more of it becomes known, until all have come. */
  placeLater(group: number): void {
    if (!this.states.has(group)) this.#unplaced.add(group);
  }

  placeAll(): void {
    this.#unplaced.clear();
  }

  private clubState(group: number): GroupState | undefined {
    return this.states.get(this.clubOf(group)?.group ?? 0);
  }

  private headOf(entry: GroupEntry): number {
    return Math.max(entry.head, this.heads.get(entry.group) ?? 0);
  }

  private lastOf(entry: GroupEntry): number {
    const held = this.#unplaced.has(entry.group) ? null : this.states.get(entry.group)?.messages.at(-1);
    return Math.max(held ? Date.parse(held.sent_at) : entry.group, this.lasts.get(entry.group) ?? 0);
  }

  #around(group: number): number[] {
    const around: number[] = [];
    for (let one = group; one; one = this.entry(one)?.parent ?? 0) around.push(one);
    return this.notes ? [...around, this.notes.group] : around;
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
      this.missed,
      this.counted,
      this.lasts,
      this.reacting,
      this.old,
      this.online,
      this.idle,
      this.onlineCount,
      this.typing,
      this.files,
      this.progress,
      this.links,
      this.avatars,
    ]) {
      map.clear();
    }
    this.placeAll();
    this.outbox = [];
    this.handed = null;
    this.offline = false;
    this.stop = null;
  }
}

export const house = new House();
