/**
 * Where faces find the pictures of people: whoever draws a screen says it once for all parts in it, so that a part
 * which draws a person needs to know no more than whom.
 */

import { getContext, setContext } from "svelte";
import type { FileLink } from "../wire/types";

export interface Pictures {
  /** The file of somebody's picture; null = they have none. */
  of: (user: string) => string | null;
  /** Null = not to be had; undefined = not asked for yet. */
  link: (file: string) => FileLink | null | undefined;
  want: (file: string) => void;
  /** It did not load. False = nothing can be done. */
  failed: (file: string) => boolean;
}

const KEY = Symbol("pictures");
const NONE: Pictures = { of: () => null, link: () => null, want: () => undefined, failed: () => false };

export const givePictures = (pictures: Pictures): Pictures => setContext(KEY, pictures);
export const picturesHere = (): Pictures => getContext<Pictures | undefined>(KEY) ?? NONE;

/** Addresses of what this page has shown: whatever is drawn anew shows it at once. */
const shown = new Map<string, string>();
const SHOWN_MAX = 2_000;

const nameOf = (file: string, size: "thumb" | "screen") => `${file}/${size}`;
export const shownBefore = (file: string, size: "thumb" | "screen"): string =>
  shown.get(nameOf(file, size)) ?? "";

/** Its address has ended. */
export const forgetShown = (file: string, size: "thumb" | "screen"): boolean =>
  shown.delete(nameOf(file, size));

export function keepShown(file: string, size: "thumb" | "screen", url: string): void {
  if (shown.size >= SHOWN_MAX) shown.delete(shown.keys().next().value!);
  shown.set(nameOf(file, size), url);
}
