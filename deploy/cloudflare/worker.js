/**
 * The edge: what belongs to the client is served from here, `/api` and `/socket` are the origin's.
 *
 * Files of the client never come this way: they are found before the worker is asked, and get their headers from
 * `_headers`. So it sees calls, sockets, views of the client, and files that are not there.
 *
 * `ORIGIN` is where Clubroom answers, `SOCKET_ORIGIN` where its sockets are, with its path, if that is elsewhere.
 * `CLUBROOM_EDGE_SECRET` tells the origin that it is us who say whose address stands behind a request.
 */

const SOCKET = "/socket";
/** Calls, and what calendars fetch by themselves. */
const CALLS = ["/api/", "/calendar/"];
const EDGE_SECRET = "clubroom-edge-secret";
const EDGE_ADDRESS = "clubroom-edge-address";
/** What a client could write to seem to be somebody else. */
const FORGED = ["forwarded", "x-forwarded-for", "x-real-ip", EDGE_SECRET, EDGE_ADDRESS];
const RETRY_MS = 1000;

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    const ours = pathname === SOCKET || pathname === "/api" || CALLS.some((one) => pathname.startsWith(one));
    return ours ? fromOrigin(request, env) : view(request, env);
  },
};

/** Every path without a dot is a view of the client, as on the server itself. */
async function view(request, env) {
  const url = new URL(request.url);
  if (url.pathname.includes(".")) return problem("not_found");
  if (!["GET", "HEAD"].includes(request.method)) return problem("method_not_allowed", { allow: "GET, HEAD" });
  return env.ASSETS.fetch(new Request(new URL("/", url), request));
}

/** Neither followed nor kept; bodies and sockets go through as they come. */
async function fromOrigin(request, env) {
  const headers = new Headers(request.headers);
  for (const name of FORGED) headers.delete(name);
  const address = request.headers.get("cf-connecting-ip");
  if (address) {
    headers.set("x-forwarded-for", address);
    if (env.CLUBROOM_EDGE_SECRET) {
      headers.set(EDGE_SECRET, env.CLUBROOM_EDGE_SECRET);
      headers.set(EDGE_ADDRESS, address);
    }
  }
  const there = at(request.url, env);
  const passed = new Request(there, request);
  try {
    return await fetch(passed, { headers, redirect: "manual", cache: "no-store" });
  } catch (error) {
    console.error(`The origin ${there.host} does not answer: ${error.message}`);
    return problem("unavailable", { "retry-after": String(RETRY_MS / 1000) });
  }
}

/** Where the origin has what is asked for here. */
function at(asked, env) {
  const { pathname, search } = new URL(asked);
  const elsewhere = pathname === SOCKET && env.SOCKET_ORIGIN;
  const there = new URL((elsewhere || env.ORIGIN).replace(/^ws/, "http"));
  if (!elsewhere) there.pathname = there.pathname.replace(/\/$/, "") + pathname;
  there.search = search;
  return there;
}

const PROBLEMS = {
  not_found: { title: "There is nothing here, or it is not for you.", status: 404 },
  method_not_allowed: { title: "This cannot be done here.", status: 405 },
  unavailable: { title: "Not available right now. Try again in a moment.", status: 503, retry_ms: RETRY_MS },
};

/** What the server would say (RFC 9457). */
function problem(code, more = {}) {
  const { title, status, ...rest } = PROBLEMS[code];
  const body = { type: `urn:clubroom:error:${code}`, title, status, code, ...rest };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...more,
  };
  return new Response(JSON.stringify(body), { status, headers });
}
