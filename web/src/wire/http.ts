/** One HTTP call to the server, and the two ways in which it can fail. */

import type { ErrorCode, Problem } from "./types";

/** Nothing came for so long: there is no line. How long the whole takes is the line's affair. */
const STALLED_MS = 15_000;

/** The server answered, and said no. Decide by `code`. */
export class Refused extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    readonly retryMs: number | null = null,
    title = "",
    /** Which field it was, where one was. */
    readonly detail = "",
  ) {
    super(title || code);
  }

  /** Asking again later may well succeed; nothing is wrong with what was asked. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408 || this.code === "unauthorized";
  }
}

/** No answer: it may or may not have happened. */
export class Unreachable extends Error {}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Call = <T>(method: Method, path: string, body?: unknown) => Promise<T>;

export async function request<T>(method: Method, path: string, body?: unknown, token?: string): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token) headers.authorization = `Bearer ${token}`;
  const stalled = new AbortController();
  let clock: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(clock);
    clock = setTimeout(() => stalled.abort(), STALLED_MS);
  };
  heard();
  try {
    const response = await fetch(`/api${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: stalled.signal,
    });
    heard();
    if (response.status === 204) return undefined as T;
    const text = await textOf(response, heard);
    if (response.ok && response.headers.get("content-type")?.startsWith("text/csv")) return text as T;
    const answer: unknown = JSON.parse(text);
    if (response.ok) return answer as T;
    throw refusal(response.status, answer);
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(String(error));
  } finally {
    clearTimeout(clock);
  }
}

async function textOf(response: Response, heard: () => void): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = "";
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    heard();
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function refusal(status: number, answer: unknown): Refused {
  const problem = (answer ?? {}) as Partial<Problem>;
  return new Refused(
    (problem.code ?? "internal") as ErrorCode,
    status,
    problem.retry_ms ?? null,
    problem.title ?? "",
    problem.detail ?? "",
  );
}
