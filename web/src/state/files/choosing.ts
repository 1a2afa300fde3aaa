/** What may be brought along, judged before anything is uploaded. Pure. */

import { limits, type File as WireFile } from "../../wire/types";

export type FileKind = WireFile["kind"];

export const FILES_A_MESSAGE_MAX: number = limits.IMAGES_A_MESSAGE_MAX;
export const IMAGE_BYTES_MAX: number = limits.IMAGE_BYTES_MAX;
export const DOCUMENT_BYTES_MAX: number = limits.DOCUMENT_BYTES_MAX;
export const ALT_CODE_POINTS_MAX: number = limits.ALT_CODE_POINTS_MAX;
/** Of a photo before it is made smaller: more than any camera of today writes. */
const PICKED_BYTES_MAX = 100_000_000;
const NAME_CODE_POINTS_MAX = limits.FILE_NAME_CODE_POINTS_MAX;

export const SENT_IMAGES: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
]);

/** By the end of a name: browsers call some of these by other types, or by none. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  odt: "application/vnd.oasis.opendocument.text",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odp: "application/vnd.oasis.opendocument.presentation",
  mxl: "application/vnd.recordare.musicxml",
  musicxml: "application/vnd.recordare.musicxml+xml",
  mid: "audio/midi",
  txt: "text/plain",
  csv: "text/csv",
};

/** For the browser's own dialog; `image/*` lets phones offer the camera. */
export const ACCEPTED = ["image/*", ...Object.keys(DOCUMENTS).map((end) => `.${end}`)].join(",");

export type ChosenRefusal = "file_type" | "file_too_large" | "too_many" | "empty" | "day_full" | "space_full";

/** What one may still bring today, and what there is room for, in bytes. */
export interface Left {
  day: number;
  space: number;
}
export type Chosen = { kind: FileKind; type: string } | { refused: ChosenRefusal };

/** `already` = how many the message has; `left` = null where that is not known. */
export function chosen(
  file: { name: string; type: string; size: number },
  already: number,
  left: Left | null = null,
): Chosen {
  if (already >= FILES_A_MESSAGE_MAX) return { refused: "too_many" };
  const is = kindOf(file);
  if (!is) return { refused: "file_type" };
  if (file.size === 0) return { refused: "empty" };
  if (file.size > bytesMax(is)) return { refused: "file_too_large" };
  const bytes = surely(is, file.size);
  if (left && bytes > left.day) return { refused: "day_full" };
  return left && bytes > left.space ? { refused: "space_full" } : is;
}

/** So much of it goes up in any case: photos are made smaller before. */
export const surely = ({ kind, type }: { kind: FileKind; type: string }, size: number): number =>
  kind === "document" || type === "image/gif" ? size : 1;

function kindOf({ name, type }: { name: string; type: string }): { kind: FileKind; type: string } | null {
  if (type.startsWith("image/") && !type.startsWith("image/svg")) return { kind: "image", type };
  const end = name.split(".").at(-1)!.toLowerCase();
  const document = Object.hasOwn(DOCUMENTS, end) && name.includes(".") ? DOCUMENTS[end] : undefined;
  return document ? { kind: "document", type: document } : null;
}

function bytesMax({ kind, type }: { kind: FileKind; type: string }): number {
  if (kind === "document") return DOCUMENT_BYTES_MAX;
  return type === "image/gif" ? IMAGE_BYTES_MAX : PICKED_BYTES_MAX;
}

/** Its end is kept: that is what it is opened by. */
export function shownName(name: string): string {
  const points = [...name];
  if (points.length <= NAME_CODE_POINTS_MAX) return name;
  const dot = name.lastIndexOf(".");
  const end = dot < 0 ? [] : [...name.slice(dot)].slice(0, 20);
  return [...points.slice(0, NAME_CODE_POINTS_MAX - end.length), ...end].join("");
}
