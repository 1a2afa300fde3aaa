"""A club as a whole: how it is called and looks, what was done in it, its end, and its host."""

import asyncio

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer
from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.server import House


def sheet(viewer: Viewer, name: str) -> Locator:
    return viewer.page.get_by_role("dialog", name=name, exact=True)


async def test_a_club_gets_another_name_and_look_before_the_eyes_of_its_members(
    sit: Sit, hall: House
) -> None:
    club, people = await hall.club("Ann", "Ben")
    await people[1].post(club, "good evening")
    ann, ben = await sit(), await sit(PHONE)
    await asyncio.gather(ann.enter(people[0]), ben.enter(people[1]))
    await ann.link("About the club").click()
    await ann.link("Settings").click()
    await ann.field("Name of the club").fill("Kammerchor")
    await ann.field("Sign").fill("🎶")
    await ann.page.get_by_role("radio", name="Teal").check(force=True)
    await ann.page.get_by_role("combobox", name="What newcomers read").select_option("none")
    await ann.page.get_by_role("checkbox", name="Only owners and admins write to everyone").check()
    await ann.button("Save").click()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    await expect(ben.log).to_contain_text("Ann renamed the club to Kammerchor")
    await expect(ben.page.get_by_text("Only whoever runs this room writes here.")).to_be_visible()
    await expect(ben.page.get_by_text("2 members, 2 here now, Kammerchor")).to_be_visible()
    await ben.page.reload()
    await expect(ben.page).to_have_title("Kammerchor · Clubroom")
    await ben.link("About the club").click()
    menu = sheet(ben, "About the club")
    await expect(menu).to_contain_text("Kammerchor")
    await expect(menu).to_contain_text("🎶")
    await expect(menu.get_by_role("link", name="Settings")).to_have_count(0)
    await menu.get_by_role("link", name="Leave the club").click()
    await expect(sheet(ben, "Leave Kammerchor?")).to_be_visible()
    await ann.link("About the club").click()
    await ann.link("Settings").click()
    await expect(ann.page.get_by_role("combobox", name="What newcomers read")).to_have_value("none")


async def test_what_was_done_is_read_by_kind_and_taken_home_as_a_table(sit: Sit, hall: House) -> None:
    club, [owner, *_] = await hall.club("Ann", "Ben", "Cleo")
    await owner.channel(club, "Plans")
    await owner.ok("PATCH", f"/api/groups/{club}", {"name": "Kammerchor", "announce": True})
    for other in ("Ben", "Cleo"):
        members = (await owner.snapshot(club))["members"]
        await owner.remove(club, next(one["user"] for one in members if one["name"] == other))
    ann = await sit()
    await ann.enter(owner)
    await ann.link("About the club").click()
    await ann.link("What was done here").click()
    entries = sheet(ann, "What was done here").get_by_role("listitem")
    await expect(entries).to_have_count(4)
    await expect(entries.first).to_contain_text("Ann removed Cleo")
    await expect(entries.nth(2)).to_contain_text(
        "Ann changed the club: the name from Chess club to Kammerchor and only for announcements: on"
    )
    await ann.page.get_by_role("combobox", name="Show").select_option("Rooms")
    await expect(entries).to_have_count(1)
    await expect(entries).to_contain_text("Ann opened the room Plans")
    async with ann.page.expect_download() as download:
        await ann.button("Download as a table").click()
    table = await (await download.value).path()
    assert "member_removed" in table.read_text("utf-8-sig")


async def test_a_club_ends_by_its_name_before_the_eyes_of_its_members(sit: Sit, hall: House) -> None:
    club, people = await hall.club("Ann", "Ben")
    room = await people[0].channel(club, "Plans", landing=True)
    away, ann, ben = await sit(), await sit(), await sit(PHONE)
    await asyncio.gather(
        ann.enter(people[0]), ben.enter(people[1], f"/c/{room}"), away.enter(people[1], f"/c/{club}")
    )
    await expect(away.composer).to_be_visible()
    await away.lose_the_line()
    await ann.link("About the club").click()
    await ann.link("Delete the club").click()
    asked = sheet(ann, "Delete Chess club?")
    await expect(asked).to_contain_text("for good")
    await asked.get_by_role("button", name="Delete the club for everybody").click()
    await expect(asked.get_by_role("alert")).to_have_text("This is not the name of the club.")
    await ann.field("To be sure").fill("Chess club")
    await asked.get_by_role("button", name="Delete the club for everybody").click()
    await expect(ann.page.get_by_text("Come on in.")).to_be_visible()
    await expect(
        ben.page.get_by_text("Come on in.").or_(ben.page.get_by_text("not open to you"))
    ).to_be_visible()
    await away.find_the_line()
    await expect(
        away.page.get_by_text("Come on in.").or_(away.page.get_by_text("not open to you"))
    ).to_be_visible()
    for viewer in (ben, away):
        await viewer.go("/")
        await expect(viewer.page.get_by_text("Come on in.")).to_be_visible()


async def test_a_host_suspends_a_club_and_opens_it_again_before_the_eyes_of_its_members(
    sit: Sit, hall: House, postgres: EmbeddedPostgres
) -> None:
    club, people = await hall.club("Ann", "Ben")
    await people[0].ok("PATCH", f"/api/groups/{club}", {"name": "Chess club at the river"})
    await people[0].post(club, "good evening")
    hilda = await hall.person("Hilda", with_email=True)
    await place.add_host(postgres.owner_dsn, hilda.user)
    await hilda.create_club("Hosts")
    host, ben = await sit(), await sit()
    await asyncio.gather(host.enter(hilda), ben.enter(people[1]))
    await host.go("/settings")
    await host.link("This place").click()
    this_place = sheet(host, "This place")
    await expect(this_place).to_contain_text("The database")
    await host.field("Find a club").fill("at the river")
    found = this_place.get_by_role("listitem").filter(has_text="Chess club at the river").first
    await expect(found).to_contain_text("2 members")
    await found.get_by_role("button", name="Suspend").click()
    asked = sheet(host, "Suspend Chess club at the river?")
    await asked.get_by_role("button", name="Suspend").click()
    await expect(ben.page.get_by_text("The host of this place has suspended the club.")).to_be_visible()
    await expect(ben.composer).to_have_count(0)
    await expect(ben.log).to_contain_text("The host suspended the club")
    await found.get_by_role("button", name="Open again").click()
    await ben.write("open again")
    await ben.sees("open again")
    await ben.go("/host")
    await expect(ben.composer).to_be_visible()
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)
