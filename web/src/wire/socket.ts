/** One socket, from its first frame to its close: hello, heartbeat, frames in and out. It knows no groups. */

import type { ClientFrame, Hello, ServerFrame } from "./types";

const PONG_WITHIN_MS = 10_000; // it, or anything else: it may wait behind what a slow line has to carry
const NEXT_WITHIN_MS = 12_000; // on the way in: from each frame to the next, until `welcome` and `live` are here
const DEFAULT_HEARTBEAT_MS = 25_000;

/** Our own verdict on a socket that no longer answers; never sent by a server. */
export const DEAD = 4999;

export interface Hooks {
  frame(frame: ServerFrame): void;
  closed(code: number): void;
}

export class Socket {
  #ws: WebSocket;
  #hooks: Hooks;
  #closed = false;
  #welcomed = false;
  #live = false;
  #ping: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #heartbeatMs = DEFAULT_HEARTBEAT_MS;

  constructor(url: string, hello: Hello, hooks: Hooks) {
    this.#hooks = hooks;
    this.#ws = new WebSocket(url);
    this.#expect(NEXT_WITHIN_MS);
    this.#ws.onopen = () => this.#ws.send(JSON.stringify(hello));
    this.#ws.onmessage = (event) => this.#receive(String(event.data));
    this.#ws.onclose = (event) => this.#end(event.code);
  }

  send(frame: ClientFrame): boolean {
    if (this.#closed || this.#ws.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  /** Is anybody there? If nothing is heard within `withinMs`, the socket is given up. */
  probe(withinMs: number = PONG_WITHIN_MS): void {
    if (this.#closed || !this.#isIn) return;
    this.#expect(withinMs);
    this.#beat();
  }

  /** Closed by us: no hook is called. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopClocks();
    this.#ws.close(1000);
  }

  #receive(data: string): void {
    if (this.#closed) return;
    const frame = parse(data);
    if (!frame) return;
    if (!this.#isIn) this.#comeIn(frame);
    else if (frame.type === "pong") this.#settle();
    else if (this.#deadline !== undefined) this.#expect(PONG_WITHIN_MS);
    this.#hooks.frame(frame);
  }

  get #isIn(): boolean {
    return this.#welcomed && this.#live;
  }

  /** A gateway may lose either of the two after it took them: then this socket is none, and another is opened. */
  #comeIn(frame: ServerFrame): void {
    if (frame.type === "welcome") {
      this.#welcomed = true;
      this.#heartbeatMs = frame.heartbeat_ms || DEFAULT_HEARTBEAT_MS;
    }
    if (frame.type === "live") this.#live = true;
    if (this.#isIn) this.#settle();
    else this.#expect(NEXT_WITHIN_MS);
  }

  #expect(withinMs: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#end(DEAD), withinMs);
  }

  #settle(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.#plan();
  }

  /** Also while a pong is awaited: whoever is silent for long is closed by the server. */
  #beat(): void {
    if (this.#deadline === undefined) this.#expect(PONG_WITHIN_MS);
    this.send({ type: "ping" });
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#ping);
    this.#ping = setTimeout(() => this.#beat(), this.#heartbeatMs * (0.8 + Math.random() * 0.4));
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopClocks();
    this.#ws.close();
    this.#hooks.closed(code);
  }

  #stopClocks(): void {
    clearTimeout(this.#ping);
    clearTimeout(this.#deadline);
  }
}

function parse(data: string): ServerFrame | null {
  try {
    const frame = JSON.parse(data) as ServerFrame;
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
