/** One picture into the store, from its bytes to a file that may be shown. For as long as somebody waits for it. */

import { Refused, Unreachable } from "../../wire/http";
import type { FileCalls } from "../../wire/files";
import type { NewFile } from "../../wire/types";
import { uuid7 } from "../../wire/uuid7";
import type { FileTrouble } from "./outFile";
import { put, type Put } from "./put";

const LOOK_MS_MIN = 250;
const LOOK_MS_MAX = 3_000;
const LOOKS_MAX = 60; // some minutes
const TRIES_MAX = 4;
const AGAIN_MS = 1_000;

/** The server has looked at it, and it is no good. */
export class NoPicture extends Error {
  constructor(readonly why: FileTrouble) {
    super(why);
  }
}

/** How it is done; tests do it otherwise. */
export interface How {
  put: Put;
  pause: (ms: number) => Promise<void>;
}

const REALLY: How = { put, pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

export interface Under {
  /** From 0 to 1. */
  progress: (share: number) => void;
  /** Whoever aborts leaves nothing in the store. */
  signal: AbortSignal;
}

/** Its id, once it is ready. Throws Refused, Unreachable, NoPicture. */
export async function brought(
  calls: FileCalls,
  blob: Blob,
  said: Pick<NewFile, "purpose" | "group">,
  { progress, signal }: Under,
  how: How = REALLY,
): Promise<string> {
  const id = uuid7();
  try {
    let found = await calls.ask({ ...said, id, type: blob.type, length: blob.size, name: "" });
    signal.throwIfAborted();
    if (found.state === "asked" && found.upload) {
      await how.put(found.upload, blob, progress, signal);
      found = await patiently(() => calls.uploaded(id), how);
    }
    for (let look = 1; found.state === "uploaded"; look++) {
      if (look > LOOKS_MAX) throw new Unreachable("nobody has looked at it");
      await how.pause(Math.min(LOOK_MS_MAX, LOOK_MS_MIN * 1.5 ** look));
      signal.throwIfAborted();
      found = await patiently(() => calls.file(id), how);
    }
    signal.throwIfAborted();
    if (found.state !== "ready") throw new NoPicture((found.refused as FileTrouble | null) ?? "gone");
    return id;
  } catch (error) {
    void calls.cancel(id).catch(() => undefined); // else swept within a day
    if (signal.aborted) throw new Unreachable("cancelled");
    throw error instanceof Refused || error instanceof NoPicture ? error : new Unreachable(String(error));
  }
}

/** What is up already is not lost by a line that breaks for a moment. */
async function patiently<T>(call: () => Promise<T>, how: How): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Unreachable) || tries === TRIES_MAX) throw error;
      await how.pause(AGAIN_MS * tries);
    }
  }
}
