import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { request, Unreachable } from "./http";

/** The server's end of a slow line: what it says arrives at once, and breaks off when the client gives up. */
let line: ReadableStreamDefaultController<Uint8Array>;
const says = (text: string) => line.enqueue(new TextEncoder().encode(text));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_address: string, { signal }: { signal: AbortSignal }) => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (line = controller) });
    signal.addEventListener("abort", () => line.error(signal.reason));
    return Promise.resolve(new Response(body));
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("an answer is waited for as long as something of it comes", async () => {
  const answer = request("GET", "/groups/3/actions");
  for (const part of ['{"to":', " 1", "2", "3", ', "name":', ' "Jö', 'rg"', "}"]) {
    await vi.advanceTimersByTimeAsync(14_000);
    says(part);
  }
  line.close();
  expect(await answer).toEqual({ to: 123, name: "Jörg" });
});

test("an answer of which nothing comes for fifteen seconds is given up", async () => {
  const answer = expect(request("GET", "/me")).rejects.toThrow(Unreachable);
  await vi.advanceTimersByTimeAsync(14_000);
  says("{");
  await vi.advanceTimersByTimeAsync(15_000);
  await answer;
});

test("an answer that is none is no answer", async () => {
  const answer = expect(request("GET", "/me")).rejects.toThrow(Unreachable);
  await vi.advanceTimersByTimeAsync(0);
  says("<html>");
  line.close();
  await answer;
});
