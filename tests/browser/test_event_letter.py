"""The page that a link in a letter about an event opens: nothing is answered before a press."""

from typing import Any

from playwright.async_api import expect

from browser.conftest import Sit
from browser.viewer import PHONE
from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.mailed.answers import answering
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.person import Person
from house.server import House
from house.uuid7 import uuid7


async def answers(person: Person, event: str) -> list[Any]:
    said = await person.ok("GET", f"/api/events/{event}/answers?key=once")
    return [one["answer"] for one in said["answers"]]


async def test_a_link_in_a_letter_shows_what_is_asked_and_a_press_answers(
    sit: Sit, hall: House, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    event = str(uuid7())
    new = {"name": "Autumn concert", "zone": "Europe/Berlin", "start": "2036-11-28T18:30", "group": club}
    made = await ann.ok("PUT", f"/api/events/{event}", new | {"place": "Lindenhof chapel"})
    async with connected(postgres.owner_dsn) as owner:
        key = await owner.fetchval("select id from clubroom.users where sub = $1", ben.user)
    token = answering(key, made["group"], "once", Keys(settings.secret))
    phone = await sit(PHONE)
    await phone.go(f"/answer#m.{token}")  # signed in nowhere
    sheet = phone.page.get_by_role("dialog", name="Autumn concert")
    await expect(sheet).to_contain_text("November 28, 2036")
    await expect(sheet).to_contain_text("Lindenhof chapel")
    assert phone.page.url.endswith("/answer")  # what stood behind the # is gone from the address
    assert await answers(ann, event) == []
    await phone.button("Maybe").click()
    await expect(sheet.get_by_role("status")).to_contain_text("Good: Maybe.")
    assert await answers(ann, event) == ["maybe"]

    await ann.remove(club, ben.user)
    late = await sit(PHONE)
    await late.go(f"/answer#g.{token}")
    await expect(late.page.get_by_role("alert")).to_contain_text("This link opens nothing")
    forged = await sit(PHONE)
    await forged.go("/answer#g.1.2.b25jZQ.AAAAAAAAAAAAAAAAAAAAAA")
    await expect(forged.page.get_by_role("alert")).to_contain_text("This link opens nothing")
