/** What a close code tells the client to do (docs/protocol.md, "Close codes say what to do"). */

export type Verdict =
  "stop-ended" | "stop-too-many" | "stop-too-old" | "once" | "new-token" | "wait" | "again";

export function verdictOf(code: number): Verdict {
  switch (code) {
    case 4403:
      return "stop-ended";
    case 4409:
      return "stop-too-many";
    case 4426:
      return "stop-too-old";
    case 4400:
    case 1007:
      return "once";
    case 4401:
      return "new-token";
    case 4429:
      return "wait";
    default:
      return "again";
  }
}

export const BACKOFF_MAX_MS = 10_000;
export const BACKOFF_BASE_MS = 500;

/** Full jitter: anywhere between at once and a bound that doubles with each attempt. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 16));
}
