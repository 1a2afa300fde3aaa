/**
 * The edge: pages and what belongs to the client are served from here, `/api` and `/socket` are the origin's. Of a
 * link to join only what it shows of the club is the origin's.
 *
 * Files of the client never come this way: they are found before the worker is asked, and get their headers from
 * `_headers`. So it sees calls, sockets, pages, views of the client, and files that are not there.
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
/** The app, which stands for each of its views. */
const APP = "/app";
/** Pages that are read without the app, by their address; behind `/en` and `/de` in that language. As in fe/pages.py. */
const PAGES = { "": "landing", about: "landing", privacy: "privacy", terms: "terms", licences: "licences" };
const LANGUAGES = ["en", "de"];
const LANGUAGES_READ_MAX = 20;
const JOIN = /^join\/([^/]*)$/;
/** Between these the page says what a link to join shows of a club. As in fe/joining.py. */
const CLUB = /<!--club-->.*?<!--\/club-->/s;
const JOINING = { "cache-control": "no-store", "x-robots-tag": "noindex" };
const CLUB_WAITS_MS = 3000;
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

/** A page, or a view of the client: every path that is not named as a file. */
async function view(request, env) {
  const url = new URL(request.url);
  const name = named(url.pathname);
  if (NO_VIEW.test(name)) return nothing(request, env);
  if (!["GET", "HEAD"].includes(request.method)) return problem("method_not_allowed", { allow: "GET, HEAD" });
  if (JOIN.test(name)) return joining(request, env);
  const page = pageAt(name, request);
  if (!page) return asset(APP, request, env);
  const said = { "content-language": page.language };
  if (page.chosen) said.vary = "accept-language";
  return told(await asset(`/pages/${page.name}-${page.language}`, request, env), said);
}

function asset(path, request, env) {
  return env.ASSETS.fetch(new Request(new URL(path, request.url), request));
}

/** The same answer with more headers. */
function told(answer, headers, body = answer.body, status = answer.status) {
  const more = new Response(body, { status, headers: answer.headers });
  for (const [name, value] of Object.entries(headers)) more.headers.set(name, value);
  return more;
}

function pageAt(name, request) {
  const [first, ...rest] = name.split("/");
  const named = LANGUAGES.includes(first);
  const path = named ? rest.join("/") : name;
  if (!Object.hasOwn(PAGES, path) || (named && path === "about")) return null;
  return { name: PAGES[path], language: named ? first : spoken(request), chosen: !named };
}

/** The first language that is ours; browsers name them in the order of what people read best. */
function spoken(request) {
  const wanted = (request.headers.get("accept-language") ?? "").split(",").slice(0, LANGUAGES_READ_MAX);
  const ours = wanted.map((one) => one.trim().slice(0, 2).toLowerCase());
  return ours.find((one) => LANGUAGES.includes(one)) ?? LANGUAGES[0];
}

/** In words for people, and else as every call says it. */
async function nothing(request, env) {
  const reads = request.method === "GET" || request.method === "HEAD";
  if (!reads || !request.headers.get("accept")?.includes("text/html")) return problem("not_found");
  const language = spoken(request);
  const plain = new Request(request.url, { method: request.method }); // never 304
  const page = await asset(`/pages/not-found-${language}`, plain, env);
  return told(page, { "content-language": language, "cache-control": "no-store" }, page.body, 404);
}

/**
 * Our own page, with what the origin shows of the club: its page may be of another build, whose files are not here.
 * Without an origin the page opens all the same.
 */
async function joining(request, env) {
  const anew = withoutNews(request);
  const [page, shown] = await Promise.all([asset(APP, anew, env), clubShown(anew, env)]);
  const text = await page.text();
  const body = request.method === "HEAD" ? null : text.replace(CLUB, () => shown);
  const answer = told(page, JOINING, body);
  for (const name of ["etag", "content-length"]) answer.headers.delete(name);
  return answer;
}

/** The same question, but not only for news: this page is made anew each time. */
function withoutNews(request) {
  const headers = new Headers(request.headers);
  for (const name of ["if-none-match", "if-modified-since"]) headers.delete(name);
  return new Request(request.url, { headers });
}

/** What the origin says of the club; nothing, if it stalls or breaks off, be it in the middle of its answer. */
async function clubShown(request, env) {
  let givenUp;
  const patience = new Promise((late) => (givenUp = setTimeout(late, CLUB_WAITS_MS, "")));
  const told = fromOrigin(request, env)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "");
  const page = await Promise.race([told, patience]);
  clearTimeout(givenUp);
  return CLUB.exec(page)?.[0] || "<!--club--><!--/club-->";
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
