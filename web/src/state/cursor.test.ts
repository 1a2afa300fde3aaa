import { expect, test } from "vitest";
import type { Placed } from "../wire/types";
import {
  emptyInbox,
  HELD_ACTIONS_MAX,
  HELD_MS_MAX,
  mustPull,
  receive,
  type Batch,
  type Inbox,
} from "./cursor";

function batch(from: number, to: number): Batch {
  const actions: Placed[] = [];
  for (let seq = from; seq <= to; seq++) {
    actions.push({ seq, at: "", type: "message_posted", id: `${seq}`, author: "a", text: "" });
  }
  return { from, to, actions };
}

const seqs = (actions: readonly Placed[]) => actions.map((action) => action.seq);

test("what comes next is applied at once", () => {
  const { inbox, ready, pull } = receive(emptyInbox(4), batch(5, 6), 0);
  expect(seqs(ready)).toEqual([5, 6]);
  expect(inbox).toEqual({ cursor: 6, held: [], heldSince: null });
  expect(pull).toBe(false);
});

test("what is older is dropped", () => {
  const before = emptyInbox(9);
  expect(receive(before, batch(7, 9), 0)).toEqual({ inbox: before, ready: [], pull: false });
});

test("of a batch that overlaps only what is new is applied", () => {
  expect(seqs(receive(emptyInbox(6), batch(5, 8), 0).ready)).toEqual([7, 8]);
});

test("what is newer waits for the gap to close", () => {
  const first = receive(emptyInbox(4), batch(7, 8), 0);
  expect(first.ready).toEqual([]);
  expect(first.pull).toBe(false);
  const second = receive(first.inbox, batch(5, 6), 100);
  expect(seqs(second.ready)).toEqual([5, 6, 7, 8]);
  expect(second.inbox.heldSince).toBeNull();
});

test("a gap that stays open for half a second is pulled", () => {
  const { inbox } = receive(emptyInbox(4), batch(7, 8), 1000);
  expect(mustPull(inbox, 1000 + HELD_MS_MAX - 1)).toBe(false);
  expect(mustPull(inbox, 1000 + HELD_MS_MAX)).toBe(true);
});

test("more held actions than the limit are pulled at once", () => {
  expect(receive(emptyInbox(4), batch(6, 6 + HELD_ACTIONS_MAX), 0).pull).toBe(true);
  expect(receive(emptyInbox(4), batch(6, 5 + HELD_ACTIONS_MAX), 0).pull).toBe(false);
});

test("a gap that moved on starts to wait anew", () => {
  const held = receive(emptyInbox(0), batch(3, 3), 0).inbox;
  const wider = receive(held, batch(6, 6), 400).inbox;
  const moved = receive(wider, batch(1, 2), 450);
  expect(seqs(moved.ready)).toEqual([1, 2, 3]);
  expect(moved.inbox.heldSince).toBe(450);
});

test("a batch without a known action still moves the cursor", () => {
  const { inbox } = receive(emptyInbox(4), { from: 5, to: 7, actions: [] }, 0);
  expect(inbox.cursor).toBe(7);
});

test("however a log is cut, repeated and shuffled, it is applied whole, in order and once", () => {
  const random = seeded(20261122);
  for (let round = 0; round < 300; round++) {
    const length = 1 + Math.floor(random() * 60);
    const batches = cut(length, random);
    const repeats = batches.filter(() => random() < 0.3);
    const arriving = shuffled([...batches, ...repeats], random);
    let inbox: Inbox = emptyInbox(0);
    const applied: number[] = [];
    for (const one of arriving) {
      const got = receive(inbox, one, 0);
      inbox = got.inbox;
      applied.push(...seqs(got.ready));
    }
    expect(applied).toEqual(Array.from({ length }, (_, i) => i + 1));
    expect(inbox).toEqual({ cursor: length, held: [], heldSince: null });
  }
});

test("whatever is lost, one pull from the cursor on makes it whole", () => {
  const random = seeded(7);
  for (let round = 0; round < 300; round++) {
    const length = 2 + Math.floor(random() * 60);
    const arriving = shuffled(
      cut(length, random).filter(() => random() < 0.6),
      random,
    );
    let inbox: Inbox = emptyInbox(0);
    const applied: number[] = [];
    for (const one of arriving) {
      const got = receive(inbox, one, 0);
      inbox = got.inbox;
      applied.push(...seqs(got.ready));
    }
    const pulled = receive(inbox, batch(inbox.cursor + 1, length), 0);
    expect([...applied, ...seqs(pulled.ready)]).toEqual(Array.from({ length }, (_, i) => i + 1));
    expect(pulled.inbox.held).toEqual([]);
  }
});

function cut(length: number, random: () => number): Batch[] {
  const batches: Batch[] = [];
  for (let from = 1; from <= length;) {
    const to = Math.min(length, from + Math.floor(random() * 7));
    batches.push(batch(from, to));
    from = to + 1;
  }
  return batches;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const left = [...items];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(Math.floor(random() * left.length), 1));
  return out;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
