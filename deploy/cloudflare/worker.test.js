/** The worker alone, before a real origin: what passes, what does not, and what it answers itself. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import worker from "./worker.js";

const EDGE = "https://club.example";
const SECRET = "what only the edge knows";
let origin;
let asked;
let answer;

before(async () => {
  origin = createServer(async (request, response) => {
    const body = [];
    for await (const part of request) body.push(part);
    asked.push({
      ...request,
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.concat(body).toString(),
    });
    answer(response);
  });
  await new Promise((ready) => origin.listen(0, "127.0.0.1", ready));
});

after(() => origin.close());

beforeEach(() => {
  asked = [];
  answer = (response) => response.end("said");
});

function env(more = {}) {
  const { port } = origin.address();
  return {
    ORIGIN: `http://127.0.0.1:${port}`,
    CLUBROOM_EDGE_SECRET: SECRET,
    ASSETS: {
      fetch: async (request) => new Response(`asset ${new URL(request.url).pathname} ${request.method}`),
    },
    ...more,
  };
}

function ask(path, init = {}, more = {}) {
  const headers = { "cf-connecting-ip": "203.0.113.5", ...init.headers };
  return worker.fetch(
    new Request(EDGE + path, { ...init, headers, ...(init.body ? { duplex: "half" } : {}) }),
    env(more),
  );
}

test("a calendar is the origin's, whatever its name ends in", async () => {
  assert.equal(await (await ask("/calendar/somebody.ics")).text(), "said");
  assert.equal(asked[0].url, "/calendar/somebody.ics");
});

test("a call is passed on with method, path, question, body, cookie and origin as they came", async () => {
  const headers = { cookie: "refresh=1", origin: EDGE, "content-type": "application/json" };
  const got = await ask("/api/clubs?a=b%20c", { method: "POST", headers, body: '{"name":"é"}' });
  assert.equal(await got.text(), "said");
  const [call] = asked;
  assert.equal(call.method, "POST");
  assert.equal(call.url, "/api/clubs?a=b%20c");
  assert.equal(call.body, '{"name":"é"}');
  assert.equal(call.headers.cookie, "refresh=1");
  assert.equal(call.headers.origin, EDGE);
  assert.equal(call.headers["content-type"], "application/json");
});

test("the origin is told whose address it is, by the secret, whatever the client says of itself", async () => {
  const lies = {
    "x-forwarded-for": "1.1.1.1",
    forwarded: "for=1.1.1.1",
    "x-real-ip": "1.1.1.1",
    "clubroom-edge-secret": "guessed",
    "clubroom-edge-address": "1.1.1.1",
  };
  await ask("/api/health", { headers: lies });
  const { headers } = asked[0];
  assert.equal(headers["clubroom-edge-secret"], SECRET);
  assert.equal(headers["clubroom-edge-address"], "203.0.113.5");
  assert.equal(headers["x-forwarded-for"], "203.0.113.5");
  assert.equal(headers.forwarded, undefined);
  assert.equal(headers["x-real-ip"], undefined);
});

test("without a secret nothing of a client's own passes for one", async () => {
  const lies = { "clubroom-edge-secret": "guessed", "clubroom-edge-address": "1.1.1.1" };
  await ask("/api/health", { headers: lies }, { CLUBROOM_EDGE_SECRET: undefined });
  assert.equal(asked[0].headers["clubroom-edge-secret"], undefined);
  assert.equal(asked[0].headers["clubroom-edge-address"], undefined);
});

test("cookies, status and headers of the answer come back as they are, each cookie for itself", async () => {
  answer = (response) => {
    response.writeHead(429, { "set-cookie": ["a=1; Path=/api", "b=2; HttpOnly"], "retry-after": "7" });
    response.end("slowly");
  };
  const got = await ask("/api/sessions", { method: "POST" });
  assert.equal(got.status, 429);
  assert.deepEqual(got.headers.getSetCookie(), ["a=1; Path=/api", "b=2; HttpOnly"]);
  assert.equal(got.headers.get("retry-after"), "7");
});

test("a redirect is the client's to follow", async () => {
  answer = (response) => response.writeHead(303, { location: "/elsewhere" }).end();
  const got = await ask("/api/somewhere");
  assert.equal(got.status, 303);
  assert.equal(got.headers.get("location"), "/elsewhere");
  assert.equal(asked.length, 1);
});

test("an answer is passed on while it comes", async () => {
  let rest;
  answer = (response) => {
    response.write("first");
    rest = () => response.end("second");
  };
  const reader = (await ask("/api/export")).body.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "first");
  rest();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "second");
});

test("HEAD stays HEAD", async () => {
  assert.equal(await (await ask("/api/health", { method: "HEAD" })).text(), "");
  assert.equal(asked[0].method, "HEAD");
});

test("an origin below a path gets its path before each call", async () => {
  const below = { ORIGIN: `${env().ORIGIN}/stage/` };
  await ask("/api/health?x=1", {}, below);
  await ask("/socket", {}, below);
  assert.deepEqual(
    asked.map((call) => call.url),
    ["/stage/api/health?x=1", "/stage/socket"],
  );
});

test("sockets that are elsewhere are looked for there, at their own path", async () => {
  const elsewhere = {
    ORIGIN: "http://127.0.0.1:1",
    SOCKET_ORIGIN: `${env().ORIGIN.replace("http", "ws")}/dev`,
  };
  await ask("/socket", {}, elsewhere);
  assert.equal(asked[0].url, "/dev");
  assert.equal((await ask("/api/health", {}, elsewhere)).status, 503);
});

test("no path leads to another host than the origin", async () => {
  for (const path of [
    "/api//evil.example/x",
    "/api/@evil.example/",
    "/api/\\evil.example",
    "/api/..%2f..%2fx",
  ]) {
    assert.equal(await (await ask(path)).text(), "said");
  }
  assert.ok(asked.every((call) => call.url.startsWith("/api/")));
});

test("an origin that does not answer is told as the server tells it, and when to come again", async () => {
  const got = await ask("/api/health", {}, { ORIGIN: "http://127.0.0.1:1" });
  assert.equal(got.status, 503);
  assert.equal(got.headers.get("content-type"), "application/problem+json");
  assert.equal(got.headers.get("retry-after"), "1");
  const body = await got.json();
  assert.equal(body.code, "unavailable");
  assert.equal(body.retry_ms, 1000);
});

test("nothing goes to an origin in the clear, but on this computer", async () => {
  for (const more of [
    { ORIGIN: "http://origin.example" },
    { ORIGIN: "http://127.0.0.1.example" },
    { ORIGIN: "ws://origin.example" },
    { ORIGIN: "ftp://origin.example" },
  ]) {
    assert.deepEqual(await sentTo("/api/health", more), [503, []], JSON.stringify(more));
  }
  assert.deepEqual(await sentTo("/socket", { SOCKET_ORIGIN: "ws://sockets.example" }), [503, []]);
  assert.deepEqual(await sentTo("/socket", { SOCKET_ORIGIN: "wss://sockets.example/x" }), [
    200,
    ["https://sockets.example/x"],
  ]);
  assert.deepEqual(await sentTo("/api/health", { ORIGIN: "https://origin.example" }), [
    200,
    ["https://origin.example/api/health"],
  ]);
});

test("an origin that is not told is one that does not answer", async () => {
  assert.equal((await ask("/api/health", {}, { ORIGIN: undefined })).status, 503);
});

/** Status, and where the worker went for it: nothing leaves this computer. */
async function sentTo(path, more) {
  const went = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (request) => {
    went.push(request.url);
    return new Response("said");
  };
  try {
    return [(await ask(path, {}, more)).status, went];
  } finally {
    globalThis.fetch = real;
  }
}

test("every view of the client is its one page", async () => {
  for (const path of [
    "/clubs/42",
    "/welcome",
    "/privacy/x",
    "/apis",
    "/socket/x",
    "/assets",
    "/c/42/members/samlp%7Ccorp%7Cann.lee",
    "/a/b.php",
  ]) {
    assert.equal(await (await ask(path)).text(), "asset /app GET", path);
  }
  assert.equal(await (await ask("/sign-in", { method: "HEAD" })).text(), "asset /app HEAD");
  assert.equal(asked.length, 0);
});

test("a file that is not there is not the page", async () => {
  for (const path of ["/assets/old.1111.js", "/favicon.ico", "/.git/config", "/.env", "/a/%62.js"]) {
    const got = await ask(path);
    assert.equal(got.status, 404, path);
    assert.equal(got.headers.get("cache-control"), "no-store");
    assert.equal((await got.json()).code, "not_found");
  }
});

test("a page takes nothing", async () => {
  const got = await ask("/clubs/42", { method: "POST", body: "x" });
  assert.equal(got.status, 405);
  assert.equal(got.headers.get("allow"), "GET, HEAD");
});

test("a page is found by its address, in the language that is read best", async () => {
  const read = (path, languages) => ask(path, { headers: { "accept-language": languages } });
  for (const [path, languages, said, vary] of [
    ["/", "de-AT,de;q=0.9,en;q=0.8", "asset /pages/landing-de GET", "accept-language"],
    ["/", "fr", "asset /pages/landing-en GET", "accept-language"],
    ["/privacy/", "fr, de", "asset /pages/privacy-de GET", "accept-language"],
    ["/de/terms", "en", "asset /pages/terms-de GET", null],
    ["/en", "de", "asset /pages/landing-en GET", null],
    ["/de/about", "en", "asset /app GET", null],
    ["/constructor", "en", "asset /app GET", null],
  ]) {
    const got = await read(path, languages);
    assert.equal(await got.text(), said, path);
    assert.equal(got.headers.get("vary"), vary, path);
  }
  assert.equal(asked.length, 0);
});

const OURS = "<head><!--club-->\n<!--/club--></head> of this build";
const withOurs = (text = OURS) => ({
  ASSETS: { fetch: async () => new Response(text, { headers: { etag: '"1"', "x-fence": "yes" } }) },
});

test("a link to join shows in our own page what the origin shows of the club, and is kept nowhere", async () => {
  answer = (response) => response.end('<!--club--><meta content="$& Club"><!--/club--> of another build');
  const got = await ask("/join/K7QM-9XRT-2HVC", { headers: { "if-none-match": '"1"' } }, withOurs());
  assert.equal(
    await got.text(),
    '<head><!--club--><meta content="$& Club"><!--/club--></head> of this build',
  );
  assert.equal(asked[0].url, "/join/K7QM-9XRT-2HVC");
  assert.equal(asked[0].headers["clubroom-edge-address"], "203.0.113.5");
  assert.equal(asked[0].headers["if-none-match"], undefined);
  assert.equal(got.headers.get("cache-control"), "no-store");
  assert.equal(got.headers.get("x-robots-tag"), "noindex");
  assert.equal(got.headers.get("etag"), null);
  assert.equal(got.headers.get("x-fence"), "yes");
});

test("without the origin a link to join opens all the same", async () => {
  const there = withOurs();
  const got = await ask("/join/K7QM-9XRT-2HVC", {}, { ...there, ORIGIN: "http://127.0.0.1:1" });
  assert.deepEqual([got.status, await got.text()], [200, "<head><!--club--><!--/club--></head> of this build"]);
  answer = (response) => response.writeHead(503).end("<!--club-->trouble<!--/club-->");
  assert.match(await (await ask("/join/K7QM-9XRT-2HVC", {}, there)).text(), /<!--club--><!--\/club-->/);
});

const NO_CLUB = "<head><!--club--><!--/club--></head> of this build";

test("an origin that stalls in its answer does not keep a link to join shut", async (t) => {
  const real = globalThis.fetch;
  t.after(() => (globalThis.fetch = real));
  const reading = new Promise((begin) => {
    const body = new ReadableStream({ pull: begin }, { highWaterMark: 0 }); // nothing ever comes
    globalThis.fetch = async () => new Response(body);
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = ask("/join/K7QM-9XRT-2HVC", {}, withOurs());
  await reading;
  t.mock.timers.tick(3000);
  assert.equal(await (await page).text(), NO_CLUB);
});

test("an origin that breaks off in its answer does not keep a link to join shut", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("<!--club-->", () => response.destroy());
  };
  assert.equal(await (await ask("/join/K7QM-9XRT-2HVC", {}, withOurs())).text(), NO_CLUB);
});

test("who reads pages is told in words that a file is not there", async () => {
  const got = await ask("/none.js", { headers: { accept: "text/html,*/*", "accept-language": "de" } });
  assert.deepEqual([got.status, await got.text()], [404, "asset /pages/not-found-de GET"]);
  assert.equal((await ask("/none.js")).headers.get("content-type"), "application/problem+json");
});
