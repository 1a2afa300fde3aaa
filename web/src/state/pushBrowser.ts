/** All that is asked of the browser about notifications, in one place, so that tests can stand in for it. */

import { familyOf, type Family } from "./family";
import { carriedBy, close, standing, tellsOf } from "./shown";
import { subscribeBy, subscribedBy, unsubscribeBy, type Subscribed } from "./subscribing";

/** "home-screen": only from there can this phone be reached. "insecure": an address without https. */
export type Support = "yes" | "home-screen" | "insecure" | "no";

export interface PushBrowser {
  readonly support: Support;
  readonly family: Family;
  permission(): NotificationPermission;
  /** Only after a click: first of all what the click does. */
  ask(): Promise<NotificationPermission>;
  subscribed(): Promise<Subscribed | null>;
  subscribe(key: string): Promise<Subscribed>;
  unsubscribe(): Promise<void>;
  /** Takes away what tells of messages that are read; with null all there is. */
  withdraw(reads: ReadonlyMap<number, number> | null): Promise<void>;
  /** Calls when somebody allows or forbids it in the browser. */
  onPermission(changed: () => void): void;
}

export const thisBrowser: PushBrowser = {
  get support() {
    if (!globalThis.isSecureContext) return "insecure";
    if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return "yes";
    return familyOf(navigator) === "ios" && !standalone() ? "home-screen" : "no";
  },
  get family() {
    return familyOf(navigator);
  },
  permission: () => Notification.permission,
  ask: () => Notification.requestPermission(),
  subscribed: async () => subscribedBy(await registration()),
  subscribe: async (key) => subscribeBy(await registration(), key),
  unsubscribe: async () => unsubscribeBy(await registration()),
  async withdraw(reads) {
    const needless = (await standing(await registration())).filter((one) => {
      const carried = carriedBy(one);
      return !reads || tellsOf(carried, carried.group ?? 0, reads.get(carried.group ?? 0) ?? 0);
    });
    if (needless.length > 0) await close(needless);
  },
  onPermission(changed) {
    const asked = navigator.permissions?.query({ name: "notifications" });
    // A browser that cannot be asked for it: it is looked at when the settings are opened.
    asked?.then((status) => status.addEventListener("change", changed)).catch(() => undefined);
  },
};

const standalone = (): boolean => matchMedia("(display-mode: standalone)").matches;

/** The worker is registered as the page starts; without one `ready` would wait for ever. */
async function registration(): Promise<ServiceWorkerRegistration> {
  if (!(await navigator.serviceWorker.getRegistration())) throw new Error("there is no service worker");
  return navigator.serviceWorker.ready;
}
