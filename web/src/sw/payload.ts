/** What is pushed to this device (docs/protocol.md). Whatever is not understood is "strange", and still told. */

export interface PushedMessage {
  kind: "message";
  group: number;
  message: string;
  seq: number;
  title: string;
  body: string;
  /** The number on the app; null = as it is. */
  badge: number | null;
  /** The conversation rang a moment ago. */
  silent: boolean;
  at: number;
}

/** Of an event: somebody may answer it at once. */
export interface PushedEvent {
  kind: "event";
  group: number;
  event: string;
  /** Of the occurrence; null = all of it, and there is nothing to answer. */
  key: string | null;
  title: string;
  body: string;
}

export type Pushed =
  | PushedMessage
  | PushedEvent
  | { kind: "read"; group: number; seq: number; badge: number | null }
  | { kind: "test"; title: string; body: string }
  | { kind: "strange" };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STRANGE = { kind: "strange" } as const;

export function pushedIn(text: string): Pushed {
  try {
    return understood(object(JSON.parse(text)));
  } catch {
    return STRANGE;
  }
}

function understood(said: Record<string, unknown>): Pushed {
  const data = object(said.data);
  const { kind, message } = data;
  const title = textIn(said.title);
  const body = textIn(said.body);
  if (kind === "test" && title) return { kind, title, body };
  const place = { group: countIn(data.group), seq: countIn(data.seq) };
  const badge = typeof said.badge === "number" ? countIn(String(said.badge)) : null;
  if (kind === "read") return { kind, ...place, badge };
  if (kind === "event" && title && UUID.test(textIn(data.event))) return eventIn(data, title, body);
  if (kind !== "message" || !title || !UUID.test(textIn(message))) return STRANGE;
  const at = Date.parse(textIn(data.at)) || Date.now();
  return { kind, ...place, message: textIn(message), title, body, badge, silent: data.silent === "1", at };
}

function eventIn(data: Record<string, unknown>, title: string, body: string): PushedEvent {
  const canAnswer = data.what !== "cancelled" && textIn(data.key) !== "";
  return {
    kind: "event",
    group: countIn(data.group),
    event: textIn(data.event),
    key: canAnswer ? textIn(data.key) : null,
    title,
    body,
  };
}

const object = (value: unknown) => Object(value) as Record<string, unknown>;
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

function countIn(value: unknown): number {
  if (!/^\d{1,15}$/.test(textIn(value))) throw new Error("this is no number");
  return Number(value);
}
