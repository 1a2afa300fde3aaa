/** Whether one gets back in without a device that is signed in. */

import type { Me } from "../wire/types";
import { house } from "./house.svelte";

export const hasWayIn = (me: Me | null = house.me): boolean =>
  Boolean(me && (me.password || me.passkeys || me.identities));
