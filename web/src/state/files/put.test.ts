import { afterEach, expect, test, vi } from "vitest";
import { put } from "./put";

const upload = { url: "https://store.example/q/1", headers: { "content-type": "image/webp" }, until: "" };

/** A browser's request, answered by hand. */
class Request {
  static last: Request;
  status = 0;
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onloadend = () => undefined as void;
  headers: Record<string, string> = {};
  opened: string[] = [];
  sent: unknown = null;
  constructor() {
    Request.last = this;
  }
  open(...args: string[]) {
    this.opened = args;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(body: unknown) {
    this.sent = body;
  }
  abort() {
    this.ended(0);
  }
  ended(status: number) {
    this.status = status;
    this.onloadend();
  }
}

vi.stubGlobal("XMLHttpRequest", Request);
afterEach(() => vi.useRealTimers());

const begun = (signal = new AbortController().signal) => {
  const shares: number[] = [];
  const blob = new Blob(["x".repeat(100)]);
  return { blob, shares, done: put(upload, blob, (share) => shares.push(share), signal) };
};

test("the bytes go to the address with its headers, and how far they are is told", async () => {
  const { blob, shares, done } = begun();
  expect(Request.last).toMatchObject({ opened: ["PUT", upload.url], headers: upload.headers, sent: blob });
  Request.last.upload.onprogress!({ loaded: 25 });
  Request.last.upload.onprogress!({ loaded: 100 });
  Request.last.ended(200);
  await done;
  expect(shares).toEqual([0.25, 1]);
});

test("what the store refuses is refused, what is cut may be tried again", async () => {
  const refused = begun().done;
  Request.last.ended(403);
  await expect(refused).rejects.toMatchObject({ code: "not_uploaded" });
  const cut = begun().done;
  Request.last.ended(0);
  await expect(cut).rejects.toThrow("did not take");
});

test("whoever cancels stops the upload", async () => {
  const cancel = new AbortController();
  const { done } = begun(cancel.signal);
  cancel.abort();
  await expect(done).rejects.toThrow();
});

test("an upload that stands still for half a minute is a cut", async () => {
  vi.useFakeTimers();
  const { done } = begun();
  const cut = expect(done).rejects.toThrow();
  vi.advanceTimersByTime(29_000);
  Request.last.upload.onprogress!({ loaded: 1 });
  vi.advanceTimersByTime(29_000);
  expect(Request.last.status).toBe(0);
  vi.advanceTimersByTime(1_000);
  await cut;
});
