/** What is pushed becomes a notification, or takes one away. */

import { setBadge } from "../state/badge";
import { oneAtATime } from "../state/locks";
import { addressOf, subscribeBy, subscribedBy, SUBSCRIBING } from "../state/subscribing";
import { pushCalls } from "../wire/push";
import { callAsMe } from "./asMe";
import { pushedIn, type Pushed } from "./payload";
import { scope } from "./scope";
import { mustShow, show, showEvent, showMessage, showStrange, withdraw } from "./showing";
import { isShown } from "./windows";

const calls = pushCalls(callAsMe);

/** Several may come at once, and each looks at what stands there: one after the other. */
let before: Promise<unknown> = Promise.resolve();

scope.addEventListener("push", (event) => {
  const pushed = pushedIn(event.data?.text() ?? "");
  const done = before.then(() => take(pushed));
  before = done.catch(() => undefined); // it is told by its own event
  event.waitUntil(done);
});

scope.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(registerAnew());
});

async function take(pushed: Pushed): Promise<void> {
  switch (pushed.kind) {
    case "message":
      if (pushed.badge !== null) await setBadge(pushed.badge);
      if (!(await isShown(pushed.group, pushed.message))) return showMessage(pushed);
      return mustShow() ? showMessage({ ...pushed, silent: true }) : undefined;
    case "read":
      if (pushed.badge !== null) await setBadge(pushed.badge);
      return withdraw(pushed.group, pushed.seq);
    case "event":
      return showEvent(pushed);
    case "test":
      return show(pushed.title, { body: pushed.body, tag: "test", data: { kind: "test" } });
    case "strange":
      return showStrange();
  }
}

/** The browser has given this device another address. If it cannot be told now, the next page tells it. */
async function registerAnew(): Promise<void> {
  await oneAtATime(SUBSCRIBING, async () => {
    const [{ key }, found] = await Promise.all([calls.key(), subscribedBy(scope.registration)]);
    const stands = found?.key === key ? found : await subscribeBy(scope.registration, key);
    await calls.register(addressOf(stands));
  });
}
