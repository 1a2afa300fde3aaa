import { expect, test } from "vitest";
import type { Message } from "../wire/types";
import type { Notice } from "./apply";
import type { OutFile } from "./files/outFile";
import type { Outgoing } from "./outbox";
import { rowsOf, type MessageRow, type NoticeRow } from "./timeline";

const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();
const minute = 60_000;

const message = (seq: number, at: number, author = "ann"): Message => ({
  id: `id-${seq}`,
  group: 1,
  seq,
  author,
  text: `m${seq}`,
  sent_at: new Date(at).toISOString(),
});
const joined = (seq: number, at: number, user: string): Notice => ({
  seq,
  at: new Date(at).toISOString(),
  what: "joined",
  user,
  by: user,
});
const nothing = { messages: [], notices: [], outbox: [] as Outgoing[], me: "me", newAfter: null };
const messagesOf = (rows: ReturnType<typeof rowsOf>) =>
  rows.filter((row): row is MessageRow => row.kind === "message");

test("one author within five minutes is one group", () => {
  const rows = messagesOf(
    rowsOf({
      ...nothing,
      messages: [message(1, noon), message(2, noon + 4 * minute), message(3, noon + 10 * minute)],
    }),
  );
  expect(rows.map((row) => row.continued)).toEqual([false, true, false]);
});

test("somebody else, a new day and the divider each begin a group anew", () => {
  const midnight = new Date(2026, 10, 23, 0, 0, 30).getTime();
  const rows = messagesOf(
    rowsOf({
      ...nothing,
      newAfter: 3,
      messages: [
        message(1, midnight - 2 * minute),
        message(2, midnight - minute, "ben"),
        message(3, midnight, "ben"),
        message(4, midnight + 1000, "ben"),
      ],
    }),
  );
  expect(rows.map((row) => row.continued)).toEqual([false, false, false, false]);
  expect(rows.map((row) => row.startsDay)).toEqual([true, false, true, false]);
  expect(rows.map((row) => row.startsNew)).toEqual([false, false, false, true]);
});

test("the divider stands once, before the first message of others, never before one's own", () => {
  const rows = messagesOf(
    rowsOf({
      ...nothing,
      newAfter: 1,
      messages: [message(1, noon), message(2, noon, "me"), message(3, noon, "ben"), message(4, noon, "ann")],
    }),
  );
  expect(rows.map((row) => row.startsNew)).toEqual([false, false, true, false]);
});

test("a message waiting to go out stands at the end until the log has brought it, then once", () => {
  const waiting: Outgoing = {
    id: "id-2",
    group: 1,
    text: "m2",
    order: 1,
    writtenAt: new Date(noon).toISOString(),
    state: "sending",
  };
  const before = messagesOf(rowsOf({ ...nothing, messages: [message(1, noon)], outbox: [waiting] }));
  expect(before.map((row) => [row.key, row.state])).toEqual([
    ["id-1", "sent"],
    ["id-2", "sending"],
  ]);
  const after = messagesOf(
    rowsOf({ ...nothing, messages: [message(1, noon), message(2, noon, "me")], outbox: [waiting] }),
  );
  expect(after.map((row) => [row.key, row.state])).toEqual([
    ["id-1", "sent"],
    ["id-2", "sent"],
  ]);
});

test("notices stand in their place, and a run of people who joined is one line", () => {
  const rows = rowsOf({
    ...nothing,
    messages: [message(1, noon), message(5, noon)],
    notices: [joined(2, noon, "ben"), joined(3, noon, "cleo"), joined(6, noon, "dan")],
  });
  expect(rows.map((row) => row.kind)).toEqual(["message", "notice", "message", "notice"]);
  expect((rows[1] as NoticeRow).users).toEqual(["ben", "cleo"]);
});

test("whoever opens a club is not announced a second time", () => {
  const opened: Notice = { ...joined(1, noon, "ann"), what: "opened" };
  expect(rowsOf({ ...nothing, notices: [opened, joined(2, noon, "ann")] })).toHaveLength(1);
});

test("only the newest group of an author carries the lamp", () => {
  const rows = messagesOf(
    rowsOf({
      ...nothing,
      messages: [message(1, noon), message(2, noon, "ben"), message(3, noon), message(4, noon)],
    }),
  );
  expect(rows.map((row) => row.newestOfAuthor)).toEqual([false, true, true, false]);
});

test("a message that waits shows its files at once, and says if one of them failed", () => {
  const file = (state: OutFile["state"]): OutFile => ({
    key: "k",
    id: "i",
    group: 1,
    message: "o",
    order: 1,
    kind: "image",
    type: "image/webp",
    name: "a.webp",
    alt: "The hall",
    blob: new Blob(["abc"]),
    width: 4,
    height: 3,
    placeholder: "",
    state,
    why: state === "failed" ? "broken" : null,
  });
  const outbox: Outgoing[] = [
    {
      id: "o",
      group: 1,
      text: "",
      order: 1,
      writtenAt: "2026-11-22T18:00:00Z",
      state: "waiting",
      files: ["k"],
    },
  ];
  const shown = (files: ReadonlyMap<string, OutFile>) =>
    rowsOf({ messages: [], notices: [], outbox, me: "me", newAfter: null, files })[0];
  expect(shown(new Map([["k", file("uploading")]]))).toMatchObject({
    state: "waiting",
    images: [{ id: "i", alt: "The hall", width: 4, height: 3, length: 3 }],
  });
  expect(shown(new Map([["k", file("failed")]]))).toMatchObject({ state: "failed", fileTrouble: "broken" });
  expect(shown(new Map())).toMatchObject({ state: "failed", fileTrouble: "lost" });
});

test("what is sent and does not follow on what is held says so, and one's own in a row do not", () => {
  const sent = (seq: number): Outgoing => ({
    id: `own-${seq}`,
    group: 1,
    text: `own ${seq}`,
    order: seq,
    writtenAt: new Date(noon + seq).toISOString(),
    state: "sent",
    seq,
  });
  const shown = (outbox: Outgoing[], heldUpTo: number | null) =>
    rowsOf({ ...nothing, messages: [message(1, noon)], outbox, heldUpTo }).map((row) =>
      row.kind === "message" ? row.text : row.what,
    );
  expect(shown([sent(2), sent(3)], 1)).toEqual(["m1", "own 2", "own 3"]);
  expect(shown([sent(3), sent(4), sent(6)], 1)).toEqual([
    "m1",
    "missing",
    "own 3",
    "own 4",
    "missing",
    "own 6",
  ]);
  expect(shown([sent(3)], null)).toEqual(["m1", "own 3"]);
});
