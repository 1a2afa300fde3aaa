import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../wire/http";
import type { DraftSays, ErrorCode, PutEventDraft } from "../wire/types";

const stored = new Map<string, string>();
vi.stubGlobal("document", { hidden: false });
vi.stubGlobal("navigator", {});
vi.stubGlobal(
  "localStorage",
  new Proxy(
    {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
    {
      ownKeys: () => [...stored.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  ),
);
vi.mock("./access", () => ({ callAsMe: undefined }));

/** As the server does it: the same words once more change nothing, and a newer version is gone on from alone. */
const server = {
  has: null as { group: number; says: DraftSays; version: number } | null,
  puts: [] as string[],
  /** What becomes of the answers that come next. */
  fate: [] as ("lost" | "unreachable" | ErrorCode | Promise<void>)[],
};
const NAMES = { event: "d", name: "", by: "ann", updated_at: "", updated_by: "ann" };
const call = {
  keepDraft: async (_: string, { group, says, version = 0 }: PutEventDraft) => {
    server.puts.push(`${says.name} ${version}`);
    const fate = server.fate.shift();
    if (fate === "unreachable") throw new Unreachable("no line");
    if (fate instanceof Promise) await fate;
    else if (fate && fate !== "lost") throw new Refused(fate, 400);
    if (!server.has && version > 0) throw new Refused("not_found", 404);
    if (JSON.stringify(server.has?.says) !== JSON.stringify(says)) {
      if ((server.has?.version ?? 0) !== version) throw new Refused("draft_changed", 409);
      server.has = { group, says, version: version + 1 };
    }
    if (fate === "lost") throw new Unreachable("the answer was lost");
    return { ...NAMES, ...server.has! };
  },
  draft: () => {
    if (!server.has) return Promise.reject(new Refused("not_found", 404));
    return Promise.resolve({ ...NAMES, ...server.has });
  },
  discardDraft: () => {
    server.has = null;
    return Promise.resolve();
  },
};
vi.mock("../wire/events", () => ({ eventCalls: () => call }));
const { house } = await import("./house.svelte");
const { emptyForm } = await import("./eventForm");
const { discardDraft, keptDraft, sendUnsentDrafts, SharedDraft, unsentDrafts } =
  await import("./sharedDraft.svelte");

const formOf = (name: string) => ({ ...emptyForm(0, "Europe/Berlin"), name });
const shown: InstanceType<typeof SharedDraft>[] = [];

/** A form with what this device has of it. */
function opened() {
  const blank = { key: "d", group: 1, form: formOf(""), version: 0, unsent: false };
  const shared = new SharedDraft(keptDraft("d") ?? blank, "Europe/Berlin");
  shown.push(shared);
  return shared;
}

/** Somebody else goes on with what the server has. */
const ofOthers = (name: string) =>
  (server.has = { group: 1, says: { ...server.has!.says, name }, version: server.has!.version + 1 });

beforeEach(() => {
  vi.useFakeTimers();
  stored.clear();
  Object.assign(server, { has: null, puts: [], fate: [] });
  house.user = "ann";
});
afterEach(async () => {
  for (const shared of shown.splice(0)) shared.end();
  await vi.runAllTimersAsync();
  vi.useRealTimers();
});

test("what is typed is sent a moment later, from the version that the server has", async () => {
  const shared = opened();
  shared.typed(formOf("T"), 1);
  shared.typed(formOf("Trip"), 1);
  await vi.runAllTimersAsync();
  shared.typed(formOf("Trip to the sea"), 1);
  await vi.runAllTimersAsync();
  expect(server.puts).toEqual(["Trip 0", "Trip to the sea 1"]);
  expect(shared.stand).toBe("kept");
});

test("a form that is closed sends its old words no more once newer ones were typed", async () => {
  const old = opened();
  server.fate = ["unreachable", "unreachable"];
  old.typed(formOf("old"), 1);
  await old.send().catch(() => undefined);
  await old.leave();
  const newer = opened();
  newer.typed(formOf("newer"), 1);
  await vi.runAllTimersAsync();
  expect(server.has?.says.name).toBe("newer");
  expect(server.puts.at(-1)).toMatch(/^newer/);
  expect(keptDraft("d")).toMatchObject({ form: { name: "newer" }, unsent: false });
});

test("a draft that is discarded is not brought back by what is on its way", async () => {
  const shared = opened();
  let answer = () => undefined as void;
  server.fate = [new Promise((done) => (answer = done))];
  shared.typed(formOf("Trip"), 1);
  const sending = shared.send();
  const leaving = shared.leave();
  const discarding = discardDraft("d");
  await vi.advanceTimersByTimeAsync(0);
  answer();
  await Promise.all([sending, leaving, discarding]);
  await vi.runAllTimersAsync();
  expect(server.has).toBeNull();
  expect(keptDraft("d")).toBeNull();
});

test("a lost answer is no change by somebody else, also where one types on", async () => {
  const shared = opened();
  server.fate = ["lost"];
  shared.typed(formOf("Trip"), 1);
  await shared.send().catch(() => undefined);
  shared.typed(formOf("Trip to the sea"), 1);
  await vi.runAllTimersAsync();
  expect(shared.stand).toBe("kept");
  expect(server.has).toMatchObject({ says: { name: "Trip to the sea" }, version: 2 });
});

test("a lost answer is none either where the form is opened anew and looks", async () => {
  const first = opened();
  server.fate = ["lost", "unreachable"];
  first.typed(formOf("Trip"), 1);
  await first.send().catch(() => undefined);
  await first.leave();
  const again = opened();
  again.typed(formOf("Trip to the sea"), 1);
  expect(await again.look()).toBeNull();
  again.again();
  await vi.runAllTimersAsync();
  expect(again.stand).toBe("kept");
  expect(server.has?.says.name).toBe("Trip to the sea");
});

test("what somebody else made of it is never written over unasked", async () => {
  const shared = opened();
  server.fate = ["lost"];
  shared.typed(formOf("Trip"), 1);
  await shared.send().catch(() => undefined);
  ofOthers("Ben's");
  shared.typed(formOf("Ann's"), 1);
  await vi.runAllTimersAsync();
  expect([shared.stand, server.has?.says.name]).toEqual(["changed", "Ben's"]);
  shared.keepMine();
  await vi.runAllTimersAsync();
  expect([shared.stand, server.has?.says.name]).toEqual(["kept", "Ann's"]);
});

test("words that go on from an older version are not sent as if from the one that another tab has kept", async () => {
  const one = opened();
  one.typed(formOf("Trip"), 1);
  await vi.runAllTimersAsync();
  const other = opened();
  other.typed(formOf("Trip to the sea"), 1);
  await vi.runAllTimersAsync();
  one.typed(formOf("Trip to the hills"), 1);
  await vi.runAllTimersAsync();
  expect([one.stand, server.has?.says.name]).toEqual(["changed", "Trip to the sea"]);
});

test("what was typed without a line is sent with the next, once, and not again where it is refused for good", async () => {
  const shared = opened();
  shared.typed(formOf("Trip"), 1);
  await vi.runAllTimersAsync();
  server.fate = ["unreachable", "unreachable"];
  shared.typed(formOf("Trip to the sea"), 1);
  await shared.send().catch(() => undefined);
  await shared.leave();
  server.has = null;
  server.puts.length = 0;
  await sendUnsentDrafts();
  await sendUnsentDrafts();
  expect(server.puts).toEqual(["Trip to the sea 1"]);
  expect(unsentDrafts().map(({ form }) => form.name)).toEqual(["Trip to the sea"]);
  const anew = opened();
  anew.again();
  await vi.runAllTimersAsync();
  expect(anew.stand).toBe("gone");
  anew.keepMine();
  await vi.runAllTimersAsync();
  expect([anew.stand, anew.key === "d", unsentDrafts()]).toEqual(["kept", false, []]);
});

test("while an event is made of it no draft is sent after it; if it was not made what was typed goes on", async () => {
  const shared = opened();
  shared.typed(formOf("Trip"), 1);
  expect(await shared.settle(false)).toBe(true);
  shared.typed(formOf("Trip to the sea"), 1);
  await vi.runAllTimersAsync();
  expect([server.puts, shared.undecided]).toEqual([[], false]);
  shared.unsettle();
  await vi.runAllTimersAsync();
  expect(server.puts).toEqual(["Trip to the sea 0"]);
});

test("nothing goes out as the next person on this device, nor is it kept with them", async () => {
  const shared = opened();
  let answer = () => undefined as void;
  server.fate = [new Promise((done) => (answer = done))];
  shared.typed(formOf("Trip"), 1);
  const sending = shared.send();
  shared.typed(formOf("Trip to the sea"), 1);
  const after = shared.send();
  house.user = "ben";
  await vi.advanceTimersByTimeAsync(0);
  answer();
  await Promise.all([sending, after]);
  await vi.runAllTimersAsync();
  expect(server.puts.length).toBeLessThan(2);
  expect([...stored.keys()].filter((name) => name.includes("ben"))).toEqual([]);
});
