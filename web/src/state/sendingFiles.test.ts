import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { ClientFrame } from "../wire/types";
import { fromSnapshot } from "./apply";
import type { OutFile } from "./files/outFile";
import { snapshotOf } from "./given";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("./house.svelte");
const { Sending } = await import("./sending");
const { Store } = await import("./store");
const { Files } = await import("./files/files");

type Post = Extract<ClientFrame, { type: "post" }>;
const until = (what: () => unknown) => vi.waitFor(() => expect(what()).toBeTruthy());
let round = 0;

const never = () => Promise.reject(new Error("not asked here"));
const calls = {
  ask: never,
  uploaded: never,
  file: never,
  links: never,
  filesRoom: never,
  cancel: async () => undefined,
};

/** A file as it lies in the tray, at whatever stage. */
const outFile = (key: string, state: OutFile["state"]): OutFile => ({
  key,
  id: `id of ${key}`,
  group: 1,
  message: null,
  order: 1,
  kind: "image",
  type: "image/webp",
  name: `${key}.webp`,
  alt: "",
  blob: new Blob([key]),
  width: 4,
  height: 3,
  placeholder: "",
  state,
  why: null,
});

async function device() {
  const store = await Store.open(`sending-files-${++round}`);
  const arrived: Post[] = [];
  const files: InstanceType<typeof Files> = new Files(store, calls, (group) => sending.drain(group));
  const sending: InstanceType<typeof Sending> = new Sending(
    store,
    (frame) => {
      if (frame.type === "post") arrived.push(frame);
      return true;
    },
    files,
  );
  const lies = async (file: OutFile) => {
    house.files.set(file.key, file);
    await store.keepFile(file);
  };
  const ack = (post: Post, seq = 1) =>
    sending.ack({ type: "ack", id: post.id, group: post.group, seq, at: "", duplicate: false });
  const stop = () => {
    sending.stop();
    files.stop();
  };
  return { store, files, sending, arrived, lies, ack, stop };
}

beforeEach(() => {
  house.outbox = [];
  house.files.clear();
  house.states.clear();
  house.link = "live";
});

test("a message waits for its files while the next one goes out, and then goes out with them", async () => {
  const { files, sending, arrived, lies, ack, stop } = await device();
  await lies(outFile("a", "uploading"));
  await lies({ ...outFile("b", "ready"), alt: " The hall " });
  await sending.post(1, "look", undefined, ["a", "b"]);
  await sending.post(1, "meanwhile");
  await until(() => arrived.length === 1);
  expect(arrived[0]).toMatchObject({ text: "meanwhile" });
  expect(arrived[0]).not.toHaveProperty("images");
  ack(arrived[0]!);
  house.files.set("a", { ...house.files.get("a")!, state: "ready" });
  sending.drain(1);
  await until(() => arrived.length === 2);
  expect(arrived[1]).toMatchObject({
    text: "look",
    images: [
      { id: "id of a", alt: "" },
      { id: "id of b", alt: "The hall" },
    ],
  });
  expect(files.tray(1)).toEqual([]);
  stop();
});

test("Remove takes the files along, from the screen and from the disk", async () => {
  const { store, sending, lies, stop } = await device();
  await lies({ ...outFile("a", "failed"), why: "broken" });
  await sending.post(1, "", undefined, ["a"]);
  await sending.remove(house.outbox[0]!.id);
  expect(house.files.size).toBe(0);
  expect(await store.files()).toEqual([]);
  stop();
});

test("once the log has the message its files leave the disk with it", async () => {
  const { store, sending, arrived, lies, ack, stop } = await device();
  await lies(outFile("a", "ready"));
  await sending.post(1, "", undefined, ["a"]);
  await until(() => arrived.length === 1);
  ack(arrived[0]!, 5);
  await until(async () => (await store.outbox())?.[0]?.state === "sent");
  expect(await store.files()).toHaveLength(1);
  sending.confirmed(1, new Map([[arrived[0]!.id, 5]]), 5);
  expect(house.files.size).toBe(0);
  await store.keepGroup(fromSnapshot(snapshotOf({ group: 1, seq: 5 })));
  expect(await store.files()).toEqual([]);
  stop();
});

test("Retry of a message tries its files again", async () => {
  const { files, sending, lies, stop } = await device();
  await lies({ ...outFile("a", "failed"), why: "day_full" });
  await sending.post(1, "", undefined, ["a"]);
  const again = vi.spyOn(files, "again").mockResolvedValue();
  await sending.retry(house.outbox[0]!.id);
  expect(again).toHaveBeenCalledWith("a", false);
  stop();
});

test("Retry of a message whose files the server has not any more brings them anew, but not for its words", async () => {
  const { files, sending, arrived, lies, stop } = await device();
  await lies(outFile("a", "ready"));
  await sending.post(1, "look", undefined, ["a"]);
  const again = vi.spyOn(files, "again").mockResolvedValue();
  for (const [code, anew] of [
    ["not_found", true],
    ["invalid_text", false],
  ] as const) {
    await until(() => arrived.length > 0);
    sending.refused({ type: "error", code, id: arrived.pop()!.id });
    await until(() => house.outbox[0]?.state === "failed");
    await sending.retry(house.outbox[0]!.id);
    expect(again).toHaveBeenLastCalledWith("a", anew);
  }
  stop();
});
