/** The calls about images and documents. The bytes themselves go to the address in `upload`. */

import type { File, FileLinks, NewFile } from "./types";
import type { Call } from "./http";

export const fileCalls = (call: Call) => ({
  ask: (body: NewFile) => call<File>("POST", "/files", body),
  uploaded: (id: string) => call<File>("POST", `/files/${id}/uploaded`),
  file: (id: string) => call<File>("GET", `/files/${id}`),
  cancel: (id: string) => call<void>("DELETE", `/files/${id}`),
  links: (ids: readonly string[]) => call<FileLinks>("POST", "/files/links", { ids }),
});

export type FileCalls = ReturnType<typeof fileCalls>;
