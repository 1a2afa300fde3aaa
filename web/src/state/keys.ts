/** Under which name something is asked for: the same as long as one asks for the same, so that once is enough. */

import { uuid7 } from "../wire/uuid7";

/** Again with the same values is the same key; with other values it is another request, and another key. */
export function keyPerValues(): (...values: readonly string[]) => string {
  const keys = new Map<string, string>();
  return (...values) => {
    const asked = JSON.stringify(values);
    const key = keys.get(asked) ?? uuid7();
    keys.set(asked, key);
    return key;
  };
}
