// A certified issuer (npm oidc-provider) on loopback, with its own pages to sign in and to agree. Whatever name is typed
// is who comes. A test tells it by POST /control who people are, who its client is, and that it has new keys.

import { createServer } from "node:http";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import Provider from "oidc-provider";

const people = new Map();
let client = null;
let keys = [fresh("RS256")];
let answer = (_, response) => response.writeHead(503).end();

function fresh(alg) {
  const pair = alg === "RS256" ? ["rsa", { modulusLength: 2048 }] : ["ec", { namedCurve: "P-256" }];
  return { ...generateKeyPairSync(...pair).privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg };
}

function begin(issuer) {
  const provider = new Provider(issuer, {
    clients: client ? [client] : [],
    jwks: { keys },
    cookies: { keys: ["of the tests alone"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256"] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
    },
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }), // it keeps off loopback otherwise
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
  });
  provider.on("server_error", (_, error) => console.error(error));
  provider.on("backchannel.error", (_, error) => console.error(error));
  answer = provider.callback();
}

async function control(request, response) {
  let text = "";
  for await (const part of request) text += part;
  const said = JSON.parse(text);
  for (const [sub, claims] of Object.entries(said.people ?? {})) people.set(sub, claims);
  if (said.client) client = said.client;
  if (said.keys) {
    keys = [fresh(said.keys)];
    client = { ...client, id_token_signed_response_alg: said.keys };
  }
  if (said.client || said.keys) begin(issuer);
  response.writeHead(204).end();
}

const server = createServer((request, response) =>
  request.url === "/control" ? control(request, response) : answer(request, response),
);
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
begin(issuer);
console.log(issuer);
process.stdin.resume();
process.stdin.on("end", () => process.exit()); // whoever started it is gone
