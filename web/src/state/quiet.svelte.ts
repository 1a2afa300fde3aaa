/** What somebody wants quiet from. A time that was set ends on the screen by itself, on every device. */

import type { Level } from "../wire/types";
import { house } from "./house.svelte";

const WAIT_MS_MAX = 2_000_000_000; // a longer clock goes off at once

class Quiet {
  #now = $state(Date.now());

  /** Whether this group is muted at this moment. */
  in(group: number): boolean {
    const mute = house.entry(group)?.mute;
    return !!mute && (mute.until === null || Date.parse(mute.until) > this.#now);
  }

  /** What is told of it: one's own word for it, else for its club, else what the club says. */
  levelIn(group: number): Level {
    return house.entry(group)?.level ?? this.levelAround(group);
  }

  /** What holds where one has not said anything about the group itself. */
  levelAround(group: number): Level {
    const entry = house.entry(group);
    const club = entry?.parent ? house.entry(entry.parent) : null;
    return club?.level ?? (club ?? entry)?.default_level ?? "all";
  }

  /** Call within an effect: looks again when the next one ends. Gives the end of it. */
  watch(): () => void {
    const ends = (house.me?.groups ?? [])
      .map((entry) => Date.parse(entry.mute?.until ?? ""))
      .filter((until) => until > this.#now);
    if (ends.length === 0) return () => undefined;
    const wait = Math.min(Math.max(0, Math.min(...ends) - Date.now()) + 1, WAIT_MS_MAX);
    const clock = setTimeout(() => (this.#now = Date.now()), wait);
    return () => clearTimeout(clock);
  }
}

export const quiet = new Quiet();
