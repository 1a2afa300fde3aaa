"""The service worker of a window: pushes are delivered into it, and what it shows is looked at."""

import asyncio
import json
from typing import Any

from playwright.async_api import CDPSession, Worker

from browser.viewer import PATIENCE_MS, Viewer
from house.within import within

# In turn with whoever shows one: Chromium strikes out what somebody looks for before it stands on the screen.
_STANDING = """() => navigator.locks.request("notifications", async () =>
  (await registration.getNotifications()).map((one) => ({
  title: one.title, body: one.body, tag: one.tag, renotify: one.renotify, silent: one.silent,
  actions: one.actions.map((action) => action.title), seq: one.data.seq ?? null,
})))"""
# A browser gives a hand-made event no time of its own: here it is waited for.
_PRESS = """async ({ title, action, reply }) => {
  const standing = await navigator.locks.request("notifications", () => registration.getNotifications());
  const notification = standing.find((one) => one.title === title);
  const event = new NotificationEvent("notificationclick", { notification, action, reply });
  const done = [];
  event.waitUntil = (work) => done.push(work);
  Object.defineProperty(event, "reply", { value: reply });
  // Only a true press may bring a window to the front; what else comes of it is ours.
  WindowClient.prototype.focus = async function () { return this; };
  clients.openWindow = async (path) => { self.opened = path; return null; };
  dispatchEvent(event);
  await Promise.all(done);
  return self.opened ?? null;
}"""


class Outside:
    """Ready, in control, and allowed to show notifications."""

    def __init__(self, viewer: Viewer, cdp: CDPSession, registration: str, worker: Worker) -> None:
        self.viewer = viewer
        self.cdp = cdp
        self.registration = registration
        self.worker = worker

    @classmethod
    async def of(cls, viewer: Viewer) -> "Outside":
        """The test, or its file, is marked with `service_worker`."""
        await viewer.context.grant_permissions(["notifications"], origin=viewer.url)
        async with within(PATIENCE_MS / 1000, "the worker was ready (is this test marked with its name?)"):
            await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        cdp = await viewer.context.new_cdp_session(viewer.page)
        registrations: list[Any] = []
        told = "ServiceWorker.workerRegistrationUpdated"
        cdp.on(told, lambda event: registrations.extend(event["registrations"]))
        await cdp.send("ServiceWorker.enable")
        scope = f"{viewer.url}/"
        while not (found := [one for one in registrations if one["scopeURL"] == scope]):
            await viewer.page.evaluate("0")
        return cls(viewer, cdp, found[-1]["registrationId"], viewer.context.service_workers[0])

    async def push(self, **said: Any) -> None:
        """As the browser's push service would bring it."""
        await self.push_text(json.dumps(said))

    async def push_text(self, data: str) -> None:
        delivery = {"origin": f"{self.viewer.url}/", "registrationId": self.registration, "data": data}
        await self.cdp.send("ServiceWorker.deliverPushMessage", delivery)

    async def standing(self) -> list[dict[str, Any]]:
        """The notifications that stand on the screen."""
        found: list[dict[str, Any]] = await self.worker.evaluate(_STANDING)
        return found

    async def shows(self, *titles: str) -> None:
        """Waits until exactly these stand there."""
        stand: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_MS / 1000):
                while stand != sorted(titles):
                    stand = sorted(one["title"] for one in await self.standing())
        except TimeoutError:
            raise AssertionError(f"{stand} stand on the screen, not {sorted(titles)}") from None

    async def press(self, title: str, action: str = "", reply: str = "") -> str | None:
        """Somebody presses it, or a button on it; the address of a window that is opened for it."""
        opened: str | None = await self.worker.evaluate(
            _PRESS, {"title": title, "action": action, "reply": reply}
        )
        return opened
