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
/** Paths that are a file or nothing, as on the server itself (src/clubroom/fe/http.py). */
const NO_VIEW = /^(\.|assets\/)|\.(css|html|ico|js|json|map|png|svg|txt|webmanifest|woff2)$/i;
/** Where `wrangler dev` finds a server: nobody else is on the way there. */
const THIS_COMPUTER = ["localhost", "127.0.0.1", "[::1]"];
const RETRY_MS = 1000;

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    const ours = pathname === SOCKET || pathname === "/api" || CALLS.some((one) => pathname.startsWith(one));
    return ours ? fromOrigin(request, env) : view(request, env);
  },
};

/** Every path that is not named as a file is a view of the client. */
async function view(request, env) {
  const url = new URL(request.url);
  if (NO_VIEW.test(named(url.pathname))) return problem("not_found");
  if (!["GET", "HEAD"].includes(request.method)) return problem("method_not_allowed", { allow: "GET, HEAD" });
  return env.ASSETS.fetch(new Request(new URL("/", url), request));
}

/** As the server sees it: without the slashes around it, and what is written as %2e is a dot. */
function named(pathname) {
  const ascii = (_, code) => String.fromCharCode(parseInt(code, 16));
  return pathname.replace(/%([0-7][0-9a-f])/gi, ascii).replace(/^\/+|\/+$/g, "");
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
  let there;
  try {
    there = at(request.url, env);
    return await fetch(new Request(there, request), { headers, redirect: "manual", cache: "no-store" });
  } catch (error) {
    console.error(`The origin ${there?.host ?? ""} does not answer: ${error.message}`);
    return problem("unavailable", { "retry-after": String(RETRY_MS / 1000) });
  }
}

/** Where the origin has what is asked for here. Throws where cookies, tokens and the secret would go in the clear. */
function at(asked, env) {
  const { pathname, search } = new URL(asked);
  const elsewhere = pathname === SOCKET && env.SOCKET_ORIGIN;
  const there = new URL((elsewhere || env.ORIGIN).replace(/^ws/, "http"));
  if (there.protocol !== "https:" && !THIS_COMPUTER.includes(there.hostname)) throw new Error("It is not https.");
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
