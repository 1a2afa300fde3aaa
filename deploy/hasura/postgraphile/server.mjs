// GraphQL over what each person may read. It asks row-level security alone, as whom the token names.
//
// CLUBROOM_URL          where Clubroom is, as its tokens say it (their issuer)
// CLUBROOM_GATEWAY_URL  the database, as a role that may take on clubroom_reader and nothing else
// CLUBROOM_KEYS_URL     where its keys are fetched, if not there; PORT and HOST to listen on (5678, 127.0.0.1)

import { createServer } from "node:http";
import { getOperationAST, parse, Source, specifiedRules, validate } from "graphql";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { postgraphile } from "postgraphile";
import { execute, hookArgs } from "postgraphile/grafast";
import { bound, TooMuch } from "./bounds.mjs";
import { Full, Places } from "./places.mjs";
import { preset } from "./preset.mjs";
import { inTurn } from "./turns.mjs";

const BODY_BYTES_MAX = 32_768;
const TOKENS_MAX = 2_000;
const AUDIENCE = "clubroom-reading";
const ALGORITHMS = ["ES256"];
const TYPE = "reading+jwt";
const BODY_MS = 10_000;
const QUESTION_MS = 10_000;
const LOOK_MS = 1_000; // how often Node looks for requests that take longer than BODY_MS to come

const { CLUBROOM_URL, CLUBROOM_GATEWAY_URL, CLUBROOM_KEYS_URL, PORT = "5678", HOST = "127.0.0.1" } = process.env;
if (!CLUBROOM_URL || !CLUBROOM_GATEWAY_URL) throw new Error("CLUBROOM_URL and CLUBROOM_GATEWAY_URL are needed.");

const keys = createRemoteJWKSet(new URL(CLUBROOM_KEYS_URL ?? `${CLUBROOM_URL}/api/jwks.json`));
const gateway = postgraphile(preset(CLUBROOM_GATEWAY_URL));
const { schema, resolvedPreset } = await gateway.getSchemaResult();
const places = new Places();

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The user id in the token. */
async function asker(request) {
  const [kind, token] = (request.headers.authorization ?? "").split(" ");
  if (kind.toLowerCase() !== "bearer" || !token) throw new Refused(401, "A token for reading is needed.");
  try {
    const wanted = { algorithms: ALGORITHMS, audience: AUDIENCE, issuer: CLUBROOM_URL, typ: TYPE };
    const { payload } = await jwtVerify(token, keys, { ...wanted, requiredClaims: ["sub", "exp"] });
    return payload.sub;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new Refused(401, "This token is no good here.");
    throw new Refused(503, "The keys cannot be fetched.");
  }
}

async function asked(request) {
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/json") throw new Refused(415, "The question is JSON.");
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new Refused(413, `At most ${BODY_BYTES_MAX} bytes.`);
    parts.push(part);
  }
  let body;
  try {
    body = JSON.parse(Buffer.concat(parts).toString());
  } catch {
    throw new Refused(400, "This is no JSON.");
  }
  const variables = body?.variables ?? {};
  if (typeof body?.query !== "string" || typeof variables !== "object" || Array.isArray(variables)) {
    throw new Refused(400, "A query is a text, its variables are an object.");
  }
  return { query: body.query, variables, name: body.operationName ?? undefined };
}

/** A document that is valid and bounded. */
function understood({ query, variables, name }) {
  let document;
  try {
    document = parse(new Source(query), { maxTokens: TOKENS_MAX });
  } catch (error) {
    throw new Refused(400, error.message);
  }
  const wrong = validate(schema, document, specifiedRules, { maxErrors: 5 });
  if (wrong.length) throw new Refused(400, wrong[0].message);
  const operation = getOperationAST(document, name);
  if (operation?.operation !== "query") throw new Refused(400, "One query is answered, and nothing else.");
  try {
    bound(schema, document, operation, variables);
  } catch (error) {
    if (error instanceof TooMuch) throw new Refused(400, error.message);
    throw error;
  }
  return document;
}

/** What the database says, until `gone` is aborted or the time is over. */
async function answered(user, document, question, gone) {
  const endMs = performance.now() + QUESTION_MS;
  const late = AbortSignal.timeout(QUESTION_MS);
  const args = await hookArgs({
    schema,
    document,
    variableValues: question.variables,
    operationName: question.name,
    resolvedPreset,
    requestContext: { user },
  });
  const { contextValue } = args;
  contextValue.withPgClient = inTurn(contextValue.withPgClient, AbortSignal.any([late, gone]), endMs);
  const { data, errors: failed } = await execute(args);
  if (late.aborted) throw new Refused(503, `An answer has ${QUESTION_MS / 1000} seconds. Ask for less.`);
  return { data, ...(failed && { errors: failed.map(({ path }) => ({ message: "It failed.", path })) }) };
}

/** `gone` is aborted when whoever asks has hung up. */
async function answer(request, gone) {
  if (new URL(request.url, "http://gateway").pathname !== "/graphql") throw new Refused(404, "Nothing here.");
  if (request.method !== "POST") throw new Refused(405, "Questions are posted.");
  const user = await asker(request);
  const question = await asked(request);
  const giveBack = places.take(user); // not before: who sends slowly keeps nobody out
  try {
    return await answered(user, understood(question), question, gone);
  } finally {
    giveBack(); // all that was begun has ended
  }
}

async function serve(request, response) {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  let status = 200;
  let said;
  try {
    said = await answer(request, gone.signal);
  } catch (error) {
    if (response.destroyed) return;
    const told = error instanceof Refused || error instanceof Full;
    status = told ? error.status : 500;
    said = { errors: [{ message: told ? error.message : "It failed." }] };
    if (status === 500) console.error(error.constructor.name); // its words may hold what somebody wrote
  }
  if (response.destroyed) return;
  const again = status === 429 || status === 503 ? { "retry-after": "1" } : {};
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...again });
  response.end(JSON.stringify(said));
}

const times = { requestTimeout: BODY_MS, headersTimeout: BODY_MS, connectionsCheckingInterval: LOOK_MS };
const server = createServer(times, serve);
server.listen(Number(PORT), HOST, () => console.log(`GraphQL is read at http://${HOST}:${server.address().port}/graphql`));

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0)); // what was asked is answered, for as long as an answer may take
    server.closeIdleConnections();
  });
}
