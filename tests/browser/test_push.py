"""UX 27 and 29: told of messages while Clubroom is closed, as the browser shows it.

A whole Chromium: one without a window (see `conftest.py`) has no notifications. Pushes are delivered into
the real service worker by the browser's own tools. Subscribing alone needs a service outside, and is replaced
where it is used.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright, expect

from browser.conftest import ARGUMENTS, SIZES, Sit
from browser.talk import lines, say
from browser.viewer import PHONE
from browser.worker import Outside
from house.person import Person
from house.server import House
from house.uuid7 import uuid7
from house.within import within

pytestmark = pytest.mark.service_worker

WHOLE_CHROMIUM = Path("/usr/bin/chromium")
BEN = "Ben · Chess club"
SUBSCRIBING = """
  const made = { endpoint: "https://push.example.org/one", options: { applicationServerKey: null } };
  let held = null;
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const keys = {
      p256dh: await crypto.subtle.exportKey("raw", pair.publicKey),
      auth: crypto.getRandomValues(new Uint8Array(16)).buffer,
    };
    return (held = { ...made, options: { applicationServerKey }, getKey: (name) => keys[name],
      unsubscribe: async () => ((held = null), true) });
  };
"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=WHOLE_CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


async def told(worker: Outside, group: int, posted: dict[str, Any], title: str = BEN, **data: str) -> None:
    """Somebody is told of a message, as the server says it."""
    data = {"kind": "message", "group": str(group), "silent": "0"} | posted["data"] | data
    await worker.push(topic=f"g{group}", title=title, body=posted["body"], badge=1, data=data)


async def read_elsewhere(worker: Outside, group: int, seq: int) -> None:
    """What stands there up to `seq` is no longer new."""
    data = {"kind": "read", "group": str(group), "seq": str(seq)}
    await worker.push(topic=f"g{group}", badge=0, data=data, withdraw=True)


async def posted(person: Person, group: int, text: str) -> dict[str, Any]:
    """What a push tells of a message that was just written."""
    message = uuid7()
    seq = (await person.post(group, text, message))["seq"]
    return {"data": {"message": str(message), "seq": str(seq)}, "seq": seq, "body": text}


async def decided(person: Person, message: str) -> None:
    """Waits until it is known whether this person is to be told of it."""
    async with within(10, "it is decided whom the message is told"):
        while (await person.ok("GET", f"/api/messages/{message}/why"))["outcome"] == "waits":
            pass


async def test_a_notification_leads_to_the_very_message_and_what_is_read_goes_from_the_screen(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ben.channel(group, "Plans", landing=False)
    await ann.ok("PUT", f"/api/groups/{plans}/follow", {"on": True})
    desk = await sit()
    await desk.enter(ann, f"/c/{plans}")
    worker = await Outside.of(desk)
    first, second = await posted(ben, group, "at ten?"), await posted(ben, group, "or at eleven?")
    await say(hall, ben, group, *lines("word", 60))
    await told(worker, group, first)
    await worker.shows(BEN)
    await told(worker, group, second, silent="1")
    await told(worker, group, first)  # late: it does not hide the newer one
    await read_elsewhere(worker, group, first["seq"])
    seen = await posted(ben, plans, "here")
    await desk.sees("here")
    await told(worker, plans, seen, title="Plans")  # nothing is shown of what one looks at
    await worker.push_text("{")
    await worker.push(topic="test", title="It works", data={"kind": "test", "group": "0", "seq": "0"})
    await worker.shows(BEN, "It works", "Something new")
    [one] = [one for one in await worker.standing() if one["title"] == BEN]
    assert (one["body"], one["renotify"], one["silent"]) == ("or at eleven?", False, True)
    loads = desk.loads
    await worker.press(BEN)
    await expect(desk.message("or at eleven?")).to_be_in_viewport()
    assert desk.loads == loads
    await expect(desk.page).to_have_url(f"{desk.url}/c/{group}")
    await desk.in_side("Plans").click()
    third = await posted(ben, group, "at noon, then")
    await told(worker, group, third)
    await worker.shows(BEN, "It works", "Something new")
    await ann.ok("PUT", f"/api/groups/{group}/read", {"seq": third["seq"]})  # on another device
    await worker.shows("It works", "Something new")
    await told(worker, group, await posted(ben, group, "who brings the boards?"))
    await worker.shows(BEN, "It works", "Something new")
    await read_elsewhere(worker, group, third["seq"] + 1)
    await worker.shows("It works", "Something new")


async def test_from_a_notification_one_answers_and_marks_as_read_without_a_window(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    talk = await ann.dm(ben)
    phone = await sit(PHONE)
    await phone.enter(ben)
    await ben.ok("PATCH", "/api/me", {"language": "de"})
    await phone.page.reload()
    await expect(phone.button("Senden")).to_be_visible()
    worker = await Outside.of(phone)
    await phone.page.goto("about:blank")  # no window of Clubroom is left
    asked = await posted(ann, group, "at ten?")
    await told(worker, group, asked, title="Club")
    me_too = await posted(ann, talk, "and you?")
    await told(worker, talk, me_too, title="Ann")
    await worker.shows("Club", "Ann")
    assert (await worker.standing())[0]["actions"] == ["Antworten", "Als gelesen markieren"]
    await worker.press("Club", "read")
    assert (await ben.entry(group))["read"] == asked["seq"]
    await worker.press("Ann", "reply", "me too")
    page = await ann.ok("GET", f"/api/groups/{talk}/messages")
    assert [message["text"] for message in page["messages"]] == ["and you?", "me too"]
    assert (await ben.entry(talk))["read"] >= me_too["seq"]
    await worker.shows()
    await told(worker, group, asked, title="Club")
    await worker.shows("Club")
    assert await worker.press("Club", "reply") == f"/c/{group}/m/{asked['data']['message']}/write"
    await worker.shows()  # a notification that is just going takes one of the same name along
    await told(worker, group, asked, title="Club")
    await worker.shows("Club")
    await ann.remove(group, ben.user)
    for title in ("Club", "Nicht gesendet"):
        await worker.press(title, "again" if title != "Club" else "reply", "I bring them")
        await worker.shows("Nicht gesendet")
        assert (await worker.standing())[0]["body"] == "I bring them"
    assert await worker.press("Nicht gesendet") == f"/c/{group}/m/{asked['data']['message']}/write"
    await worker.shows("Nicht gesendet")  # the words stand nowhere else


async def test_what_is_told_of_an_event_is_answered_where_it_stands_and_leads_there(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    event = str(uuid7())
    new = {"name": "Concert", "zone": "UTC", "start": "2036-11-28T18:30", "guests": 2, "group": club}
    group = (await ann.ok("PUT", f"/api/events/{event}", new))["group"]
    phone = await sit(PHONE)
    await phone.enter(ben)
    worker = await Outside.of(phone)
    await phone.page.goto("about:blank")  # no window of Clubroom is left
    data = {"kind": "event", "group": str(group), "seq": "1", "event": event, "key": "once", "what": "asked"}
    asked = {"topic": f"e{group}-0", "title": "Are you coming? Concert", "body": "Fri 28 Nov, 18:30"}
    await worker.push(**asked, data=data)
    await worker.shows(asked["title"])
    said = {"key": "once", "answer": "going", "guests": 2, "note": "by bike"}
    await ben.ok("PUT", f"/api/events/{event}/answer", said)  # meanwhile, elsewhere
    assert (await worker.standing())[0]["actions"] == ["Going", "Can't"]
    await worker.press(asked["title"], "going")
    [mine] = (await ben.entry(group))["event"]["mine"]
    assert (mine["answer"], mine["guests"], mine["note"]) == ("going", 2, "by bike")
    await worker.shows()
    await worker.push(**asked, data=data)
    await worker.shows(asked["title"])
    assert await worker.press(asked["title"]) == f"/c/{group}"
    await ann.ok("DELETE", f"/api/events/{event}")
    await worker.push(**asked, data=data)
    await worker.shows(asked["title"])
    await worker.press(asked["title"], "no")
    await worker.shows("Your answer was not taken")
    cancelled = asked | {"title": "Cancelled: Concert"}
    await worker.push(**cancelled, data=data | {"what": "cancelled"})
    await worker.shows("Cancelled: Concert")
    assert (await worker.standing())[0]["actions"] == []


@SIZES
async def test_one_is_asked_only_after_a_click_and_a_refusal_shows_its_cure(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (ann, _) = await hall.club("Ann", "Ben")
    desk = await sit(size)
    await desk.enter(ann)
    offer = desk.page.get_by_text("Shall we tell you when somebody writes?")
    await expect(offer).to_be_hidden()
    await desk.page.reload()
    await expect(offer).to_be_visible()
    await desk.button("No, thanks").click()
    await expect(offer).to_be_hidden()
    await desk.go("/settings/notifications")
    await expect(desk.button("Turn on notifications")).to_be_enabled()
    assert await desk.page.evaluate("Notification.permission") == "default"  # nobody was asked
    await desk.button("Turn on notifications").click()
    await expect(desk.page.get_by_text("blocked in this browser")).to_be_visible()
    await expect(desk.page.get_by_role("listitem").filter(has_text="left of the address")).to_be_visible()
    await desk.context.grant_permissions(["notifications"], origin=desk.url)
    await expect(desk.button("Turn on notifications")).to_be_visible()
    await desk.go(f"/c/{group}")
    await expect(desk.composer).to_be_visible()
    await expect(offer).to_be_hidden()


async def test_a_device_is_turned_on_tested_and_off_again_and_says_why_a_message_came(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await ann.ok("PUT", f"/api/groups/{group}/level", {"level": "nothing"})
    asked = await posted(ben, group, "at ten?")
    desk = await sit()
    await desk.context.add_init_script(SUBSCRIBING)
    await desk.context.grant_permissions(["notifications"], origin=desk.url)
    await desk.enter(ann)
    await say(hall, ben, group, "or at eleven?")
    await desk.button("Turn on").click()
    await expect(desk.page.get_by_text("Shall we tell you")).to_be_hidden()
    await desk.link("Ann, settings").click()
    await desk.link(re.compile("^Notifications")).click()
    await desk.button("Send a test").click()
    await expect(desk.page.get_by_text("On its way.")).to_be_visible()
    await desk.button("Turn off here").click()
    await expect(desk.button("Turn on notifications")).to_be_visible()
    await decided(ann, asked["data"]["message"])
    await desk.go(f"/c/{group}")
    await desk.act("at ten?", "Why did I (not) get this?")
    sheet = desk.page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Nothing was sent, as you have chosen for this room.")
    await sheet.get_by_role("link", name="Change it for this room").click()
    await expect(desk.page).to_have_url(f"{desk.url}/c/{group}/about")
    await expect(desk.page.get_by_role("dialog")).to_have_count(1)
