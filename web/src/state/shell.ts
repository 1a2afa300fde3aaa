/** The stored shell: registered once, looked after while a tab stays open for weeks, renewed when it is too old. */

const LOOK_EVERY_MS = 60 * 60_000;
const RENEW_WITHIN_MS = 6_000;

export async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js").catch(() => null);
  if (!registration) return;
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < LOOK_EVERY_MS) return;
    looked = Date.now();
    void registration.update().catch(() => undefined);
  });
}

/** Loads the page anew with the newest shell, not with the stored one that the server has refused. */
export async function renewShell(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const renewed = registration?.update().then(activated, () => undefined);
  await Promise.race([renewed, new Promise((resolve) => setTimeout(resolve, RENEW_WITHIN_MS))]);
  location.reload();
}

/** Whether there is a way to the server just now. */
export function serverAnswers(): Promise<boolean> {
  return fetch("/sw.js", { method: "HEAD", cache: "no-store" }).then(
    (answer) => answer.ok,
    () => false,
  );
}

function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return Promise.resolve();
  return new Promise((resolve) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
  });
}
