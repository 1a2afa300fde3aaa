/** How much a message says of its files: the log holds it, so there is a limit to all of it together. Pure. */

import { limits } from "../../wire/types";
import type { OutFile } from "./outFile";

export const SAID_BYTES_MAX: number = limits.IMAGES_OF_A_MESSAGE_BYTES_MAX;
/** Of the tiny image that the server makes: what it may have at most, where it is not known yet. */
const PLACEHOLDER_CHARACTERS_MAX = 300;
const LARGEST_SIDE = 9_999;

/** As the server counts it, or a little more. */
export function bytesSaid(files: readonly OutFile[]): number {
  return new TextEncoder().encode(JSON.stringify(files.map(asTold))).length;
}

export const saysTooMuch = (files: readonly OutFile[]): boolean => bytesSaid(files) > SAID_BYTES_MAX;

function asTold({ id, kind, alt, name, blob, width, height, placeholder }: OutFile): object {
  const said = { id, kind, ...(alt.trim() ? { alt: alt.trim() } : {}) };
  if (kind === "document") return { ...said, name, length: blob.size };
  return {
    ...said,
    width: width || LARGEST_SIDE,
    height: height || LARGEST_SIDE,
    placeholder: placeholder || "x".repeat(PLACEHOLDER_CHARACTERS_MAX),
  };
}
