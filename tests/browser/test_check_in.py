"""At the door of an event: two people tick who comes, one of them without a line for a while."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.test_rooms import sheet
from browser.viewer import PHONE, Viewer
from house.events import made, says
from house.server import House

pytestmark = pytest.mark.service_worker

GUESTS = ("Ann", "Ben", "Cleo", "Dora", "Émile")


def row(viewer: Viewer, name: str) -> Locator:
    """The large button of somebody."""
    return sheet(viewer, "Check in").get_by_role("button", name=name).and_(viewer.page.locator("button.tick"))


async def ticks(viewer: Viewer, name: str) -> None:
    await row(viewer, name).click()


async def counts(viewer: Viewer, words: str) -> None:
    await expect(sheet(viewer, "Check in")).to_contain_text(words)


async def two_doors(sit: Sit, hall: House) -> tuple[Viewer, Viewer, str]:
    """Ann at two doors of a concert to which three come, with a phone at one of them."""
    club, people = await hall.club(*GUESTS)
    event, group = await made(people[0], club)
    for guest in people[1:4]:
        await says(guest, event, "going")
    desk, phone = await sit(), await sit(PHONE)
    for viewer in (desk, phone):
        await viewer.enter(people[0], f"/c/{group}/check-in")
        await counts(viewer, "0 of 3 here")
    return desk, phone, event


async def test_two_doors_agree_though_one_of_them_had_no_line(sit: Sit, hall: House) -> None:
    desk, phone, event = await two_doors(sit, hall)
    await ticks(desk, "Ben")
    await counts(phone, "1 of 3 here")
    await expect(row(phone, "Ben")).to_have_attribute("aria-pressed", "true")
    await phone.lose_the_line()
    await ticks(phone, "Cleo")
    await ticks(phone, "Émile")
    await ticks(phone, "Ben")
    await counts(phone, "1 of 3 here")
    await counts(phone, "3 not sent yet")
    await counts(phone, "No connection. Go on ticking")
    await sheet(desk, "Check in").get_by_role("button", name="No show: Dora").click()
    await counts(desk, "1 of 3 here")
    await phone.find_the_line()
    for viewer in (desk, phone):
        await counts(viewer, "1 of 3 here and 1 who had no place")
        await expect(row(viewer, "Cleo")).to_have_attribute("aria-pressed", "true")
        await expect(row(viewer, "Ben")).to_have_attribute("aria-pressed", "false")
        missing = sheet(viewer, "Check in").get_by_role("button", name="No show: Dora")
        await expect(missing).to_have_attribute("aria-pressed", "true")
    await expect(sheet(phone, "Check in").get_by_text("not sent yet")).to_have_count(0)
    kept = await hall.people[0].ok("GET", f"/api/events/{event}/door?key=once")
    came = {one["name"]: one["came"] for one in kept["people"] if "came" in one}
    assert came == {"Cleo": True, "Dora": False, "Émile": True}


async def test_whoever_answers_while_the_list_is_open_stands_on_it(sit: Sit, hall: House) -> None:
    club, [ann, ben, cleo] = await hall.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club)
    secret, hidden = await made(ann, club, list_shown="admins")
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann, f"/c/{group}/check-in")
    await phone.enter(ann, f"/c/{hidden}/check-in")
    for viewer in (desk, phone):
        await counts(viewer, "0 of 0 here")
    for one in (event, secret):
        await says(ben, one, "going")
    for viewer in (desk, phone):
        await counts(viewer, "0 of 1 here")
    await ticks(desk, "Ben")
    await says(cleo, event, "going")
    await counts(desk, "1 of 2 here")


async def test_what_was_ticked_without_a_line_outlives_the_window(sit: Sit, hall: House) -> None:
    desk, phone, _ = await two_doors(sit, hall)
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await phone.lose_the_line()
    await ticks(phone, "Cleo")
    await counts(phone, "1 not sent yet")
    await phone.page.reload()
    await counts(phone, "1 of 3 here")
    await counts(phone, "1 not sent yet")
    await phone.find_the_line()
    await counts(desk, "1 of 3 here")
    await expect(sheet(phone, "Check in").get_by_text("not sent yet")).to_have_count(0)


async def test_somebody_is_found_by_name_and_the_list_is_kept(sit: Sit, hall: House, tmp_path: Path) -> None:
    desk, phone, _ = await two_doors(sit, hall)
    await desk.page.get_by_role("searchbox", name="Find somebody").fill("emil")
    await expect(desk.page.locator("button.tick")).to_have_count(1)
    await ticks(desk, "Émile")
    await counts(phone, "0 of 3 here and 1 who had no place")
    size = await row(phone, "Ben").bounding_box()
    assert size
    assert size["height"] >= 60
    async with desk.page.expect_download() as download:
        await desk.button("Download the list").click()
    await (await download.value).save_as(tmp_path / "list.csv")
    kept = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in kept[1:]] == ["Ben", "Cleo", "Dora", "Émile"]


async def test_the_list_is_opened_from_the_menu_of_the_event(sit: Sit, hall: House) -> None:
    club, [ann] = await hall.club("Ann")
    _, group = await made(ann, club)
    viewer = await sit(PHONE)
    await viewer.enter(ann, f"/c/{group}/about")
    await viewer.link(re.compile("^Check in")).click()
    await counts(viewer, "0 of 0 here")
    await counts(viewer, "Nobody has a place yet.")


async def test_the_list_of_an_event_of_long_ago_is_opened_from_its_page_by_whoever_runs_it(
    sit: Sit, hall: House
) -> None:
    club, [ann, ben, cleo] = await hall.club("Ann", "Ben", "Cleo")
    await ann.ok("PATCH", f"/api/groups/{club}", {"events_by_members": True})
    room = await ben.channel(club, "Board", private=True)
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [ann.user, cleo.user]})
    _, group = await made(cleo, room, start="2020-01-10T18:00", end="2020-01-10T19:00")
    for person in (ben, cleo):  # who runs the room, and who made it
        viewer = await sit(PHONE)
        await viewer.enter(person, f"/c/{group}")
        await viewer.link("Event menu").click()
        await viewer.link(re.compile("^Check in")).click()
        await ticks(viewer, "Ann")
        await counts(viewer, "0 of 0 here and 1 who had no place")
        await viewer.page.reload()
        await counts(viewer, "0 of 0 here and 1 who had no place")
        await ticks(viewer, "Ann")
        await counts(viewer, "Nobody has a place yet.")
    viewer = await sit(PHONE)
    await viewer.enter(ann, f"/c/{group}/about")
    await expect(sheet(viewer, "Autumn concert")).to_be_visible()
    await expect(viewer.link(re.compile("^Check in"))).to_have_count(0)


async def test_nobody_else_stands_at_the_door(sit: Sit, hall: House) -> None:
    club, [ann, ben] = await hall.club("Ann", "Ben")
    _, group = await made(ann, club)
    viewer = await sit()
    await viewer.enter(ben, f"/c/{group}/check-in")
    await expect(viewer.page.get_by_role("main")).to_be_visible()
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
