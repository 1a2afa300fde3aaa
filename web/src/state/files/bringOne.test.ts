import { expect, test, vi } from "vitest";
import type { FileCalls } from "../../wire/files";
import type { File as WireFile } from "../../wire/types";
import { bringOne, NotBrought } from "./bringOne";

const wanted = { id: "1", purpose: "emote", type: "image/png", length: 3, group: 7 } as const;
const blob = new Blob(["abc"]);
const upload = { url: "https://store.example/1", headers: {}, until: "" };
const file = (state: WireFile["state"], more: Partial<WireFile> = {}): WireFile => ({
  ...wanted,
  kind: "image",
  name: "",
  state,
  ...more,
});

function server(...states: WireFile[]) {
  const next = () => Promise.resolve(states.shift()!);
  return {
    ask: vi.fn(next),
    uploaded: vi.fn(next),
    file: vi.fn(next),
  } as unknown as FileCalls & Record<"ask" | "uploaded" | "file", ReturnType<typeof vi.fn>>;
}
const how = () => ({
  put: vi.fn((_upload: unknown, _blob: unknown, progress: (share: number) => void) => {
    progress(0.5);
    return Promise.resolve();
  }),
  pause: () => Promise.resolve(),
});

test("a file is uploaded, looked at, and then ready", async () => {
  const calls = server(file("asked", { upload }), file("uploaded"), file("uploaded"), file("ready"));
  const told: unknown[] = [];
  const done = how();
  await bringOne(calls, wanted, blob, (...one) => told.push(one), new AbortController().signal, done);
  expect(done.put).toHaveBeenCalledOnce();
  expect(calls.file).toHaveBeenCalledTimes(2);
  expect(told).toEqual([
    ["uploading", 0],
    ["uploading", 0.5],
    ["looking", 1],
  ]);
});

test("what is there already is not uploaded again", async () => {
  const done = how();
  await bringOne(server(file("ready")), wanted, blob, () => undefined, new AbortController().signal, done);
  expect(done.put).not.toHaveBeenCalled();
});

test("what is no good says why", async () => {
  const calls = server(file("asked", { upload }), file("refused", { refused: "too_many_frames" }));
  const brought = bringOne(calls, wanted, blob, () => undefined, new AbortController().signal, how());
  await expect(brought).rejects.toEqual(new NotBrought("too_many_frames"));
  await expect(brought).rejects.toMatchObject({ why: "too_many_frames" });
});

test("nobody waits for a file that is not wanted any more", async () => {
  const work = new AbortController();
  const calls = server(file("uploaded"), file("ready"));
  work.abort();
  await expect(bringOne(calls, wanted, blob, () => undefined, work.signal, how())).rejects.toThrow();
  expect(calls.file).not.toHaveBeenCalled();
});
