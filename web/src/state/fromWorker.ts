/** What the service worker asks of this page, and where it leads it: somebody pressed a notification. */

import { calling } from "./calling.svelte";
import { house } from "./house.svelte";
import { router } from "./router.svelte";
import type { ToPage } from "./told";

/** Call at once: what was said before anybody listened is lost. */
export function listenToWorker(): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", ({ data, ports }: MessageEvent<ToPage>) => {
    if (data.kind === "go") router.go(data.path);
    else ports[0]?.postMessage(shows(data.group, data.message));
  });
}

/** What comes in this room is before somebody's eyes, or this message was, as a word from elsewhere. */
function shows(group: number, message: string): boolean {
  const { route } = router;
  const inRoom = route.view === "room" && route.group === group && route.over === null;
  return house.looking && house.link === "live" && (inRoom || calling.wasShown(message));
}
