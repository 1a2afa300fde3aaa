/** This browser's subscription at its maker's push service, as the server wants to know it. */

import type { PutPush } from "../wire/types";
import { bytesOf, textOf } from "./pushKey";

export interface Subscribed {
  address: string;
  p256dh: string;
  auth: string;
  /** The server key that it was made for. */
  key: string;
}

/** Tabs and the worker hold one subscription: only one of them at a time looks at it and changes it. */
export const SUBSCRIBING = "clubroom-push";

export async function subscribedBy(registration: ServiceWorkerRegistration): Promise<Subscribed | null> {
  const found = await registration.pushManager.getSubscription();
  return found && described(found);
}

/** The browser, or the service that its maker runs for it, did not want to. */
export class NotSubscribed extends Error {}

/** In place of any older one: a browser holds one, and only for one key. */
export async function subscribeBy(registration: ServiceWorkerRegistration, key: string): Promise<Subscribed> {
  await unsubscribeBy(registration);
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  try {
    return described(await registration.pushManager.subscribe(options));
  } catch (error) {
    throw new NotSubscribed(String(error));
  }
}

export async function unsubscribeBy(registration: ServiceWorkerRegistration): Promise<void> {
  await (await registration.pushManager.getSubscription())?.unsubscribe();
}

export const addressOf = ({ address, p256dh, auth }: Subscribed): PutPush => ({
  kind: "web",
  address,
  p256dh,
  auth,
});

const described = (found: PushSubscription): Subscribed => ({
  address: found.endpoint,
  p256dh: textOf(found.getKey("p256dh")),
  auth: textOf(found.getKey("auth")),
  key: textOf(found.options.applicationServerKey),
});
