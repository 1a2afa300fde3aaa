/** What to say when a call did not work. */

import { t } from "../texts";
import { Refused } from "../wire/http";
import type { ErrorCode } from "../wire/types";
import { NotSubscribed } from "./subscribing";

export function reasonFor(error: unknown): string {
  if (error instanceof Refused) return t.errors[error.code] ?? error.message;
  return error instanceof NotSubscribed ? t.push.noWay : t.noAnswer;
}

export const codeOf = (error: unknown): ErrorCode | null => (error instanceof Refused ? error.code : null);

/** The server said no, and will again. */
export const isFinal = (error: unknown): error is Refused => error instanceof Refused && !error.passing;

/** Which field it was, as the server says it. */
export const detailOf = (error: unknown): string => (error instanceof Refused ? error.detail : "");
