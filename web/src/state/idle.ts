/** A page that is never idle does what can wait all the same. */
const WITHIN_MS = 5_000;
const ELSE_MS = 500;

/** When nothing else is to be done. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve(), { timeout: WITHIN_MS });
    else setTimeout(resolve, ELSE_MS); // WebKit has no such call
  });
}

interface Connected {
  connection?: { saveData?: boolean };
}

/** Whoever pays for each megabyte has said so: what can wait is not fetched at all. */
export const savesData = (): boolean => (navigator as Connected).connection?.saveData === true;
