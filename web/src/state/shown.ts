/** The notifications that stand on this device: which of them a read pointer makes needless. */

/** What a notification of ours carries. */
export interface Carried {
  kind: "message" | "event" | "failed" | "test" | "strange";
  group?: number;
  message?: string;
  seq?: number;
  /** Of an event: which, and what somebody said to it before. */
  event?: { id: string; key: string | null; guests: number; note: string };
  /** Of an answer that could not be sent: its id, so that it goes out once, and its words. */
  answer?: { id: string; text: string };
}

export const carriedBy = (one: Notification): Carried => (one.data ?? { kind: "strange" }) as Carried;

export const tagOf = (group: number): string => `g${group}`;

/** Whether it tells of something in this group, up to there. */
export function tellsOf(carried: Carried, group: number, upTo: number): boolean {
  return carried.kind === "message" && carried.group === group && (carried.seq ?? 0) <= upTo;
}
