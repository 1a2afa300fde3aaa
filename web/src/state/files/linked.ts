/** Where parts that draw files ask for their addresses, and say that one did not load. */

import type { FileLink } from "../../wire/types";
import { stillHere } from "../account";
import { house } from "../house.svelte";

/** Null = not to be had, or not now; undefined = not asked for yet. */
export const linkOf = (file: string): FileLink | null | undefined =>
  house.links.get(file) ?? (house.links.get(file) === null || house.offline ? null : undefined);

export const onwant = (file: string): void => stillHere()?.links.want(file);

/** False = nothing can be done. */
export const onfailed = (file: string): boolean => stillHere()?.links.failed(file) ?? false;
