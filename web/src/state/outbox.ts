/** What was written and is not yet confirmed: its order, and what each answer of the server does to it. Pure. */

import type { ErrorCode } from "../wire/types";

export type SendState =
  | "waiting" // not tried yet
  | "sending" // under way
  | "unconfirmed" // tried, no answer: it may have arrived
  | "failed" // refused for good: Retry or Remove
  | "sent"; // confirmed; only until the log that has it is kept here

export interface Outgoing {
  id: string;
  group: number;
  text: string;
  /** The message that it answers. */
  replyTo?: string;
  /** The files it waits for, by their keys on this device, in their order. */
  files?: readonly string[];
  /** Place in the queue: grows with each message written on this device. */
  order: number;
  writtenAt: string;
  state: SendState;
  /** Why it was refused. */
  code?: ErrorCode;
  /** Its place in the log, once it is sent. */
  seq?: number;
}

const byOrder = (a: Outgoing, b: Outgoing) => a.order - b.order || (a.id < b.id ? -1 : 1);

export function inOrder(items: Iterable<Outgoing>): Outgoing[] {
  return [...items].sort(byOrder);
}

/**
 * The one message of this group that may go out now: the first that is not refused and does not wait for files.
 * One in flight per group.
 */
export function nextToSend(
  items: Iterable<Outgoing>,
  group: number,
  hasFiles: (item: Outgoing) => boolean = () => true,
): Outgoing | null {
  const queue = inOrder(items).filter((item) => item.group === group);
  if (queue.some((item) => item.state === "sending")) return null;
  const goes = ({ state }: Outgoing) => state === "waiting" || state === "unconfirmed";
  return queue.find((item) => goes(item) && hasFiles(item)) ?? null;
}

/** After a restart nothing is under way any more: it may have arrived. */
export function afterRestart(item: Outgoing): Outgoing {
  return item.state === "sending" ? { ...item, state: "unconfirmed" } : item;
}

/** Of no use any more: this device holds the log as far as its place. */
export function isKept(item: Outgoing, upTo: number): boolean {
  return item.state === "sent" && (item.seq ?? 0) <= upTo;
}

export type Answer =
  | { kind: "sent"; seq: number }
  | { kind: "silence" } // no answer in time, connection lost
  | { kind: "refused"; code: ErrorCode; passing: boolean };

export function answered(item: Outgoing, answer: Answer): Outgoing {
  switch (answer.kind) {
    case "sent":
      return { ...item, state: "sent", seq: answer.seq };
    case "silence":
      return { ...item, state: "unconfirmed" };
    case "refused":
      return answer.passing ? { ...item, state: "waiting" } : { ...item, state: "failed", code: answer.code };
  }
}
