import { expect, test } from "vitest";
import { Refused, Unreachable } from "../../wire/http";
import type { FileCalls } from "../../wire/files";
import type { File as WireFile } from "../../wire/types";
import { brought, NoPicture, type How } from "./bringing";

/** A server that looks twice, and answers so. */
function server(answer: Partial<WireFile> = { state: "ready" }, fails: Partial<FileCalls> = {}) {
  const said: string[] = [];
  let looks = 0;
  const row = (id: string, state: WireFile["state"]) =>
    ({ id, state, upload: { url: `https://store/${id}`, headers: {}, until: "" } }) as WireFile;
  const calls: FileCalls = {
    ask: async (body) => {
      said.push(`ask ${body.purpose} ${body.group ?? "-"} ${body.type} ${body.length}`);
      return row(body.id, "asked");
    },
    uploaded: async (id) => row(id, "uploaded"),
    file: async (id) => (++looks < 2 ? row(id, "uploaded") : { ...row(id, "uploaded"), ...answer }),
    cancel: async () => void said.push("cancel"),
    links: async () => ({ links: [] }),
    filesRoom: () => Promise.reject(new Error("nobody asks")),
    ...fails,
  };
  return { calls, said };
}

const blob = new Blob(["12345"], { type: "image/webp" });
const under = () => ({ progress: () => undefined, signal: new AbortController().signal });
const how: How = { put: async () => undefined, pause: async () => undefined };

test("a picture is asked for, uploaded, looked at, and then has a name", async () => {
  const { calls, said } = server();
  const id = await brought(calls, blob, { purpose: "picture", group: 7 }, under(), how);
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(said).toEqual(["ask picture 7 image/webp 5"]);
});

test("what the server finds to be no picture is said by its word, and dropped", async () => {
  const { calls, said } = server({ state: "refused", refused: "broken" });
  const failed = brought(calls, blob, { purpose: "avatar" }, under(), how);
  await expect(failed).rejects.toEqual(new NoPicture("broken"));
  expect(said.at(-1)).toBe("cancel");
});

test("a limit is told as the server tells it, and a cut as a cut", async () => {
  const refused = new Refused("space_full", 413);
  const full = server({}, { ask: () => Promise.reject(refused) });
  await expect(brought(full.calls, blob, { purpose: "avatar" }, under(), how)).rejects.toBe(refused);
  const cut = server({}, { uploaded: () => Promise.reject(new Unreachable("cut")) });
  await expect(brought(cut.calls, blob, { purpose: "avatar" }, under(), how)).rejects.toThrow(Unreachable);
});

test("whoever closes the dialog while it is looked at leaves nothing behind", async () => {
  const { calls, said } = server();
  const work = new AbortController();
  const pause = async () => work.abort();
  const waiting = { progress: () => undefined, signal: work.signal };
  const failed = brought(calls, blob, { purpose: "avatar" }, waiting, { ...how, pause });
  await expect(failed).rejects.toThrow(Unreachable);
  expect(said.at(-1)).toBe("cancel");
});

test("whoever closes it in the very last moment gets no picture", async () => {
  const work = new AbortController();
  const late = server();
  late.calls.file = async () => {
    work.abort();
    return { state: "ready" } as WireFile;
  };
  const waiting = { progress: () => undefined, signal: work.signal };
  await expect(brought(late.calls, blob, { purpose: "avatar" }, waiting, how)).rejects.toThrow(Unreachable);
  expect(late.said.at(-1)).toBe("cancel");
});

test("what is up is not lost where the line breaks for a moment", async () => {
  const { calls, said } = server();
  let breaks = 2;
  const { uploaded } = calls;
  calls.uploaded = (id) => (breaks-- > 0 ? Promise.reject(new Unreachable("cut")) : uploaded(id));
  await brought(calls, blob, { purpose: "avatar" }, under(), how);
  expect(said).toEqual(["ask avatar - image/webp 5"]);
});

test("nobody waits for ever for somebody to look at it", async () => {
  const { calls } = server({ state: "uploaded" });
  await expect(brought(calls, blob, { purpose: "avatar" }, under(), how)).rejects.toThrow(Unreachable);
});
