/** What the browser does with passkeys: makes them, and signs with them. */

type Options = { challenge: string };

/** Old browsers, and addresses that are neither https nor this computer, know none. */
export const knowsPasskeys = (): boolean =>
  typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in PublicKeyCredential;

/** Whoever is asked says no, or lets it be. */
export const putAside = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

export const alreadyThere = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "InvalidStateError";

/** A new one, as text for the server. */
export async function madePasskey(options: string): Promise<string> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    JSON.parse(options) as PublicKeyCredentialCreationOptionsJSON,
  );
  return said(await navigator.credentials.create({ publicKey }));
}

/** A signature of one that is there, as text for the server. */
export async function signedByPasskey(options: string): Promise<string> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    JSON.parse(options) as Options as PublicKeyCredentialRequestOptionsJSON,
  );
  return said(await navigator.credentials.get({ publicKey }));
}

function said(credential: Credential | null): string {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no passkey", "NotAllowedError");
  return JSON.stringify(credential.toJSON());
}
