import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DEAD, Socket } from "./socket";
import type { Hello, ServerFrame } from "./types";

class Line {
  static OPEN = 1;
  static last: Line;
  readyState = Line.OPEN;
  sent: { type: string }[] = [];
  closed = false;
  onopen = () => undefined as unknown;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;

  constructor() {
    Line.last = this;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as { type: string });
  }

  close(): void {
    this.closed = true;
  }

  says(...types: string[]): void {
    for (const type of types) this.onmessage({ data: JSON.stringify({ type, heartbeat_ms: 25_000 }) });
  }
}

vi.stubGlobal("WebSocket", Line);
const hello: Hello = { type: "hello", version: 1, token: "t", epoch: null, cursors: {} };
let heard: string[] = [];
let codes: number[] = [];

function open(): Line {
  new Socket("ws://localhost/socket", hello, {
    frame: (frame: ServerFrame) => heard.push(frame.type),
    closed: (code) => codes.push(code),
  });
  Line.last.onopen();
  return Line.last;
}

beforeEach(() => {
  vi.useFakeTimers();
  [heard, codes] = [[], []];
});

afterEach(() => vi.useRealTimers());

test("the first frame is hello, and each heartbeat a ping that wants its pong within ten seconds", () => {
  const line = open();
  line.says("welcome", "live");
  vi.advanceTimersByTime(30_100);
  expect(line.sent.map((frame) => frame.type)).toEqual(["hello", "ping"]);
  line.says("pong");
  vi.advanceTimersByTime(30_100);
  expect(line.sent).toHaveLength(3);
  vi.advanceTimersByTime(10_000);
  expect(codes).toEqual([DEAD]);
  expect(line.closed).toBe(true);
});

test.each([[[]], [["welcome"]], [["live"]], [["welcome", "actions"]]])(
  "a socket that comes no further than %j is given up twelve seconds after its last frame",
  (types) => {
    const line = open();
    vi.advanceTimersByTime(11_000);
    line.says(...types);
    vi.advanceTimersByTime(types.length > 0 ? 11_900 : 900);
    expect(codes).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(codes).toEqual([DEAD]);
  },
);

test("a long replay over a slow line is not given up while something comes", () => {
  const line = open();
  line.says("welcome");
  for (let frame = 0; frame < 20; frame++) {
    vi.advanceTimersByTime(11_000);
    line.says("actions");
  }
  line.says("live");
  expect(codes).toEqual([]);
  expect(heard).toHaveLength(22);
});

test("a slow line in a busy room is kept while something comes, and goes on to ping", () => {
  const line = open();
  line.says("welcome", "live");
  vi.advanceTimersByTime(30_100);
  for (let frame = 0; frame < 20; frame++) {
    line.says("actions");
    vi.advanceTimersByTime(9_000);
  }
  expect(codes).toEqual([]);
  expect(line.sent.filter((frame) => frame.type === "ping").length).toBeGreaterThan(5);
  vi.advanceTimersByTime(1_100);
  expect(codes).toEqual([DEAD]);
});

test("however short the heartbeat, a line that is silent for ten seconds is given up", () => {
  const line = open();
  line.onmessage({ data: JSON.stringify({ type: "welcome", heartbeat_ms: 1_000 }) });
  line.says("live");
  vi.advanceTimersByTime(11_300);
  expect(codes).toEqual([DEAD]);
});

test("what a server says by its close code is handed on once, and what is no frame is passed over", () => {
  const line = open();
  line.onmessage({ data: "no json" });
  line.onmessage({ data: "[]" });
  line.onclose({ code: 4401 });
  line.onclose({ code: 1006 });
  line.says("welcome");
  expect([heard, codes]).toEqual([[], [4401]]);
});
