import { beforeEach, expect, test, vi } from "vitest";
import { snapshotOf } from "./given";
import type { Message, Page, Placed } from "../wire/types";
import { fromSnapshot } from "./apply";

const heard = new Set<(group: number, actions: readonly Placed[]) => void>();
vi.stubGlobal("document", { hidden: false });
let page: (value: Page) => void;
vi.mock("./intake", () => ({
  calls: {
    messagesBefore: () => new Promise<Page>((resolve) => (page = resolve)),
    messagesAround: () => Promise.resolve({ messages: [message(3), message(4)], more: true }),
    messagesAfter: () => new Promise<Page>((resolve) => (page = resolve)),
    message: (id: string) => Promise.resolve(message(Number(id))),
  },
}));
vi.mock("./account", () => ({
  here: () => ({
    intake: {
      notices: () => Promise.resolve([]),
      replace: (state: ReturnType<typeof fromSnapshot>) => house.states.set(state.group, state),
    },
  }),
  stillHere: () => ({ heard }),
}));
const { house } = await import("./house.svelte");
const { Room } = await import("./room.svelte");

const message = (seq: number): Message => ({
  id: `${seq}`,
  group: 3,
  seq,
  author: "ann",
  text: "hi",
  sent_at: "2026-11-22T20:19:51Z",
});

/** The room as it is known from `window` to `seq`. */
function known(window: number, seq: number): void {
  const messages = Array.from({ length: seq - window + 1 }, (_, i) => message(window + i));
  house.states.set(3, fromSnapshot(snapshotOf({ group: 3, seq, messages, window })));
}

const held = () => {
  const state = house.states.get(3)!;
  return [state.window, state.messages.map(({ seq }) => seq)];
};

beforeEach(() => house.clear());

test("older messages go in front of what is held", async () => {
  known(5, 6);
  const loading = new Room(3).older();
  page({ messages: [message(3), message(4)], more: true });
  await loading;
  expect(held()).toEqual([3, [3, 4, 5, 6]]);
});

test("older messages that come when what is held is another part of the log leave no hole in it", async () => {
  known(5, 6);
  const loading = new Room(3).older();
  known(8, 9); // trimmed, or fetched anew
  page({ messages: [message(3), message(4)], more: true });
  await loading;
  expect(held()).toEqual([8, [8, 9]]);
});

test("what follows a past that was jumped to comes as it is now, until it meets the present", async () => {
  known(9, 10);
  const room = new Room(3);
  expect(await room.goTo("4")).toBe("4");
  const shown = () => room.rows.flatMap((row) => (row.kind === "message" ? [row] : []));
  let loading = room.newer();
  page({ messages: [{ ...message(6), edited_at: "2026-11-22T20:20:00Z" }], more: true });
  await loading;
  expect(shown().map(({ seq }) => seq)).toEqual([3, 4, 6]);
  expect(shown().at(-1)!.edited).not.toBeNull();
  loading = room.newer();
  page({ messages: [message(8), message(9), message(10)], more: false });
  await loading;
  expect(room.hasNewer).toBe(false);
  expect(held()).toEqual([3, [3, 4, 6, 8, 9, 10]]);
});

test("what is still awaited from another place does not hold up what follows here", async () => {
  known(9, 10);
  const room = new Room(3);
  await room.goTo("4");
  void room.newer();
  await room.goTo("5");
  const loading = room.newer();
  page({ messages: [message(6)], more: true });
  await loading;
  expect(room.rows.flatMap((row) => (row.kind === "message" ? [row.seq] : []))).toEqual([3, 4, 6]);
});

test("where nothing more follows, the past meets the present", async () => {
  known(9, 10);
  const room = new Room(3);
  await room.goTo("4");
  const loading = room.newer();
  page({ messages: [], more: false });
  await loading;
  expect(room.hasNewer).toBe(false);
});

test("what is deleted while older messages are on their way does not come back with them", async () => {
  known(5, 6);
  const room = new Room(3);
  const deaf = room.listen();
  const loading = room.older();
  for (const hear of heard) hear(3, [{ seq: 7, at: "", type: "message_deleted", id: "3", by: "ann" }]);
  page({ messages: [message(3), message(4)], more: true });
  await loading;
  expect(house.states.get(3)!.messages[0]).toMatchObject({ id: "3", text: "", deleted: true });
  deaf();
});
