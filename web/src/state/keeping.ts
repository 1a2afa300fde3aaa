/**
 * The last messages of every room in my list come onto this device in quiet moments, so that Clubroom opens with them
 * without a connection. What has come once is kept by its log, like a room that was opened.
 */

import type { GroupEntry } from "../wire/types";
import { house } from "./house.svelte";
import type { Intake } from "./intake";
import { areKept, KEPT_BYTES_MAX, KEPT_GROUPS_MAX } from "./kept";
import { oneAtATime } from "./locks";
import { comingUp } from "./takesPlace";

/** After the connection stands: what one looks at comes first. */
const AFTER_MS = 2_000;
/** Between two rooms: a thousand devices that come at once ask for a few hundred rooms a second. */
const PAUSE_MS = 250;
/** A page that is never idle keeps its rooms all the same. */
const IDLE_WITHIN_MS = 5_000;

interface Connected {
  connection?: { saveData?: boolean };
}

export class Keeping {
  #intake: Intake;
  #clock: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #stopped = false;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Something may be missing: there is a connection again, or another room in the list. */
  soon(): void {
    clearTimeout(this.#clock);
    if (this.#stopped || savesData()) return;
    this.#clock = setTimeout(() => void this.#keepAll(), AFTER_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#clock);
  }

  /** One tab at a time: what one has fetched, the others find in the store. */
  async #keepAll(): Promise<void> {
    if (this.#running || this.#isOver() || this.#next() === undefined) return;
    this.#running = true;
    await oneAtATime(`clubroom-keeping-${house.user}`, async () => {
      for (let group = this.#next(); group !== undefined; group = this.#next()) {
        await idle();
        if (this.#isOver()) return;
        await this.#intake.keep(group);
        if (this.#intake.cursor(group) === null) return; // it did not come: with the next connection, then
        await later(PAUSE_MS);
      }
    }).finally(() => (this.#running = false));
  }

  #isOver(): boolean {
    return this.#stopped || house.link !== "live";
  }

  #next(): number | undefined {
    const { groups, bytes } = areKept(house.states.values());
    if (groups >= KEPT_GROUPS_MAX || bytes >= KEPT_BYTES_MAX) return undefined;
    return wanted().find((group) => this.#intake.cursor(group) === null);
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

/** Whoever pays for each megabyte has said so. */
const savesData = (): boolean => (navigator as Connected).connection?.saveData === true;

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function idle(): Promise<void> {
  if (!("requestIdleCallback" in globalThis)) return Promise.resolve(); // Safari has none
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: IDLE_WITHIN_MS }));
}
