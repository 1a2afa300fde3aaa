/** Images and documents, by the names that this part of the client uses. */

import type { File } from "../../wire/types";

export type { File, FileLink, FileLinks, MessageImage, NewFile, NewImage, Upload } from "../../wire/types";
export type FileKind = File["kind"];
