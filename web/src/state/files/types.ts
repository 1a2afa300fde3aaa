/** Images and documents as they cross the wire, until the server's own list of types names them. */

export type FileKind = "image" | "document";
export type FileState = "asked" | "uploaded" | "ready" | "refused" | "gone";

/** PUT the bytes to `url` with all these headers, before `until`. */
export interface Upload {
  url: string;
  headers: Record<string, string>;
  until: string;
}

export interface NewFile {
  id: string;
  purpose: "message";
  type: string;
  length: number;
  name: string;
  group: number;
}

/** One's own. */
export interface File {
  id: string;
  state: FileState;
  purpose: "avatar" | "cover" | "emote" | "message" | "picture";
  kind: FileKind;
  type: string;
  name: string;
  length: number;
  group?: number | null;
  refused?: string | null;
  width?: number | null;
  height?: number | null;
  placeholder?: string | null;
  upload?: Upload | null;
}

/** Where the bytes are fetched, until then. */
export interface FileLink {
  id: string;
  until: string;
  thumb?: string | null;
  screen?: string | null;
  original?: string | null;
}

export interface FileLinks {
  links: FileLink[];
}

/** As a message is posted with it. */
export interface NewImage {
  id: string;
  alt?: string;
}

/** An image or a document of a message. */
export interface Image {
  id: string;
  kind: FileKind;
  alt: string;
  width?: number | null;
  height?: number | null;
  placeholder?: string | null;
  name: string;
  length: number;
}

export type MessageImage = Image;

declare module "../../wire/types" {
  interface Me {
    /** The server takes files. */
    files?: boolean;
  }
  interface Message {
    images?: Image[];
  }
  interface MessagePosted {
    images?: Image[];
  }
  interface Post {
    images?: NewImage[];
  }
  interface PutMessage {
    images?: NewImage[];
  }
}
