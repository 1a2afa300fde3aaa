/** Whether this device is told of messages while Clubroom is closed: what stands in the way, turning it on and off. */

import { pushCalls } from "../wire/push";
import type { PushState as Told } from "../wire/types";
import { callAsMe } from "./access";
import { oneAtATime } from "./locks";
import { thisBrowser, type PushBrowser } from "./pushBrowser";
import { addressOf, SUBSCRIBING, type Subscribed } from "./subscribing";
import { tellWorkerNothing } from "./told";

/** "blocked": forbidden in the browser, and only there to be allowed again. */
export type PushState = "off" | "on" | "blocked" | "home-screen" | "insecure" | "unsupported";

/** What this device remembers; localStorage, but for tests. */
export type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const REGISTERED = "clubroom.push"; // whose device it is, and the address that the server knows
const DECLINED = "clubroom.push.no";
const VISITS = "clubroom.visits";

export class Push {
  readonly #browser: PushBrowser;
  readonly #calls: ReturnType<typeof pushCalls>;
  readonly #kept: Kept;
  #user = "";
  #good = false;
  #listening = false;
  #mending: Promise<void> | null = null;
  #permission = $state<NotificationPermission>("default");
  #on = $state(false);
  #failed = $state(false);
  #declined = $state(false);
  #visits = $state(0);

  readonly state: PushState = $derived.by(() => {
    const { support } = this.#browser;
    if (support === "no") return "unsupported";
    if (support !== "yes") return support;
    if (this.#permission === "denied") return "blocked";
    return this.#on && this.#permission === "granted" ? "on" : "off";
  });

  /** The last thing that was sent here did not arrive. */
  readonly failed: boolean = $derived(this.state === "on" && this.#failed);

  /** To be offered, calmly: it can be had, and nobody has said no. */
  readonly offered: boolean = $derived(
    (this.state === "off" || this.state === "home-screen") && !this.#declined,
  );

  /** Somebody who has been here before. */
  readonly returned: boolean = $derived(this.#visits > 1);

  constructor(browser: PushBrowser, calls: ReturnType<typeof pushCalls>, kept: Kept) {
    this.#browser = browser;
    this.#calls = calls;
    this.#kept = kept;
  }

  get family() {
    return this.#browser.family;
  }

  /** Somebody is in. Asks for nothing, neither them nor the server. */
  begin(user: string): void {
    this.#user = user;
    this.#good = false;
    this.#failed = false;
    this.#on = this.#registered() !== "";
    this.#declined = this.#kept.getItem(DECLINED) !== null;
    if (this.#visits === 0) this.#kept.setItem(VISITS, String(Number(this.#kept.getItem(VISITS)) + 1));
    this.#visits = Number(this.#kept.getItem(VISITS)); // the same visit, also in another language
    if (this.#browser.support !== "yes") return;
    const look = () => (this.#permission = this.#browser.permission());
    look();
    if (!this.#listening) this.#browser.onPermission(look);
    this.#listening = true;
  }

  /** Once for each visit, with a connection: what was turned on here holds, or is made to hold again. */
  async makeGood(): Promise<void> {
    if (this.#good || !this.#registered()) return;
    await this.#mend();
    this.#good = true;
  }

  /** As it stands now, for whoever looks at the settings. */
  async look(): Promise<void> {
    if (this.#browser.support !== "yes") return;
    this.#permission = this.#browser.permission();
    if (this.#registered()) await this.#mend();
    else this.#told(await this.#calls.here());
  }

  /** After a click: the question to the browser is the first thing that happens, as some browsers demand. */
  async turnOn(): Promise<void> {
    this.#permission = await this.#browser.ask();
    if (this.#permission !== "granted") return;
    await oneAtATime(SUBSCRIBING, async () => {
      const { key } = await this.#calls.key();
      await this.#register(await this.#browser.subscribe(key));
    });
  }

  async turnOff(): Promise<void> {
    await oneAtATime(SUBSCRIBING, async () => {
      await this.#takenBack();
      await this.#browser.unsubscribe();
    });
  }

  /** One is sent here, to see whether it arrives. */
  async test(): Promise<void> {
    this.#told(await this.#calls.test());
  }

  decline(): void {
    this.#declined = true;
    this.#kept.setItem(DECLINED, "1");
  }

  /** This device is about to be signed out. If that cannot be told here, the session takes it along as it ends. */
  async leave(): Promise<void> {
    if (this.#registered()) await this.#calls.forget().catch(() => undefined);
  }

  /** Nobody is signed in here any more: nothing comes, and nothing stays on the screen. */
  async end(): Promise<void> {
    this.#on = false;
    try {
      await tellWorkerNothing();
    } finally {
      if (this.#browser.support === "yes") {
        await this.#browser.unsubscribe();
        await this.#browser.withdraw(null);
      }
    }
  }

  /** The person is gone for good from this device. */
  forget(): void {
    for (const name of [REGISTERED, DECLINED, VISITS]) this.#kept.removeItem(name);
  }

  /** What is read, here or elsewhere, needs no notification. */
  async withdraw(reads: ReadonlyMap<number, number>): Promise<void> {
    if (this.#permission === "granted") await this.#browser.withdraw(reads);
  }

  /** Whoever asks meanwhile waits for the same. */
  #mend(): Promise<void> {
    return (this.#mending ??= oneAtATime(SUBSCRIBING, () => this.#mended()).finally(
      () => (this.#mending = null),
    ));
  }

  /** The browser's address may be another one than the server's, be gone, or be for an older key. */
  async #mended(): Promise<void> {
    if (!this.#registered()) return this.#told(await this.#calls.here()); // turned off in another tab meanwhile
    if (this.#permission !== "granted") return this.#takenBack();
    const [here, { key }, found] = await Promise.all([
      this.#calls.here(),
      this.#calls.key(),
      this.#browser.subscribed(),
    ]);
    this.#told(here);
    // Where the server has dropped it, its address was dead: only a new one helps.
    const stands = here.on && found?.key === key;
    if (stands && found.address === this.#registered()) return;
    await this.#register(stands ? found : await this.#browser.subscribe(key));
  }

  /** The server need not try any more. */
  async #takenBack(): Promise<void> {
    await this.#calls.forget();
    this.#kept.removeItem(REGISTERED);
    this.#on = false;
  }

  async #register(subscribed: Subscribed): Promise<void> {
    this.#told(await this.#calls.register(addressOf(subscribed)));
    this.#kept.setItem(REGISTERED, `${this.#user} ${subscribed.address}`);
  }

  #told({ on, failed }: Told): void {
    this.#on = on;
    this.#failed = failed !== null;
  }

  /** The address that the server knows of this person here; "" = they have not turned it on. */
  #registered(): string {
    const [user, address = ""] = (this.#kept.getItem(REGISTERED) ?? "").split(" ");
    return user === this.#user ? address : "";
  }
}

export const push = new Push(thisBrowser, pushCalls(callAsMe), localStorage);
