/** The bytes go to the store, and how far they are is told: `fetch` cannot tell that. */

import { Refused, Unreachable } from "../../wire/http";
import type { Upload } from "../../wire/types";

/** Nothing went through for so long: there is no line. */
const STALLED_MS = 30_000;

/** The browser writes these, and lets nobody else. */
const BY_ITSELF = new Set(["content-length", "host"]);

export type Put = (
  upload: Upload,
  blob: Blob,
  progress: (share: number) => void,
  signal: AbortSignal,
) => Promise<void>;

export const put: Put = (upload, blob, progress, signal) =>
  new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    let clock: ReturnType<typeof setTimeout> | undefined;
    const abort = () => request.abort();
    const moving = () => {
      clearTimeout(clock);
      clock = setTimeout(abort, STALLED_MS);
    };
    request.upload.onprogress = ({ loaded }) => {
      moving();
      progress(Math.min(1, loaded / blob.size));
    };
    request.onloadend = () => {
      clearTimeout(clock);
      signal.removeEventListener("abort", abort);
      const { status } = request;
      if (status >= 200 && status < 300) resolve();
      else if (status === 0 || status >= 500) reject(new Unreachable("the store did not take it"));
      else reject(new Refused("not_uploaded" as never, status));
    };
    if (signal.aborted) return reject(new Unreachable("cancelled"));
    signal.addEventListener("abort", abort);
    request.open("PUT", upload.url);
    for (const [name, value] of Object.entries(upload.headers)) {
      if (!BY_ITSELF.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    moving();
    request.send(blob);
  });
