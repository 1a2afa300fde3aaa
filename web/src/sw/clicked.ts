/** What is pressed on a notification: it leads to the message, answers it, or marks it as read. */

import { carriedBy, close, type Carried } from "../state/shown";
import type { Method } from "../wire/http";
import { uuid7 } from "../wire/uuid7";
import { callAsMe } from "./asMe";
import { scope } from "./scope";
import { showFailure } from "./showing";
import { comeTo } from "./windows";

scope.addEventListener("notificationclick", (event) => {
  const on = carriedBy(event.notification);
  // The words of an answer that did not go out stand nowhere else.
  if (on.kind !== "failed" || event.action === "again") event.waitUntil(close([event.notification]));
  // Whoever can write into a notification gives their words along; the types do not know it.
  const { reply } = event as { reply?: string | null };
  event.waitUntil(pressed(event.action, on, reply?.trim() ?? ""));
});

async function pressed(action: string, on: Carried, reply: string): Promise<void> {
  if (action === "read") return read(on);
  if (action === "again" && on.answer) return answer(on);
  if (action === "reply" && reply) return answer({ ...on, answer: { id: uuid7(), text: reply } });
  if ((action === "going" || action === "no") && on.event?.key) return sayTo(on, action);
  return comeTo(pathOf(on, action === "reply" || on.kind === "failed"));
}

/** Whoever answers has read what they answer. */
async function answer({ answer: said, ...on }: Carried): Promise<void> {
  const words = { group: on.group, text: said!.text };
  if (await attempt({ ...on, answer: said! }, "PUT", `/messages/${said!.id}`, words))
    await read({ ...on, kind: "message" });
}

/** Nothing but the answer, so that guests and note stay. The same again changes nothing: it may be tried more than once. */
async function sayTo(on: Carried, answer: "going" | "no"): Promise<void> {
  const { id, key } = on.event!;
  await attempt(on, "PUT", `/events/${id}/answer`, { key, answer });
}

async function read(on: Carried): Promise<void> {
  await attempt(on, "PUT", `/groups/${on.group}/read`, { seq: on.seq });
}

/** What went wrong is shown, whatever it was: nobody else is there to be told. */
async function attempt(on: Carried, method: Method, path: string, body: unknown): Promise<boolean> {
  try {
    await callAsMe(method, path, body);
    return true;
  } catch {
    await showFailure(on);
    return false;
  }
}

function pathOf({ kind, group, message }: Carried, write: boolean): string {
  if (kind === "test") return "/settings/notifications";
  if (kind === "event" && group) return `/c/${group}`;
  if (!group || !message) return "/";
  return `/c/${group}/m/${message}${write ? "/write" : ""}`;
}
