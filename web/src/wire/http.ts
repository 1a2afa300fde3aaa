/** One HTTP call to the server, and the two ways in which it can fail. */

import type { ErrorCode, Problem } from "./types";

const TIMEOUT_MS = 15_000;

/** The server answered, and said no. Decide by `code`. */
export class Refused extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    readonly retryMs: number | null = null,
    title = "",
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

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type Call = <T>(method: Method, path: string, body?: unknown) => Promise<T>;

export async function request<T>(method: Method, path: string, body?: unknown, token?: string): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token) headers.authorization = `Bearer ${token}`;
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 204) return undefined as T;
    const answer: unknown = await response.json();
    if (response.ok) return answer as T;
    throw refusal(response.status, answer);
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(String(error));
  }
}

function refusal(status: number, answer: unknown): Refused {
  const problem = (answer ?? {}) as Partial<Problem>;
  return new Refused(
    (problem.code ?? "internal") as ErrorCode,
    status,
    problem.retry_ms ?? null,
    problem.title ?? "",
  );
}
