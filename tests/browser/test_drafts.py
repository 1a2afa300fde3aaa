"""Drafts of events: one begins, another goes on and publishes, and nobody loses what they typed."""

import asyncio

from playwright.async_api import Locator, expect

from browser.conftest import SIZES, Sit
from browser.viewer import Viewer
from house.person import Json, Person
from house.server import PASSWORD, House

SAVED = "Draft saved."


async def two_admins(hall: House) -> tuple[int, list[Person]]:
    group, people = await hall.club("Ann", "Ben")
    ben = people[1].user
    await people[1].ok("PUT", "/api/me/sign-in", {"email": f"{ben}@example.org", "password": PASSWORD})
    await people[0].ok("PUT", f"/api/groups/{group}/members/{ben}/role", {"role": "admin"})
    return group, people


def form_of(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("dialog", name="New event", exact=True)


def name_in(form: Locator) -> Locator:
    return form.get_by_label("What is it?")


async def listed(person: Person, group: int) -> list[Json]:
    found: list[Json] = (await person.ok("GET", f"/api/groups/{group}/event-drafts"))["drafts"]
    return found


async def fits(viewer: Viewer, size: dict[str, int]) -> None:
    """Nothing sticks out at the side."""
    assert await viewer.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@SIZES
async def test_one_begins_a_draft_another_goes_on_with_it_and_publishes_it(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, people = await two_admins(hall)
    ann, ben = await asyncio.gather(sit(size), sit(size))
    await asyncio.gather(ann.enter(people[0], f"/c/{group}/new-event"), ben.enter(people[1]))
    await name_in(form_of(ann)).fill("Summer party")
    await form_of(ann).get_by_label("Where?").fill("river bank")
    await expect(form_of(ann)).to_contain_text(SAVED)
    await fits(ann, size)

    await ben.go("/upcoming")
    drafts = ben.page.get_by_role("region", name="Drafts")
    await expect(drafts).to_contain_text("Summer party")
    await expect(drafts).to_contain_text("Ann, ")
    await fits(ben, size)
    await drafts.get_by_role("link", name="Continue Summer party").click()
    await expect(form_of(ben).get_by_label("Where?")).to_have_value("river bank")
    await name_in(form_of(ben)).fill("Summer party 2036")
    await expect(form_of(ben)).to_contain_text(SAVED)

    await form_of(ann).get_by_label("Where?").fill("town hall")
    choice = form_of(ann).get_by_role("alert")
    await expect(choice).to_contain_text("Ben has changed this meanwhile")
    await fits(ann, size)
    await choice.get_by_role("button", name="Take theirs").click()
    await expect(name_in(form_of(ann))).to_have_value("Summer party 2036")
    await expect(form_of(ann).get_by_label("Where?")).to_have_value("river bank")
    await form_of(ann).get_by_label("Where?").fill("town hall")
    await expect(form_of(ann)).to_contain_text(SAVED)

    make = form_of(ben).get_by_role("button", name="Make the event")
    await make.click()  # what Ben sees is not the newest any more
    choice = form_of(ben).get_by_role("alert")
    await expect(choice).to_contain_text("Ann has changed this meanwhile")
    await choice.get_by_role("button", name="Keep mine").click()
    await expect(form_of(ben)).to_contain_text(SAVED)
    await make.click()
    await expect(form_of(ben)).to_have_count(0)
    assert await listed(people[0], group) == []
    made = [one for one in (await people[0].ok("GET", "/api/me"))["groups"] if one["kind"] == "event"]
    assert [(one["name"], one["event"]["place"]) for one in made] == [("Summer party 2036", "river bank")]

    await form_of(ann).get_by_label("Where?").fill("harbour")
    await expect(form_of(ann).get_by_role("alert")).to_contain_text("This draft is no longer there.")
    await fits(ann, size)
    await form_of(ann).get_by_role("button", name="Discard mine").click()
    await expect(form_of(ann)).to_have_count(0)


async def test_what_was_typed_without_a_line_is_sent_with_the_next_one(sit: Sit, hall: House) -> None:
    group, people = await two_admins(hall)
    ann = await sit()
    await ann.enter(people[0], f"/c/{group}/new-event")
    await name_in(form_of(ann)).fill("Trip")
    await expect(form_of(ann)).to_contain_text(SAVED)
    await ann.lose_the_line()
    await name_in(form_of(ann)).fill("Trip to the sea")
    await expect(form_of(ann)).to_contain_text("Saved on this device.")
    await ann.page.keyboard.press("Escape")
    await expect(form_of(ann)).to_have_count(0)
    assert [one["name"] for one in await listed(people[1], group)] == ["Trip"]
    async with ann.page.expect_response(lambda said: said.url.endswith("/draft") and said.ok):
        await ann.find_the_line()
    assert [one["name"] for one in await listed(people[1], group)] == ["Trip to the sea"]


@SIZES
async def test_a_draft_is_discarded_only_after_asking(sit: Sit, hall: House, size: dict[str, int]) -> None:
    group, people = await two_admins(hall)
    ann = await sit(size)
    await ann.enter(people[0], f"/c/{group}/new-event")
    await name_in(form_of(ann)).fill("Trip")
    await expect(form_of(ann)).to_contain_text(SAVED)
    await form_of(ann).get_by_label("Where?").fill("sea")
    await ann.page.keyboard.press("Escape")  # what is not sent yet goes as the form is closed
    await ann.go(f"/c/{group}/new-event")
    await form_of(ann).get_by_role("button", name="Start anew").click()
    drafts = form_of(ann).get_by_role("region", name="Drafts")
    await expect(drafts).to_contain_text("You, ")
    await fits(ann, size)
    await drafts.get_by_role("button", name="Discard Trip").click()
    asking = ann.page.get_by_role("dialog", name="Discard Trip?")
    await fits(ann, size)
    await asking.get_by_role("button", name="Cancel").click()
    assert len(await listed(people[1], group)) == 1
    await drafts.get_by_role("button", name="Discard Trip").click()
    await asking.get_by_role("button", name="Discard").click()
    await expect(drafts).to_have_count(0)
    assert await listed(people[1], group) == []
