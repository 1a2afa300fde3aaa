import { idle, savesData } from "./idle";
import { lostSheets } from "./stylesheets";

/** A part of the client that is not in the first script. It comes once, and is here from then on. */
export class Late<M extends object> {
  /** Null = it has not come yet. */
  here: M | null = null;
  readonly #from: () => Promise<M>;
  #coming: Promise<M> | null = null;

  constructor(from: () => Promise<M>) {
    this.#from = from;
  }

  /** Raises what the browser says if it cannot be had; asked again, it is fetched again. */
  load(): Promise<M> {
    this.#coming ??= this.#fetched().finally(() => (this.#coming = null));
    return this.#coming;
  }

  async #fetched(): Promise<M> {
    await lostSheets();
    this.here ??= await this.#from();
    return this.here;
  }
}

/** What a sheet that comes later is given; the way out of it always. */
export interface Given {
  onclose: () => void;
  [name: string]: unknown;
}

/** A sheet that comes later. Where `key` changes, it is another. */
export interface LateSheet {
  from: Late<object>;
  name: string;
  given: Given;
  key: string;
}

/**
 * Fetches one after the other while nothing else is to be done, so that nobody waits for them later. Not where
 * people save on what is loaded, nor while a worker is being installed, which fetches the same.
 */
export async function comeSoon(all: readonly Late<object>[]): Promise<void> {
  if (savesData() || (await installs())) return;
  comeNext(all);
}

async function installs(): Promise<boolean> {
  if (!("serviceWorker" in navigator) || navigator.serviceWorker.controller) return false;
  const registration = await navigator.serviceWorker.getRegistration().catch(() => undefined);
  return Boolean(registration?.installing);
}

function comeNext(all: readonly Late<object>[]): void {
  const [next, ...others] = all;
  if (!next) return;
  const fetched = () =>
    next.load().then(
      () => comeNext(others),
      () => undefined, // no connection: it is fetched when it is wanted
    );
  void idle().then(fetched);
}
