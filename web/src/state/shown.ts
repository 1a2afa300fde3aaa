/** The notifications that stand on this device: which of them a read pointer makes needless. */

import { oneAtATime } from "./locks";

/** What a notification of ours carries. */
export interface Carried {
  kind: "message" | "event" | "failed" | "test" | "strange";
  group?: number;
  message?: string;
  seq?: number;
  event?: { id: string; key: string | null };
  /** Of an answer that could not be sent: its id, so that it goes out once, and its words. */
  answer?: { id: string; text: string };
}

const TURNS = "notifications";
const SETTLES_MS = 250;

/**
 * Whoever shows, closes or looks at notifications takes turns, here and in the service worker. Chromium writes down
 * what is to be shown before it stands on the screen: whoever looks in between strikes it out, and what is closed takes
 * along what comes under its name right after it. So each change has a moment to itself.
 */
export const change = (what: () => unknown): Promise<void> =>
  oneAtATime(TURNS, async () => {
    await what();
    await new Promise((settled) => setTimeout(settled, SETTLES_MS));
  });

export const close = (ones: readonly Notification[]): Promise<void> =>
  change(() => ones.forEach((one) => one.close()));

export const standing = (on: ServiceWorkerRegistration, tag?: string): Promise<Notification[]> =>
  oneAtATime(TURNS, () => on.getNotifications({ tag }));

export const carriedBy = (one: Notification): Carried => (one.data ?? { kind: "strange" }) as Carried;

export const tagOf = (group: number): string => `g${group}`;

/** Whether it tells of something in this group, up to there. */
export function tellsOf(carried: Carried, group: number, upTo: number): boolean {
  return carried.kind === "message" && carried.group === group && (carried.seq ?? 0) <= upTo;
}
