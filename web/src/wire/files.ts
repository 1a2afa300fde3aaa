/** The calls about images and documents. The bytes themselves go to the address in `upload`. */

import type { File, FileLinks, FilesRoom, FilesUsage, NewFile } from "./types";
import type { Call } from "./http";

export const storeCalls = (call: Call) => ({
  /** What there is room for in a group; null = in what is one's own. */
  filesRoom: (group: number | null) =>
    call<FilesRoom>("GET", group === null ? "/files/room" : `/files/room?group=${group}`),
  filesUsage: (club: number) => call<FilesUsage>("GET", `/groups/${club}/files/usage`),
});

export const fileCalls = (call: Call) => ({
  filesRoom: storeCalls(call).filesRoom,
  ask: (body: NewFile) => call<File>("POST", "/files", body),
  uploaded: (id: string) => call<File>("POST", `/files/${id}/uploaded`),
  file: (id: string) => call<File>("GET", `/files/${id}`),
  cancel: (id: string) => call<void>("DELETE", `/files/${id}`),
  links: (ids: readonly string[]) => call<FileLinks>("POST", "/files/links", { ids }),
});

export type FileCalls = ReturnType<typeof fileCalls>;
