/**
 * The last messages of every room in my list come onto this device in quiet moments, so that Clubroom opens with them
 * without a connection. What has come once is kept by its log, like a room that was opened.
 */

import type { GroupEntry } from "../wire/types";
import { Refused } from "../wire/http";
import { house } from "./house.svelte";
import { idle, savesData } from "./idle";
import type { Intake } from "./intake";
import { areKept, KEEPING_UP_TO, KEPT_BYTES_MAX, KEPT_GROUPS_MAX } from "./kept";
import { oneAtATime } from "./locks";
import { comingUp } from "./takesPlace";

/** From and up to: a moment of one's own lies in between. */
type Span = readonly [number, number];
/** A page was opened or looked at again: everybody does that when they like. What one looks at comes first. */
const ALONE_MS: Span = [2_000, 6_000];
/** A connection is back or a room is in the list: for many at the same moment, perhaps. */
const TOGETHER_MS: Span = [2_000, 60_000];
/** The server has enough to do. */
const BUSY_MS: Span = [60_000, 300_000];
/** Between two rooms: a thousand devices that come at once ask for some six hundred rooms a second. */
const PAUSE_MS: Span = [1_000, 2_000];

export class Keeping {
  #intake: Intake;
  #clock: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  /** The server has asked for a pause until then. */
  #notBefore = 0;
  #running = false;
  #stopped = false;
  #wasLive = false;
  /** They would not come over this connection. */
  #failed = new Set<number>();

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** There is a connection, for the first time or again. */
  live(): void {
    this.#failed.clear();
    this.#begin(this.#wasLive ? TOGETHER_MS : ALONE_MS);
    this.#wasLive = true;
  }

  /** Something may be missing: another room is in the list. */
  soon(): void {
    this.#begin(TOGETHER_MS);
  }

  /** The page is looked at again. */
  seen(): void {
    this.#begin(ALONE_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#clock);
  }

  /** What was to begin earlier still does. */
  #begin(span: Span): void {
    const now = performance.now();
    const due = Math.max(now + within(span), this.#notBefore);
    if (this.#stopped || savesData() || this.#due <= due) return;
    clearTimeout(this.#clock);
    this.#due = due;
    this.#clock = setTimeout(() => {
      this.#due = Infinity;
      void this.#keepAll();
    }, due - now);
  }

  /** One tab at a time: what one has fetched, the others find in the store. */
  async #keepAll(): Promise<void> {
    if (this.#running || this.#isOver() || this.#next() === undefined) return;
    this.#running = true;
    await oneAtATime(`clubroom-keeping-${house.user}`, async () => {
      for (let group = this.#next(); group !== undefined; group = this.#next()) {
        await idle();
        if (this.#isOver() || !(await this.#keep(group))) return;
        await later(within(PAUSE_MS));
      }
    }).finally(() => {
      this.#running = false;
      house.placeAll();
    });
  }

  /** False = not now: the server asks for a pause. */
  async #keep(group: number): Promise<boolean> {
    if (house.entry(group)?.kind === "dm") house.placeLater(group);
    try {
      await this.#intake.keep(group);
    } catch (error) {
      if (isBusy(error)) {
        this.#notBefore = performance.now() + within(BUSY_MS);
        this.#begin(ALONE_MS);
        return false;
      }
    }
    if (this.#intake.cursor(group) === null) this.#failed.add(group);
    if (!house.dms.some((dm) => this.#misses(dm.group))) house.placeAll();
    return true;
  }

  #isOver(): boolean {
    return this.#stopped || house.link !== "live" || document.hidden || !this.#intake.keeps;
  }

  #misses(group: number): boolean {
    return this.#intake.cursor(group) === null && !this.#failed.has(group);
  }

  /** Some room is left for what is opened: nothing that comes here is dropped at the next start, to come again. */
  #next(): number | undefined {
    const { groups, bytes } = areKept(house.states.values());
    if (groups >= KEEPING_UP_TO * KEPT_GROUPS_MAX || bytes >= KEEPING_UP_TO * KEPT_BYTES_MAX)
      return undefined;
    return wanted().find((group) => this.#misses(group));
  }
}

/** What stands at the side, in every club: first where something is new. */
function wanted(): number[] {
  const coming = comingUp(house.events, Date.now()).map(({ entry }) => entry);
  const others = [...house.dms, ...house.listed.filter(({ kind }) => kind === "channel"), ...coming];
  const rank = ({ group, unread }: GroupEntry) => (unread > 0 || house.counted.get(group)?.unread ? 0 : 1);
  const all = [...house.clubs, ...others.toSorted((a, b) => rank(a) - rank(b))];
  return [...all, ...(house.notes ? [house.notes] : [])].map(({ group }) => group);
}

const isBusy = (error: unknown): boolean => error instanceof Refused && error.passing;

const within = ([from, to]: Span): number => from + Math.random() * (to - from);

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
