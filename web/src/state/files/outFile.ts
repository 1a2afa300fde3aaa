/** A file of one's own on its way into a message, kept on this device until the message is in the log. */

import type { ErrorCode, File, MessageImage } from "../../wire/types";
import type { ChosenRefusal, FileKind, Left } from "./choosing";

export type Stage =
  | "preparing" // made smaller; not on the disk yet
  | "waiting" // for its turn
  | "uploading"
  | "cut" // no connection, or asked to wait: it is tried again by itself
  | "looking" // the server looks at it
  | "ready"
  | "failed";

/** Why one failed: what was chosen, what the server answered, what it found on looking. */
export type FileTrouble =
  | ErrorCode
  | "file_type"
  | "file_too_large"
  | "too_many"
  | "empty"
  | "not_uploaded"
  | "uploads_open"
  | "day_full"
  | "space_full"
  | "wrong_type"
  | "broken"
  | "too_many_pixels"
  | "too_many_frames"
  | "gone"
  | "lost";

export interface OutFile {
  /** On this device. */
  key: string;
  /** As the server knows it: another one with each new try. */
  id: string;
  group: number;
  /** The message that it waits for; null = it lies in the tray over the box. */
  message: string | null;
  /** Place in the tray. */
  order: number;
  kind: FileKind;
  type: string;
  name: string;
  alt: string;
  blob: Blob;
  /** In pixels; 0 = not known. */
  width: number;
  height: number;
  placeholder: string;
  state: Stage;
  why: FileTrouble | null;
}

/** What was chosen and cannot be sent. */
export interface NotPicked {
  name: string;
  why: ChosenRefusal;
  /** So many bytes could be, where that is why. */
  left?: number;
}

export function notPicked(name: string, why: ChosenRefusal, left: Left | null): NotPicked {
  if (!left || (why !== "day_full" && why !== "space_full")) return { name, why };
  return { name, why, left: Math.max(0, why === "day_full" ? left.day : left.space) };
}

/** After a restart nothing is under way any more. */
export function afterRestart(file: OutFile): OutFile {
  return file.state === "ready" || file.state === "failed" ? file : { ...file, state: "waiting" };
}

/** The same file brings the same trouble: only Remove helps. */
const FOR_GOOD: ReadonlySet<FileTrouble> = new Set<FileTrouble>([
  "file_type",
  "file_too_large",
  "empty",
  "wrong_type",
  "broken",
  "too_many_pixels",
  "too_many_frames",
  "lost",
]);

export const mayTryAgain = ({ state, why }: OutFile): boolean =>
  state === "cut" || (state === "failed" && why !== null && !FOR_GOOD.has(why));

/** What the server has found, beside what was known. */
export function foundReady(file: OutFile, found: File): OutFile {
  return {
    ...file,
    state: "ready",
    why: null,
    width: found.width ?? file.width,
    height: found.height ?? file.height,
    placeholder: found.placeholder ?? "",
  };
}

/** As it will stand in the message. */
export const asImage = (file: OutFile): MessageImage => ({
  id: file.id,
  kind: file.kind,
  alt: file.alt,
  width: file.width || null,
  height: file.height || null,
  placeholder: file.placeholder || null,
  name: file.name,
  length: file.blob.size,
});

export const byOrder = (a: OutFile, b: OutFile) => a.order - b.order || (a.key < b.key ? -1 : 1);
