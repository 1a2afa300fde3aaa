import { beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "../../wire/http";

vi.stubGlobal("document", { hidden: false });
const { house } = await import("../house.svelte");
const { Links } = await import("./links");

const HOUR = 3_600_000;
let now = 1_000_000;

/** Gives addresses of all that it is asked for, but for these. */
function linking(unknown: readonly string[] = []) {
  const asked: (readonly string[])[] = [];
  const answers = { cut: false };
  const links = new Links(
    async (ids) => {
      asked.push(ids);
      if (answers.cut) throw new Unreachable("cut");
      const given = ids.filter((id) => !unknown.includes(id));
      const until = new Date(now + HOUR).toISOString();
      return { links: given.map((id) => ({ id, until, thumb: `https://store/${id}?${asked.length}` })) };
    },
    () => now,
  );
  return { links, asked, answers };
}

const until = (what: () => unknown) => vi.waitFor(() => expect(what()).toBeTruthy());

beforeEach(() => house.links.clear());

test("what is wanted in one turn is asked for in one call, each once", async () => {
  const { links, asked } = linking();
  for (const id of ["a", "b", "a"]) links.want(id);
  await until(() => house.links.has("b"));
  links.want("a");
  expect(asked).toEqual([["a", "b"]]);
});

test("a hundred go into one call, the next into another", async () => {
  const { links, asked } = linking();
  for (let n = 0; n < 130; n++) links.want(`${n}`);
  await until(() => house.links.size === 130);
  expect(asked.map((ids) => ids.length)).toEqual([100, 30]);
});

test("an address is kept until its time is over, and then asked for anew", async () => {
  const { links, asked } = linking();
  links.want("a");
  await until(() => house.links.has("a"));
  now += HOUR / 2;
  links.want("a");
  now += HOUR / 2;
  links.want("a");
  await until(() => asked.length === 2);
});

test("where a picture does not load its address is asked for anew, once in a while", async () => {
  const { links, asked } = linking();
  links.want("a");
  await until(() => house.links.has("a"));
  expect(links.failed("a")).toBe(true);
  await until(() => house.links.get("a")?.thumb?.endsWith("?2"));
  expect(links.failed("a")).toBe(false);
  expect(asked).toHaveLength(2);
});

test("what is not to be had is not asked for again and again", async () => {
  const { links, asked } = linking(["secret"]);
  links.want("secret");
  await until(() => house.links.has("secret"));
  expect(house.links.get("secret")).toBeNull();
  links.want("secret");
  expect(asked).toHaveLength(1);
});

test("after a cut they are asked for when they are wanted again", async () => {
  const { links, asked, answers } = linking();
  answers.cut = true;
  links.want("a");
  await until(() => asked.length === 1);
  answers.cut = false;
  links.retry();
  await until(() => house.links.has("a"));
});

test("what was not to be had is asked for again once there is a connection", async () => {
  const unknown = ["late"];
  const { links, asked } = linking(unknown);
  links.want("late");
  await until(() => house.links.has("late"));
  unknown.pop();
  links.retry();
  await until(() => house.links.get("late"));
  expect(asked).toHaveLength(2);
});

test("where the clock here is ahead of all addresses none is asked for twice in a minute", async () => {
  const { links, asked } = linking();
  links.want("a");
  await until(() => house.links.has("a"));
  house.links.set("a", { ...house.links.get("a")!, until: new Date(now - HOUR).toISOString() });
  for (let n = 0; n < 5; n++) links.want("a");
  await new Promise((turn) => setTimeout(turn, 0));
  expect(asked).toHaveLength(1);
  now += 61_000;
  links.want("a");
  await until(() => asked.length === 2);
});
