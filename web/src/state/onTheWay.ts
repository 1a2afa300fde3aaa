/** Where somebody was going when they left for the issuer: kept in this tab until they are there, or go another way. What
 * stands behind the # of an invitation is part of it. */

import { keepSecret } from "./secret";

const WAY = "clubroom.way";

export const keepWay = (then: string): void => sessionStorage.setItem(WAY, then);

export const keptWay = (): string => sessionStorage.getItem(WAY) ?? "/";

export const forgetWay = (): void => sessionStorage.removeItem(WAY);

/** The door at which they stood, which has the other ways; whoever came from none finds them at the last. */
export function door(): string {
  const [path = "/"] = keptWay().split("#");
  return path === "/" ? "/sign-in" : path;
}

/** Back to it, without the issuer. */
export function backToDoor(): void {
  const [, secret] = keptWay().split("#");
  if (secret) keepSecret(secret);
  forgetWay();
}
