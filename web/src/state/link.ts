/**
 * The connection as long as somebody is signed in: opens sockets, keeps one alive, comes back after every
 * cut, and says `live` only when the gap is filled.
 */

import { backoffMs, verdictOf } from "../wire/closing";
import { Socket } from "../wire/socket";
import { limits, type ClientFrame, type Hello, type ServerFrame, type Welcome } from "../wire/types";
import { accessToken, renewDueInMs, renewNow, sessionIsOver } from "./access";
import { house, OFFLINE_SHOWN_AFTER_MS } from "./house.svelte";

const STEADY_MS = 10_000;
const PROBE_MS = 3_000;
const RETRY_NO_TOKEN_MS = 1_000;

export interface LinkWork {
  hello(): { epoch: string | null; cursors: Record<string, number> };
  welcome(frame: Welcome): Promise<void>;
  frame(frame: ServerFrame): void;
  /** Everything that must be filled in before one may say: we are back. */
  settled(): Promise<void>;
  live(): void;
  lost(): void;
  ended(): void;
}

export class Link {
  #work: LinkWork;
  #socket: Socket | null = null;
  #next: Socket | null = null; // after `goaway`: opened beside the old one, which goes when this one is live
  #attempt = 0;
  #onceUsed = false;
  #opening = false;
  #stopped = false;
  #goingAway = false; // after `goaway`, until its moment has come
  #waitMs: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #renew: ReturnType<typeof setTimeout> | undefined;
  #offlineClock: ReturnType<typeof setTimeout> | undefined;
  #steady: ReturnType<typeof setTimeout> | undefined;

  constructor(work: LinkWork) {
    this.#work = work;
  }

  start(): void {
    this.#lose();
    void this.#open();
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#doubt);
    document.addEventListener("visibilitychange", this.#wake);
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
    this.#next?.close();
    this.#socket = this.#next = null;
    for (const clock of [this.#retry, this.#renew, this.#offlineClock, this.#steady]) clearTimeout(clock);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#doubt);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  send(frame: ClientFrame): boolean {
    return house.link === "live" && (this.#socket?.send(frame) ?? false);
  }

  newToken(token: string): void {
    this.#socket?.send({ type: "token", token });
    this.#planRenewal();
  }

  /**
   * Back in sight or back on the network: no waiting. A socket that slept is asked whether it lives; and where
   * there were too many, one may have been closed.
   */
  #wake = (): void => {
    if (document.hidden || this.#stopped) return;
    if (this.#socket) this.#socket.probe(PROBE_MS);
    else if (!this.#opening) {
      clearTimeout(this.#retry);
      void this.#open();
    }
  };

  /** The browser says the network is gone: the clock runs from now on, unless the server answers after all. */
  #doubt = (): void => {
    this.#socket?.probe(PROBE_MS);
    this.#startOfflineClock();
  };

  async #open(asNext = false): Promise<void> {
    this.#goingAway = false;
    if (this.#stopped || this.#opening || house.stop === "too-old") return;
    this.#opening = true;
    const token = await this.#token(asNext);
    this.#opening = false;
    if (token === null || this.#stopped) return;
    if (asNext ? this.#next : this.#socket) return; // opened meanwhile, by another way here
    const hello: Hello = { type: "hello", version: limits.VERSION, token, ...this.#work.hello() };
    const socket: Socket = new Socket(socketUrl(), hello, {
      frame: (frame) => void this.#receive(socket, frame),
      closed: (code) => this.#closed(socket, code),
    });
    if (asNext && this.#socket) this.#next = socket;
    else this.#socket = socket;
  }

  async #token(asNext: boolean): Promise<string | null> {
    try {
      return await accessToken();
    } catch (error) {
      if (sessionIsOver(error)) this.#work.ended();
      else this.#again(Math.max(RETRY_NO_TOKEN_MS, backoffMs(this.#attempt++)), asNext);
      return null;
    }
  }

  async #receive(socket: Socket, frame: ServerFrame): Promise<void> {
    switch (frame.type) {
      case "pong":
        if (house.link === "live") this.#stopOfflineClock();
        break;
      case "welcome":
        return this.#work.welcome(frame);
      case "live":
        return this.#live(socket);
      case "goaway":
        this.#goingAway = true;
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => void this.#open(true), Math.random() * frame.in_ms);
        return;
      case "reauth":
        await renewNow().catch(() => undefined);
        return;
      case "error":
        if (!frame.id) this.#refused(socket, frame.code, frame.retry_ms ?? null);
        break;
    }
    this.#work.frame(frame);
  }

  /** On API Gateway no close code of ours can be sent: it comes as an error, and is obeyed just the same. */
  #refused(socket: Socket, code: string, retryMs: number | null): void {
    this.#waitMs = retryMs;
    if (!/^4\d{3}$/.test(code)) return;
    socket.close();
    this.#closed(socket, Number(code));
  }

  async #live(socket: Socket): Promise<void> {
    if (socket === this.#next) {
      this.#socket?.close();
      this.#socket = socket;
      this.#next = null;
    }
    await this.#work.settled();
    if (socket !== this.#socket) return;
    house.link = "live";
    house.stop = null;
    this.#stopOfflineClock();
    this.#steady = setTimeout(() => {
      this.#attempt = 0;
      this.#onceUsed = false;
    }, STEADY_MS);
    this.#planRenewal();
    this.#work.live();
  }

  #closed(socket: Socket, code: number): void {
    if (socket === this.#next) {
      this.#next = null;
      return;
    }
    if (socket !== this.#socket) return;
    clearTimeout(this.#steady);
    this.#socket = this.#next; // its replacement may be on its way already
    this.#next = null;
    this.#lose();
    this.#work.lost();
    if (!this.#socket) this.#obey(code);
  }

  #obey(code: number): void {
    switch (verdictOf(code)) {
      case "stop-ended":
        return this.#work.ended();
      case "stop-too-many":
        return this.#halt("too-many");
      case "stop-too-old":
        return this.#halt("too-old");
      case "once":
        if (this.#onceUsed) return this.#halt("too-old");
        this.#onceUsed = true;
        return this.#again(backoffMs(this.#attempt++));
      case "new-token":
        return void renewNow().then(
          () => this.#again(backoffMs(this.#attempt++)),
          (error) => (sessionIsOver(error) ? this.#work.ended() : this.#again(backoffMs(this.#attempt++))),
        );
      case "wait":
        return this.#again(this.#waitMs ?? backoffMs(++this.#attempt));
      case "again":
        if (this.#goingAway) return; // the close that follows `goaway`: everybody's moment is their own
        return this.#again(backoffMs(this.#attempt++));
    }
  }

  #again(inMs: number, asNext = false): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#open(asNext), inMs);
  }

  #halt(why: "too-many" | "too-old"): void {
    clearTimeout(this.#retry);
    house.stop = why;
    house.link = "stopped";
  }

  #lose(): void {
    house.link = "connecting";
    this.#startOfflineClock();
  }

  #startOfflineClock(): void {
    this.#offlineClock ??= setTimeout(() => (house.offline = true), OFFLINE_SHOWN_AFTER_MS);
  }

  #stopOfflineClock(): void {
    clearTimeout(this.#offlineClock);
    this.#offlineClock = undefined;
    house.offline = false;
  }

  #planRenewal(): void {
    clearTimeout(this.#renew);
    const renewal = () => void renewNow().catch((error) => sessionIsOver(error) && this.#work.ended());
    this.#renew = setTimeout(renewal, Math.max(1_000, renewDueInMs()));
  }
}

function socketUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`;
}
