import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ClientFrame } from "../wire/types";
import { fromSnapshot } from "./apply";
import { snapshotOf } from "./given";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("./house.svelte");
const { Sending } = await import("./sending");
const { Store } = await import("./store");

type Post = Extract<ClientFrame, { type: "post" }>;
let round = 0;

/** A server's end of the wire: what has arrived, and the answers to give. */
async function device(user = `user-${++round}`) {
  const store = await Store.open(user);
  const arrived: Post[] = [];
  house.user = user;
  const sending = new Sending(store, (frame) => {
    if (frame.type === "post") arrived.push(frame);
    return true;
  });
  await sending.load();
  const ack = (post: Post, seq = 1) =>
    sending.ack({ type: "ack", id: post.id, group: post.group, seq, at: "", duplicate: false });
  return { user, store, sending, arrived, ack };
}

const until = (what: () => unknown) => vi.waitFor(() => expect(what()).toBeTruthy());

beforeEach(() => {
  house.outbox = [];
  house.states.clear();
  house.link = "connecting";
});

afterEach(() => vi.useRealTimers());

test("what was written without a connection goes out in order, one at a time", async () => {
  const { sending, arrived, ack } = await device();
  for (const text of ["one", "two", "three"]) await sending.post(1, text);
  expect(house.outbox.map((item) => item.state)).toEqual(["waiting", "waiting", "waiting"]);
  expect(arrived).toEqual([]);
  house.link = "live";
  void sending.drainAll();
  for (const count of [1, 2, 3]) {
    await until(() => arrived.length === count);
    ack(arrived.at(-1)!);
  }
  expect(arrived.map((post) => post.text)).toEqual(["one", "two", "three"]);
  await until(() => house.outbox.every((item) => item.state === "sent"));
  sending.stop();
});

test("a message is shown before anything is stored or sent", async () => {
  const { sending } = await device();
  void sending.post(1, "at once");
  expect(house.outbox.map((item) => item.text)).toEqual(["at once"]);
  sending.stop();
});

test("half a character is written as the sign for one that is missing, and holds nothing up", async () => {
  const { sending, arrived } = await device();
  house.link = "live";
  await sending.post(1, "a \ud83d b \u{1F600}");
  await until(() => arrived.length === 1);
  expect(arrived[0]!.text).toBe("a \ufffd b \u{1F600}");
  sending.stop();
});

test("without an answer it is not confirmed, and goes out again with the same id before the next", async () => {
  const { sending, arrived, ack } = await device();
  house.link = "live";
  await sending.post(1, "one");
  await sending.post(1, "two");
  await until(() => arrived.length === 1);
  house.link = "connecting";
  sending.lost();
  await until(() => house.outbox[0]?.state === "unconfirmed");
  house.link = "live";
  await until(() => {
    void sending.drainAll();
    return arrived.length === 2;
  });
  expect(arrived[1]).toEqual(arrived[0]);
  ack(arrived[1]!);
  await until(() => arrived.length === 3);
  expect(arrived[2]!.text).toBe("two");
  sending.stop();
});

test("one that is refused stays with its reason, the next goes out, and Retry keeps the id", async () => {
  const { sending, arrived, ack } = await device();
  house.link = "live";
  await sending.post(1, "bad");
  await sending.post(1, "good");
  await until(() => arrived.length === 1);
  sending.refused({ type: "error", code: "invalid_text", id: arrived[0]!.id });
  await until(() => arrived.length === 2);
  ack(arrived[1]!);
  await until(() => house.outbox[0]?.state === "failed");
  expect(house.outbox[0]).toMatchObject({ text: "bad", code: "invalid_text" });
  await sending.retry(arrived[0]!.id);
  await until(() => arrived.length === 3);
  expect(arrived[2]).toEqual(arrived[0]);
  sending.stop();
});

test("the queue survives a restart of the browser, in its order", async () => {
  const before = await device();
  for (const text of ["one", "two"]) await before.sending.post(1, text);
  before.sending.stop();
  before.store.close();
  house.outbox = [];
  const after = await device(before.user);
  expect(house.outbox.map((item) => item.text)).toEqual(["one", "two"]);
  house.link = "live";
  void after.sending.drainAll();
  await until(() => after.arrived.length === 1);
  expect(after.arrived[0]!.text).toBe("one");
  after.sending.stop();
});

test("what the log has brought is sent, even if no answer was ever heard", async () => {
  const { store, sending, arrived } = await device();
  house.link = "live";
  await sending.post(1, "one");
  await until(() => arrived.length === 1);
  sending.confirmed(1, new Map([[arrived[0]!.id, 5]]), 5);
  expect(house.outbox).toEqual([]);
  await until(async () => (await store.outbox())?.[0]?.state === "sent");
  sending.stop();
});

const roomAt = (seq: number) => fromSnapshot(snapshotOf({ group: 1, seq }));

test("a reload at any moment finds what was sent: in the outbox until the disk has that part of the log", async () => {
  const before = await device();
  house.link = "live";
  await before.sending.post(1, "one");
  await until(() => before.arrived.length === 1);
  before.ack(before.arrived[0]!, 5);
  await until(async () => (await before.store.outbox())?.[0]?.state === "sent");
  await before.store.keepGroup(roomAt(4));
  before.sending.stop();
  before.store.close();
  house.outbox = [];
  const after = await device(before.user);
  expect(house.outbox).toMatchObject([{ text: "one", state: "sent", seq: 5 }]);
  void after.sending.drainAll();
  await after.store.keepGroup(roomAt(5));
  expect(await after.store.outbox()).toEqual([]);
  after.sending.confirmed(1, new Map(), 5);
  expect(house.outbox).toEqual([]);
  expect(after.arrived).toEqual([]);
  after.sending.stop();
});

test("what an older database never had goes out again, under the same id", async () => {
  const { sending, arrived, ack } = await device();
  house.link = "live";
  await sending.post(1, "one");
  await until(() => arrived.length === 1);
  ack(arrived[0]!);
  await until(() => house.outbox[0]?.state === "sent");
  sending.doubt();
  void sending.drainAll();
  await until(() => arrived.length === 2);
  expect(arrived[1]).toEqual(arrived[0]);
  sending.stop();
});

test("asked to wait, nothing goes out before its time, then the same message goes first", async () => {
  const { sending, arrived, ack } = await device();
  house.link = "live";
  await sending.post(1, "one");
  await until(() => arrived.length === 1);
  const asked = performance.now();
  sending.refused({ type: "error", code: "rate_limited", id: arrived[0]!.id, retry_ms: 150 });
  await until(() => house.outbox[0]?.state === "waiting");
  await sending.post(1, "two");
  void sending.drainAll();
  await until(() => arrived.length === 2);
  expect(performance.now() - asked).toBeGreaterThanOrEqual(149);
  expect(arrived[1]).toEqual(arrived[0]);
  ack(arrived[1]!);
  await until(() => arrived.length === 3);
  expect(arrived[2]!.text).toBe("two");
  sending.stop();
});

test("Remove takes a refused message away for good", async () => {
  const { store, sending, arrived } = await device();
  house.link = "live";
  await sending.post(1, "bad");
  await until(() => arrived.length === 1);
  sending.refused({ type: "error", code: "invalid_text", id: arrived[0]!.id });
  await until(() => house.outbox[0]?.state === "failed");
  await sending.remove(arrived[0]!.id);
  expect(house.outbox).toEqual([]);
  expect(await store.outbox()).toEqual([]);
  sending.stop();
});

test("what is written while another tab's change is being read stays", async () => {
  const { sending, store } = await device();
  await sending.post(1, "one");
  const loading = sending.load();
  void sending.post(1, "two");
  await loading;
  expect(house.outbox.map((item) => item.text)).toEqual(["one", "two"]);
  await until(async () => (await store.outbox())?.length === 2);
  sending.stop();
});

test("what is taken away while another tab's change is being read stays away", async () => {
  const { sending } = await device();
  await sending.post(1, "one");
  const loading = sending.load();
  void sending.remove(house.outbox[0]!.id);
  await loading;
  expect(house.outbox).toEqual([]);
  sending.stop();
});

test("what a full disk did not take stays in memory, and is sent from there", async () => {
  const { sending, store, arrived, ack } = await device();
  vi.spyOn(store, "keepOutgoing").mockResolvedValue(false);
  await sending.post(1, "the only copy");
  await sending.load();
  expect(house.outbox.map((item) => item.text)).toEqual(["the only copy"]);
  house.link = "live";
  void sending.drainAll();
  await until(() => arrived.length === 1);
  ack(arrived[0]!);
  await until(() => house.outbox[0]?.state === "sent");
  sending.stop();
});

test("once the disk has taken it, the disk decides", async () => {
  const { sending, store } = await device();
  const full = vi.spyOn(store, "keepOutgoing").mockResolvedValue(false);
  await sending.post(1, "one");
  full.mockRestore();
  const { id } = house.outbox[0]!;
  await sending.retry(id);
  await store.dropOutgoing(id); // as another tab does that has sent it
  await sending.load();
  expect(house.outbox).toEqual([]);
  sending.stop();
});

test("a disk that cannot be read takes nothing away", async () => {
  const { sending, store } = await device();
  await sending.post(1, "one");
  store.close();
  await sending.load();
  expect(house.outbox.map((item) => item.text)).toEqual(["one"]);
  sending.stop();
});

/** On the disk, by a tab that was closed before it could send it or tell of it. */
const left = (text: string) => ({
  id: `left: ${text}`,
  group: 1,
  text,
  order: 1,
  writtenAt: "2026-11-22T20:19:51Z",
  state: "waiting" as const,
});

test("what a closed tab has left goes out once, is shown like any other, and holds nobody up", async () => {
  const { store, sending, arrived, ack } = await device();
  house.link = "live";
  await store.keepOutgoing(left("theirs"));
  await sending.post(1, "mine");
  await until(() => arrived.length === 1);
  expect(house.outbox.map((item) => [item.text, item.state])).toEqual([
    ["theirs", "sending"],
    ["mine", "waiting"],
  ]);
  ack(arrived[0]!, 1);
  await until(() => arrived.length === 2);
  ack(arrived[1]!, 2);
  await until(() => house.outbox.every((item) => item.state === "sent"));
  expect(arrived.map((post) => post.text)).toEqual(["theirs", "mine"]);
  sending.stop();
});

test("what a closed tab has left goes out when the connection is back, though nothing was written here", async () => {
  const { store, sending, arrived } = await device();
  house.link = "live";
  await store.keepOutgoing(left("theirs"));
  await sending.drainAll();
  await until(() => arrived.length === 1);
  sending.stop();
});

test("what another tab tells of and does not send is sent from here after a while", async () => {
  const { store, sending, arrived } = await device();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  house.link = "live";
  await store.keepOutgoing(left("theirs"));
  const elsewhere = new BroadcastChannel("clubroom-outbox");
  elsewhere.postMessage("changed");
  await until(() => house.outbox.length === 1);
  expect(arrived).toEqual([]);
  vi.advanceTimersByTime(3_000);
  vi.useRealTimers();
  await until(() => arrived.length === 1);
  elsewhere.close();
  sending.stop();
});

test("what a closed tab had sent already, as the log shows, goes out once more at most", async () => {
  const { store, sending, arrived, ack } = await device();
  const item = left("theirs");
  const message = { id: item.id, group: 1, seq: 1, author: "me", text: item.text, sent_at: item.writtenAt };
  house.states.set(1, { ...roomAt(1), messages: [message] });
  house.link = "live";
  await store.keepOutgoing(item);
  await sending.post(1, "mine");
  await until(() => arrived.length === 1);
  ack(arrived[0]!, 1);
  await until(() => arrived.length === 2);
  expect(arrived.map((post) => post.text)).toEqual(["theirs", "mine"]);
  expect((await store.outbox())?.find(({ id }) => id === item.id)).toMatchObject({ state: "sent", seq: 1 });
  sending.stop();
});

test("an answer that the disk does not take holds all the same: nothing goes out twice", async () => {
  const { store, sending, arrived, ack } = await device();
  await sending.post(1, "one");
  await sending.post(1, "two");
  await sending.post(1, "three");
  vi.spyOn(store, "keepOutgoing").mockResolvedValue(false);
  house.link = "live";
  void sending.drainAll();
  await until(() => arrived.length === 1);
  ack(arrived[0]!);
  await until(() => arrived.length === 2);
  sending.refused({ type: "error", code: "invalid_text", id: arrived[1]!.id });
  await until(() => arrived.length === 3);
  await sending.load();
  expect(house.outbox.map((item) => item.state)).toEqual(["sent", "failed", "sending"]);
  sending.confirmed(1, new Map([[arrived[0]!.id, 1]]), 1);
  await sending.load();
  await sending.retry(arrived[1]!.id);
  ack(arrived[2]!);
  await until(() => arrived.length === 4);
  expect(arrived.map((post) => post.text)).toEqual(["one", "two", "three", "two"]);
  sending.doubt();
  await sending.load();
  expect(house.outbox.map((item) => item.text)).toEqual(["one", "two", "three"]);
  sending.stop();
});

test("an answer that comes late counts: it does not go out again", async () => {
  const { sending, arrived, ack } = await device();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  house.link = "live";
  await sending.post(1, "one");
  await until(() => arrived.length === 1);
  vi.advanceTimersByTime(10_000);
  vi.useRealTimers();
  await until(() => house.outbox[0]?.state === "unconfirmed");
  ack(arrived[0]!);
  await until(() => house.outbox[0]?.state === "sent");
  await sending.post(1, "two");
  await until(() => arrived.length === 2);
  expect(arrived[1]!.text).toBe("two");
  sending.stop();
});
