/** A club's own emotes, for whoever runs it: picked, brought, named. */

import { fileCalls } from "../wire/files";
import { callAsMe } from "./access";
import { brought } from "./files/bringing";
import { calls } from "./intake";
import { EMOTE_BYTES_MAX } from "./limits";

const files = fileCalls(callAsMe);
const TYPES: ReadonlySet<string> = new Set(["image/png", "image/gif", "image/webp"]);
export const EMOTE_TYPES = [...TYPES].join(",");

/** Why it is none, before anything is uploaded; "" = it may be one. */
export function whyNoEmote(file: {
  type: string;
  size: number;
}): "" | "file_type" | "file_too_large" | "empty" {
  if (!TYPES.has(file.type)) return "file_type";
  if (file.size === 0) return "empty";
  return file.size > EMOTE_BYTES_MAX ? "file_too_large" : "";
}

/** A picture on its way to be one. Where only its name was no good it is not brought again. */
export class NewEmote {
  readonly file: File;
  #ready = "";
  #work = new AbortController();

  constructor(file: File) {
    this.file = file;
  }

  /** Raises NoPicture, Refused, Unreachable. */
  async make(club: number, name: string, progress: (share: number) => void): Promise<void> {
    const under = { progress, signal: this.#work.signal };
    this.#ready ||= await brought(files, this.file, { purpose: "emote", group: club }, under);
    await calls.defineEmote(club, this.#ready, name);
  }

  /** It is not wanted. */
  drop(): void {
    this.#work.abort();
  }
}

export const renameEmote = (club: number, file: string, name: string) => calls.defineEmote(club, file, name);
export const removeEmote = (club: number, file: string) => calls.removeEmote(club, file);
