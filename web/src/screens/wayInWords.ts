/** How somebody gets back in, in a few words. */

import { house } from "../state/house.svelte";
import { issuer } from "../state/issuer.svelte";
import { t } from "../texts";

export function wayBack(): string {
  const me = house.me;
  if (me?.email) return me.email;
  if (me?.passkeys) return t.account.passkey;
  return me?.identities && issuer.name ? t.issuer.signsIn(issuer.name) : t.side.onlyThisDevice;
}
