import { beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "../wire/http";
import type { PutPush, PushState } from "../wire/types";
import type { PushBrowser } from "./pushBrowser";
import type { Subscribed } from "./subscribing";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: vi.fn(), removeItem: vi.fn() });
vi.mock("./access", () => ({ callAsMe: () => Promise.reject(new Unreachable()) }));
const { Push } = await import("./push.svelte");
const { familyOf } = await import("./family");

const NOWHERE: PushState = { on: false, kind: null, failed: null, pushed_at: null };

/** A browser in which one can be asked, and which gives out addresses one after the other. */
class Browser implements PushBrowser {
  support: PushBrowser["support"] = "yes";
  family = "chromium" as const;
  permitted: NotificationPermission = "default";
  answer: NotificationPermission = "granted";
  asked = 0;
  made = 0;
  held: Subscribed | null = null;
  withdrawn: (ReadonlyMap<number, number> | null)[] = [];
  listening = 0;
  changed = () => undefined as void;

  permission = () => this.permitted;
  ask = () => {
    this.asked++;
    this.permitted = this.answer;
    return Promise.resolve(this.answer);
  };
  subscribed = () => Promise.resolve(this.held);
  subscribe = (key: string) => {
    this.made++;
    this.held = { address: `https://push/${this.made}`, p256dh: "p", auth: "a", key };
    return Promise.resolve(this.held);
  };
  unsubscribe = () => {
    this.held = null;
    return Promise.resolve();
  };
  withdraw = (reads: ReadonlyMap<number, number> | null) => {
    this.withdrawn.push(reads);
    return Promise.resolve();
  };
  onPermission = (changed: () => void) => {
    this.listening++;
    this.changed = changed;
  };
}

/** A server that knows one device, and counts what it is asked. */
class Server {
  publicKey = "k1";
  knows: string | null = null;
  failed: string | null = null;
  asked: string[] = [];

  #here = (): PushState =>
    this.knows ? { on: true, kind: "web", failed: this.failed, pushed_at: null } : NOWHERE;
  #saying = <T>(what: string, answer: () => T): Promise<T> => {
    this.asked.push(what);
    return Promise.resolve(answer());
  };
  key = () => this.#saying("key", () => ({ key: this.publicKey }));
  here = () => this.#saying("here", this.#here);
  register = ({ address }: PutPush) =>
    this.#saying("register", () => {
      this.knows = address;
      return this.#here();
    });
  forget = () => this.#saying("forget", () => void (this.knows = null));
  test = () => this.#saying("test", this.#here);
  why = () => Promise.reject(new Unreachable());
}

let browser: Browser;
let server: Server;
let stored: Map<string, string>;

beforeEach(() => {
  browser = new Browser();
  server = new Server();
  stored = new Map();
});

/** The page is opened (again). */
function opened(user = "ann") {
  const push = new Push(browser, server, {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => void stored.set(name, value),
    removeItem: (name) => void stored.delete(name),
  });
  push.begin(user);
  return push;
}

async function turnedOn() {
  const push = opened();
  await push.turnOn();
  return push;
}

test("opening the page asks nobody anything, and listens to the browser once, whoever comes after", async () => {
  const push = opened();
  push.begin("ben");
  expect(browser.listening).toBe(1);
  await push.makeGood();
  expect([push.state, browser.asked, server.asked]).toEqual(["off", 0, []]);
});

test("a click asks the browser, and the server learns the address", async () => {
  const push = await turnedOn();
  expect([push.state, browser.asked]).toEqual(["on", 1]);
  expect(server.knows).toBe("https://push/1");
});

test("whoever says no is asked no more, and sees that it is blocked until they allow it", async () => {
  browser.answer = "denied";
  const push = await turnedOn();
  expect([push.state, push.offered, server.asked]).toEqual(["blocked", false, []]);
  browser.permitted = "default";
  browser.changed();
  expect(push.state).toBe("off");
});

test("whoever gives no answer can press again", async () => {
  browser.answer = "default";
  expect((await turnedOn()).state).toBe("off");
});

test("what stands in the way is told apart", () => {
  const states = (["no", "insecure", "home-screen"] as const).map((support) => {
    browser.support = support;
    return opened().state;
  });
  expect(states).toEqual(["unsupported", "insecure", "home-screen"]);
});

test("what holds is left alone when the page is opened again", async () => {
  await turnedOn();
  server.asked = [];
  const push = opened();
  expect(push.state).toBe("on"); // before anybody could be asked, and without a connection
  await push.makeGood();
  await push.makeGood();
  expect(server.asked).toEqual(["here", "key"]);
});

test.each<[string, () => void, string]>([
  ["the browser has changed its address", () => (browser.held!.address = "https://push/x"), "https://push/x"],
  ["the browser has lost it", () => (browser.held = null), "https://push/2"],
  ["the server has another key", () => (server.publicKey = "k2"), "https://push/2"],
  ["the server has dropped it", () => (server.knows = null), "https://push/2"],
])("it is made good where %s", async (_, happens, address) => {
  await turnedOn();
  happens();
  const push = opened();
  await push.makeGood();
  expect([push.state, server.knows]).toEqual(["on", address]);
});

test("what was forbidden in the browser meanwhile is told to the server", async () => {
  await turnedOn();
  browser.permitted = "denied";
  const push = opened();
  await push.makeGood();
  expect([push.state, server.knows]).toEqual(["blocked", null]);
});

test("without a connection it is tried again with the next", async () => {
  await turnedOn();
  server.here = () => Promise.reject(new Unreachable());
  browser.held = null;
  const push = opened();
  await expect(push.makeGood()).rejects.toThrow(Unreachable);
  expect([push.state, push.offered]).toEqual(["on", false]);
  server.here = new Server().here;
  await push.makeGood();
  expect(server.knows).toBe("https://push/2");
});

test("turned off it is gone on both sides, and stays off", async () => {
  const push = await turnedOn();
  await push.turnOff();
  expect([push.state, server.knows, browser.held]).toEqual(["off", null, null]);
  const again = opened();
  await again.makeGood();
  expect([again.state, server.knows]).toEqual(["off", null]);
});

test("two tabs that make it good at once leave one address, and what is turned off meanwhile stays off", async () => {
  await turnedOn();
  browser.held = null;
  await Promise.all([opened().makeGood(), opened().makeGood()]);
  expect([browser.made, server.knows]).toEqual([2, "https://push/2"]);
  browser.held = null;
  const [one, other] = [opened(), opened()];
  await Promise.all([one.turnOff(), other.makeGood()]);
  expect([browser.held, server.knows, other.state]).toEqual([null, null, "off"]);
});

test("signed out, this device is told nothing even where the worker cannot be told so", async () => {
  const push = await turnedOn();
  vi.stubGlobal("caches", { delete: () => Promise.reject(new DOMException("broken")) });
  await expect(push.end()).rejects.toThrow("broken");
  Reflect.deleteProperty(globalThis, "caches");
  expect([browser.held, browser.withdrawn]).toEqual([null, [null]]);
});

test("signed out, nothing comes any more and nothing stays on the screen", async () => {
  const push = await turnedOn();
  await push.leave();
  await push.end();
  push.forget();
  expect([server.knows, browser.held, browser.withdrawn]).toEqual([null, null, [null]]);
  expect(opened("ben").state).toBe("off");
});

test("whoever was signed out from elsewhere has it back when they return, and nobody else", async () => {
  await (await turnedOn()).end();
  server.knows = null;
  const ben = opened("ben");
  await ben.makeGood();
  expect([ben.state, server.knows]).toEqual(["off", null]);
  const ann = opened();
  await ann.makeGood();
  expect([ann.state, server.knows]).toEqual(["on", "https://push/2"]);
});

test("it is offered until somebody declines it for good, and called a return from the second visit on", () => {
  const first = opened();
  expect([first.offered, first.returned]).toEqual([true, false]);
  const second = opened();
  expect(second.returned).toBe(true);
  second.decline();
  expect([second.offered, opened().offered]).toEqual([false, false]);
});

test("that the last one did not arrive is told in the settings", async () => {
  const push = await turnedOn();
  expect(push.failed).toBe(false);
  server.failed = "gone";
  await push.look();
  expect(push.failed).toBe(true);
});

test("each family of browsers is known by its name for itself", () => {
  const phone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604";
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605";
  const of = (userAgent: string, maxTouchPoints = 0) => familyOf({ userAgent, maxTouchPoints });
  expect(of(phone, 5)).toBe("ios");
  expect(of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148")).toBe(
    "ios",
  );
  expect(of(mac, 5)).toBe("ios");
  expect(of(mac)).toBe("safari");
  expect(of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("firefox");
  expect(of("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537")).toBe("android");
  expect(of("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537")).toBe("chromium");
});
