import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../../wire/http";
import type { FileCalls } from "../../wire/files";
import type { File as WireFile, NewFile } from "../../wire/types";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("../house.svelte");
const { Store } = await import("../store");
const { Files } = await import("./files");

let round = 0;
const until = (what: () => unknown) => vi.waitFor(() => expect(what()).toBeTruthy());

/** A server that takes files, and a store: what has come, and what they answer. */
function server() {
  const rows = new Map<string, WireFile>();
  const said: string[] = [];
  const answers = { looks: 1, refuses: null as string | null, cuts: 0, ask: null as Error | null };
  const row = (id: string) => {
    const found = rows.get(id);
    if (!found) throw new Refused("not_found", 404);
    return found;
  };
  const calls: FileCalls = {
    ask: async (body: NewFile) => {
      said.push("ask");
      if (answers.ask) throw answers.ask;
      const upload = { url: `https://store.example/${body.id}`, headers: {}, until: "" };
      const kind = body.type.startsWith("image/") ? ("image" as const) : ("document" as const);
      const made: WireFile =
        rows.get(body.id) ?? ({ name: "", ...body, kind, state: "asked", upload } as WireFile);
      rows.set(body.id, made);
      return made;
    },
    uploaded: async (id) => {
      said.push("uploaded");
      const now: WireFile = { ...row(id), state: "uploaded", upload: null };
      rows.set(id, now);
      return now;
    },
    file: async (id) => {
      said.push("look");
      const size = { width: 640, height: 480, placeholder: "UklG" };
      if (--answers.looks > 0) return row(id);
      if (answers.refuses) return { ...row(id), state: "refused", refused: answers.refuses };
      return { ...row(id), state: "ready", ...size };
    },
    cancel: async (id) => {
      said.push("cancel");
      rows.delete(id);
    },
    links: async () => ({ links: [] }),
    filesRoom: async () => {
      said.push("room");
      return { open: 0, open_limit: 20, day_used: 0, day_limit: 900, used: 0, limit: 100 };
    },
  };
  return { rows, said, answers, calls };
}

async function device(at = server(), user = `files-${++round}`) {
  const store = await Store.open(user);
  const pauses: number[] = [];
  const changed: number[] = [];
  house.user = user;
  const files = new Files(store, at.calls, (group) => changed.push(group), {
    put: async (_upload, _blob, progress) => {
      at.said.push("put");
      progress(0.5);
      if (at.answers.cuts-- > 0) throw new Unreachable("cut");
      progress(1);
    },
    scaled: async (blob) => ({ blob, width: 64, height: 48 }),
    pause: (ms) => {
      pauses.push(ms);
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
  });
  await files.begin();
  return { ...at, at, user, store, files, pauses, changed };
}

const picture = (name = "a.jpg", type = "image/jpeg") => new File(["bytes"], name, { type });
const only = () => [...house.files.values()][0]!;

beforeEach(() => {
  house.outbox = [];
  house.files.clear();
  house.progress.clear();
});

afterEach(() => vi.restoreAllMocks());

test("a picture is asked for, uploaded and looked at, and is then ready with its size", async () => {
  const { files, said, changed } = await device();
  expect(await files.pick(1, [picture()])).toEqual([]);
  await until(() => only()?.state === "ready");
  expect(said).toEqual(["ask", "put", "uploaded", "look"]);
  expect(only()).toMatchObject({ group: 1, message: null, width: 640, height: 480, placeholder: "UklG" });
  expect(changed).toContain(1);
  files.stop();
});

test("it is shown before anything is done with it", async () => {
  const { files } = await device();
  void files.pick(1, [picture()]);
  expect(only()).toMatchObject({ name: "a.jpg", state: "preparing" });
  files.stop();
});

test("what cannot be sent is said and never asked for, and the others go on", async () => {
  const { files, said } = await device();
  const program = new File(["x"], "a.exe");
  expect(await files.pick(1, [program, picture()])).toEqual([{ name: "a.exe", why: "file_type" }]);
  await until(() => only()?.state === "ready");
  expect(said.filter((one) => one === "ask")).toHaveLength(1);
  files.stop();
});

test("what is more than there is room for is said when it is chosen, with what is left, and never asked for", async () => {
  const { files, said } = await device();
  await files.lookAhead(1);
  const score = (name: string, size: number) =>
    new File(["x".repeat(size)], name, { type: "application/pdf" });
  expect(await files.pick(1, [score("a.pdf", 60), score("b.pdf", 60), score("c.pdf", 40)])).toEqual([
    { name: "b.pdf", why: "space_full", left: 40 },
  ]);
  expect(files.tray(1).map((file) => file.name)).toEqual(["a.pdf", "c.pdf"]);
  await until(() => files.tray(1).every((file) => file.state === "ready"));
  expect(said.filter((one) => one === "ask")).toHaveLength(2);
  files.stop();
});

test("ten lie in the tray, the eleventh is one too many; another room has a tray of its own", async () => {
  const { files } = await device();
  const many = Array.from({ length: 11 }, (_, n) => picture(`${n}.jpg`));
  expect(await files.pick(1, many)).toEqual([{ name: "10.jpg", why: "too_many" }]);
  expect(await files.pick(2, [picture()])).toEqual([]);
  expect(files.tray(1).map((file) => file.name)).toEqual(many.slice(0, 10).map((one) => one.name));
  files.stop();
});

test("the server is asked with growing pauses until it has looked", async () => {
  const { files, answers, pauses, said } = await device();
  answers.looks = 4;
  await files.pick(1, [picture()]);
  await until(() => only().state === "ready");
  expect(said.filter((one) => one === "look")).toHaveLength(4);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses[0]).toBeLessThan(pauses.at(-1)!);
  files.stop();
});

test("after a cut it is tried again by itself, and gets through", async () => {
  const { files, answers, said } = await device();
  answers.cuts = 2;
  await files.pick(1, [picture()]);
  await until(() => only().state === "ready");
  expect(said.filter((one) => one === "put")).toHaveLength(3);
  files.stop();
});

test("one that the server refuses says why", async () => {
  const { files, answers } = await device();
  answers.refuses = "too_many_pixels";
  await files.pick(1, [picture()]);
  await until(() => only().state === "failed");
  expect(only().why).toBe("too_many_pixels");
  files.stop();
});

test("a limit is said with the server's word, and Try again asks anew under another id", async () => {
  const { files, answers } = await device();
  answers.ask = new Refused("day_full" as never, 409);
  await files.pick(1, [picture()]);
  await until(() => only().state === "failed");
  const before = only();
  expect(before.why).toBe("day_full");
  answers.ask = null;
  await files.again(before.key);
  await until(() => only().state === "ready");
  expect(only().key).toBe(before.key);
  expect(only().id).not.toBe(before.id);
  files.stop();
});

test("a picture that the browser cannot read is refused here", async () => {
  const { files, said, store } = await device();
  const blind = new Files(store, server().calls, () => undefined, {
    scaled: () => Promise.reject(new Error("no picture")),
  });
  await blind.pick(1, [picture("a.heic", "image/heic")]);
  expect(only()).toMatchObject({ state: "failed", why: "broken" });
  expect(said).toEqual([]);
  blind.stop();
  files.stop();
});

test("Cancel takes it away here, on the disk and on the server", async () => {
  const { files, store, said, rows } = await device();
  await files.pick(1, [picture()]);
  await until(() => only().state === "ready");
  await files.drop(only().key);
  expect(house.files.size).toBe(0);
  expect(await store.files()).toEqual([]);
  await until(() => said.includes("cancel"));
  expect(rows.size).toBe(0);
  files.stop();
});

test("what lay in the tray is there after a reload, with its words, and goes on by itself", async () => {
  const at = server();
  at.answers.ask = new Unreachable("offline");
  const before = await device(at);
  await before.files.pick(1, [picture()]);
  await before.files.describe(only().key, "The choir on the stairs");
  before.files.stop();
  before.store.close();
  house.files.clear();
  at.answers.ask = null;
  const after = await device(at, before.user);
  expect(after.files.tray(1)).toMatchObject([{ name: "a.jpg", alt: "The choir on the stairs" }]);
  await until(() => only().state === "ready");
  expect(await only().blob.text()).toBe("bytes");
  after.files.stop();
});

test("what was sent lies in no tray, and what belongs to no message any more is dropped at the next start", async () => {
  const { files, store, at, user } = await device();
  await files.pick(1, [picture(), picture("b.jpg")]);
  await until(() => [...house.files.values()].every((file) => file.state === "ready"));
  const keys = [...house.files.keys()];
  await files.claim(keys, "m1");
  expect(files.tray(1)).toEqual([]);
  files.stop();
  store.close();
  house.files.clear();
  const after = await device(at, user);
  expect(house.files.size).toBe(0);
  expect(await after.store.files()).toEqual([]);
  after.files.stop();
});

test("a full disk takes nothing away: it goes on in memory", async () => {
  const { files, store } = await device();
  vi.spyOn(store, "keepFile").mockResolvedValue(false);
  await files.pick(1, [picture()]);
  await until(() => only().state === "ready");
  await files.load();
  expect(house.files.size).toBe(1);
  files.stop();
});

test("one that the server has lost is brought anew under another id", async () => {
  const { files, rows, said } = await device();
  await files.pick(1, [picture()]);
  await until(() => only().state === "ready");
  const before = only();
  rows.clear();
  await files.again(before.key);
  expect(only().id).toBe(before.id);
  await files.again(before.key, true);
  await until(() => only().state === "ready" && only().id !== before.id);
  expect(said.filter((one) => one === "put")).toHaveLength(2);
  files.stop();
});

test("a page that opens while another tab sends takes no file of that message away", async () => {
  const { files, store, at, user } = await device();
  await files.pick(1, [picture()]);
  await until(() => only().state === "ready");
  const { key } = only();
  const item = {
    id: "m1",
    group: 1,
    text: "",
    files: [key],
    order: 1,
    writtenAt: "",
    state: "waiting" as const,
  };
  await store.keepOutgoing(item); // on the disk; the other tab has read the outbox before
  await files.claim([key], "m1");
  files.stop();
  house.files.clear();
  const after = await device(at, user);
  expect(house.files.has(key)).toBe(true);
  after.files.stop();
});
