/** A club's own emotes, for whoever runs it: picked, brought, named. */

import { fileCalls } from "../wire/files";
import { uuid7 } from "../wire/uuid7";
import { callAsMe } from "./access";
import { bringOne, NotBrought, type Stage } from "./files/bringOne";
import { calls } from "./intake";
import { EMOTE_BYTES_MAX } from "./limits";

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
  #id = uuid7();
  #brought = false;
  #work = new AbortController();

  constructor(file: File) {
    this.file = file;
  }

  /** Raises NotBrought, Refused, Unreachable. */
  async make(club: number, name: string, told: (stage: Stage, share: number) => void): Promise<void> {
    const { type, size } = this.file;
    if (!this.#brought) {
      const wanted = { id: this.#id, purpose: "emote", type, length: size, group: club } as const;
      try {
        await bringOne(fileCalls(callAsMe), wanted, this.file, told, this.#work.signal);
      } catch (error) {
        if (error instanceof NotBrought) this.#id = uuid7(); // with the old one the server has closed
        throw error;
      }
      this.#brought = true;
    }
    await calls.defineEmote(club, this.#id, name);
  }

  /** It is not wanted. What was uploaded is swept within a day. */
  drop(): void {
    this.#work.abort();
  }
}

export const renameEmote = (club: number, file: string, name: string) => calls.defineEmote(club, file, name);
export const removeEmote = (club: number, file: string) => calls.removeEmote(club, file);
