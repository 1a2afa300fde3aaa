/** What stands on the screen outside of Clubroom, and goes from it again. */

import { familyOf } from "../state/family";
import {
  carriedBy,
  change,
  close,
  standing as standingOn,
  tagOf,
  tellsOf,
  type Carried,
} from "../state/shown";
import type { PushedEvent, PushedMessage } from "./payload";
import { scope } from "./scope";
import { words } from "./words";

/** What all browsers that have notifications know, and the types do not. */
interface Told extends NotificationOptions {
  data: Carried;
  renotify?: boolean;
  timestamp?: number;
  actions?: { action: string; title: string; type?: "text"; placeholder?: string }[];
}

const ICON = "/icons/icon-192.png";
const BADGE = "/icons/badge-96.png";

export const show = (title: string, told: Told): Promise<void> =>
  change(() =>
    scope.registration.showNotification(title, { icon: ICON, badge: BADGE, dir: "auto", ...told }),
  );

/**
 * With Apple each push has to show something, however needless, or the browser takes the subscription away. On its
 * phones every browser is of this kind.
 */
export const mustShow = (): boolean =>
  ["safari", "ios"].includes(familyOf({ userAgent: navigator.userAgent, maxTouchPoints: 0 }));

/** One for each conversation: the newest takes the place of those before it, and what comes too late of none. */
export async function showMessage(said: PushedMessage): Promise<void> {
  const { group, message, seq, title, body, silent } = said;
  const tag = tagOf(group);
  const newer = (await standing(tag)).find((one) => (carriedBy(one).seq ?? 0) > seq);
  if (newer) return mustShow() ? showAgain(newer) : undefined;
  const t = await words();
  await show(title, {
    body,
    tag,
    data: { kind: "message", group, message, seq },
    silent,
    renotify: !silent,
    timestamp: said.at,
    actions: [
      { action: "reply", title: t.reply, type: "text", placeholder: t.replyHint },
      { action: "read", title: t.read },
    ],
  });
}

/** One for each event: what came last is how it is. */
export async function showEvent({ group, title, body, ...said }: PushedEvent): Promise<void> {
  const t = await words();
  const event = { id: said.event, key: said.key };
  const actions = [
    { action: "going", title: t.going },
    { action: "no", title: t.cannot },
  ];
  await show(title, {
    body,
    tag: `event-${said.event}`,
    data: { kind: "event", group, event },
    renotify: true,
    actions: said.key === null ? [] : actions,
  });
}

/**
 * Away with what was read elsewhere. For each push something has to be shown, so it is first replaced, in silence;
 * a browser that finds that nothing stands here any more, shows nothing either.
 */
export async function withdraw(group: number, upTo: number): Promise<void> {
  const tag = tagOf(group);
  const read = (await standing(tag)).find((one) => tellsOf(carriedBy(one), group, upTo));
  if (!read) return;
  await showAgain(read);
  await close(await standing(tag));
}

/** Something came that this worker does not understand: an older one than the server, perhaps. */
export async function showStrange(): Promise<void> {
  const t = await words();
  await show(t.strange, { body: t.strangeBody, tag: "strange", data: { kind: "strange" } });
}

/** What could not be done from the notification; the words of an answer stay readable and can be sent again. */
export async function showFailure(of: Carried): Promise<void> {
  const t = await words();
  if (of.event) {
    const tag = `event-${of.event.id}`;
    return show(t.notAnswered, { body: t.notAnsweredBody, tag, data: of });
  }
  if (!of.answer) {
    const told = { body: t.notReadBody, tag: tagOf(of.group!), data: of, silent: true };
    return show(t.notRead, told);
  }
  await show(t.notSent, {
    body: of.answer.text,
    tag: `failed-${of.answer.id}`,
    data: { ...of, kind: "failed" },
    requireInteraction: true,
    actions: [{ action: "again", title: t.again }],
  });
}

const showAgain = (one: Notification): Promise<void> =>
  show(one.title, { body: one.body, tag: one.tag, data: carriedBy(one), silent: true });

const standing = (tag: string): Promise<Notification[]> => standingOn(scope.registration, tag);
