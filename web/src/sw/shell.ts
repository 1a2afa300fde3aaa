/** Keeps the shell, so that Clubroom opens without a connection. Never touches /api. */

import { isPage } from "../pages/addresses";
import { scope } from "./scope";

/** Both are written in when the worker is built. */
declare const __BUILD__: string;
declare const __FILES__: string[];

const FILES = __FILES__;
const CACHE = `clubroom-${__BUILD__}`;
/** Also for `/`: whoever has this worker has the app, and needs no page that tells of it. */
const SHELL = "/app";

scope.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => scope.clients.claim()));
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (request.mode === "navigate") {
    if (isPage(url.pathname)) event.respondWith(pageOrShell(url.pathname, request));
    else if (!isOurs(url.pathname)) event.respondWith(fromShell(SHELL, request));
    return;
  }
  if (FILES.includes(url.pathname) || url.pathname.startsWith("/assets/")) {
    event.respondWith(fromShell(url.pathname, request));
  }
});

/** Paths that the server answers itself. */
function isOurs(path: string): boolean {
  return path.startsWith("/api/") || path === "/socket";
}

/** As it is now; without a connection as it was read last, and else the app, which says that it is not to be had. */
async function pageOrShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) cache.put(path, answer.clone()).catch(() => undefined); // no room: not without a connection
    return answer;
  } catch {
    return (await cache.match(path)) ?? (await caches.match(path)) ?? fromShell(SHELL, request);
  }
}

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
}

/** The shell before this one stays: a tab that still runs it may yet ask for a part of it. */
async function dropOldShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("clubroom-") && name !== CACHE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? (await caches.match(path)) ?? keepLate(cache, path, request);
}

/** What was not kept from the beginning, because it is large and not everybody asks for it, is kept from now on. */
async function keepLate(cache: Cache, path: string, request: Request): Promise<Response> {
  const answer = await fetch(request);
  if (answer.ok && path.startsWith("/assets/")) {
    cache.put(path, answer.clone()).catch(() => undefined); // no room: it is fetched again next time
  }
  return answer;
}
