/** What was found, as it is drawn. */

import type { MessageImage } from "../wire/types";

/** Of a text: marked, or not. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** A file of a message that was found, and what is said of it. */
export interface FoundFile {
  image: MessageImage;
  pieces: readonly Piece[];
}
