/** One file that is waited for: uploaded and looked at while somebody sits before it. Nothing of it is kept here. */

import type { FileCalls } from "../../wire/files";
import type { NewFile } from "../../wire/types";
import { put, type Put } from "./put";

const LOOK_MS_MIN = 250;
const LOOK_MS_MAX = 2_000;

/** The server looked at it, and said no; `why` as in the protocol. */
export class NotBrought extends Error {
  readonly why: string;

  constructor(why: string) {
    super(why);
    this.why = why;
  }
}

export type Stage = "uploading" | "looking";

/** How it is done; tests do it otherwise. */
export interface How {
  put: Put;
  pause: (ms: number) => Promise<void>;
}

const REALLY: How = { put, pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

/**
 * Ready when it returns. The same again goes on where it was. Raises NotBrought, Refused, Unreachable.
 */
export async function bringOne(
  calls: FileCalls,
  wanted: NewFile,
  blob: Blob,
  told: (stage: Stage, share: number) => void,
  signal: AbortSignal,
  how: How = REALLY,
): Promise<void> {
  told("uploading", 0);
  let found = await calls.ask(wanted);
  if (found.state === "asked" && found.upload) {
    await how.put(found.upload, blob, (share) => told("uploading", share), signal);
    found = await calls.uploaded(wanted.id);
  }
  told("looking", 1);
  for (let ms = LOOK_MS_MIN; found.state === "uploaded"; ms = Math.min(LOOK_MS_MAX, ms * 1.5)) {
    await how.pause(ms);
    signal.throwIfAborted();
    found = await calls.file(wanted.id);
  }
  if (found.state !== "ready") throw new NotBrought(found.refused ?? "other");
}
