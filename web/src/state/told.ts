/**
 * Between page and service worker. The worker may wake up without a page: whose device this is, and in which language,
 * is kept in the cache storage, because that is what both can reach.
 */

export interface Told {
  user: string;
  language: string;
}

/** What the worker says to a page: a question about what it shows, or where somebody wants to go. */
export type ToPage = { kind: "shows?"; group: number; message: string } | { kind: "go"; path: string };

const PLACE = "told"; // not "clubroom-…": those are shells, and go when a newer one comes
const NAME = "/told";

/** Without a safe address there is no such storage, and no worker either. */
const possible = (): boolean => "caches" in globalThis;

export async function tellWorker(told: Told): Promise<void> {
  if (!possible()) return;
  await (await caches.open(PLACE)).put(NAME, new Response(JSON.stringify(told)));
}

export async function toldByPage(): Promise<Told | null> {
  const kept = await (await caches.open(PLACE)).match(NAME);
  return kept ? ((await kept.json()) as Told) : null;
}

export async function tellWorkerNothing(): Promise<void> {
  if (possible()) await caches.delete(PLACE);
}
