"""The host's word, the closed door, a second device, signing out, leaving, being removed (UX 38 in part)."""

import msgspec
import pytest
from playwright.async_api import expect

from browser.conftest import SIZES, Sit
from browser.viewer import PHONE, Viewer
from clubroom.app.settings import DIST, Settings
from clubroom.dba.pool import Database
from house.server import PASSWORD, House, running
from house.uuid7 import uuid7

pytestmark = pytest.mark.service_worker

KEPT_WITHOUT_A_PERSON = {"clubroom.theme", "clubroom.enter", "clubroom.later", "clubroom.room"}
"""What a browser may know although nobody is signed in: choices, and the number of a room."""


async def fill_in(viewer: Viewer, club: str) -> None:
    await viewer.go("/create")
    await viewer.field("Club name").fill(club)
    await viewer.field("Your name").fill("Ann")
    await viewer.field("E-mail").fill(f"{uuid7()}@example.org")
    await viewer.page.get_by_label("Password").fill(PASSWORD)


async def test_with_a_word_only_who_knows_it_creates_a_club(
    sit: Sit, database: Database, settings: Settings
) -> None:
    asked = msgspec.structs.replace(settings, web=DIST, create="word", word="open sesame")
    async with running(database, asked) as house:
        ann = await sit()
        ann.url = house.url
        await fill_in(ann, "Chess club")
        word = ann.field("The host's word")
        await ann.button("Create the club").click()
        await expect(ann.page.get_by_text("The host’s word is missing.")).to_be_visible()
        await word.fill("open barley")
        await ann.button("Create the club").click()
        await expect(ann.page.get_by_text("That is not the host’s word.")).to_be_visible()
        await word.fill("open sesame")
        await ann.button("Create the club").click()
        await expect(ann.page.get_by_text("The door is open.")).to_be_visible()
        await ann.context.close()


async def test_where_no_clubs_are_created_the_door_says_so(
    sit: Sit, database: Database, settings: Settings
) -> None:
    async with running(database, msgspec.structs.replace(settings, web=DIST, create="closed")) as house:
        ann = await sit()
        ann.url = house.url
        await ann.go("/create")
        await expect(ann.page.get_by_text("No new clubs can be created here.")).to_be_visible()
        await expect(ann.button("Create the club")).to_have_count(0)
        await ann.context.close()


async def test_a_second_device_signs_in_with_the_address_given_later(sit: Sit, hall: House) -> None:
    group, (_, ben) = await hall.club("Ann", "Ben")
    await ben.post(group, "hello")
    address = f"{uuid7()}@example.org"
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ben)
    await desk.link("Add an address").click()
    await desk.field("E-mail").fill(address)
    await desk.page.get_by_label("Password").first.fill(PASSWORD)
    await desk.button("Save").click()
    await expect(desk.page.get_by_text(f"You sign in as {address}.")).to_be_visible()
    await phone.go("/")
    await phone.link("Sign in").click()
    await phone.field("E-mail").fill(address)
    await phone.page.get_by_label("Password").fill("wrong " + PASSWORD)
    await phone.button("Sign in").click()
    await expect(phone.page.get_by_role("alert")).to_contain_text("That did not match.")
    await phone.page.get_by_label("Password").fill(PASSWORD)
    await phone.button("Sign in").click()
    await phone.sees("hello")


async def test_signing_out_says_what_is_lost_and_leaves_nothing_on_the_device(sit: Sit, hall: House) -> None:
    group, (_, ben) = await hall.club("Ann", "Ben")
    await ben.post(group, "nobody else's business")
    viewer = await sit()
    await viewer.enter(ben)
    await viewer.sees("nobody else's business")
    await viewer.composer.fill("half a thought")
    await viewer.go("/settings")
    await viewer.button("Sign out").click()
    question = viewer.page.get_by_role("dialog", name="Sign out?")
    await expect(question).to_contain_text("you lose your place in your clubs for good")
    await question.get_by_role("button", name="Sign out").click()
    await expect(viewer.page.get_by_text("Already a member?")).to_be_visible()
    # the doors open at once, and a browser takes its time to delete
    await viewer.page.wait_for_function("async () => (await indexedDB.databases()).length === 0")
    left = await viewer.page.evaluate(_KEPT_ON_THE_DEVICE)
    assert set(left["local"]) <= KEPT_WITHOUT_A_PERSON
    assert left["databases"] == []
    assert not [url for url in left["cached"] if "/api" in url]
    assert not [cookie for cookie in await viewer.context.cookies() if cookie.get("value")]
    await viewer.go(f"/c/{group}")
    await expect(viewer.page.get_by_text("Already a member?")).to_be_visible()


async def test_who_is_removed_sees_the_room_close_and_the_question_named_it(sit: Sit, hall: House) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    await member.post(group, "hello")
    ann, ben = await sit(), await sit(PHONE)
    await ann.enter(owner)
    await ben.enter(member)
    await ben.sees("hello")
    await ann.go(f"/c/{group}/members")
    await expect(ann.page.get_by_role("list", name="Here now, 2")).to_contain_text("Ben")
    await ann.page.get_by_role("list", name="Here now, 2").get_by_role("link", name="Ben").click()
    await ann.button("Remove Ben").click()
    question = ann.page.get_by_role("dialog", name="Remove Ben?")
    await expect(question).to_contain_text("Ben can no longer read or write in Chess club.")
    await question.get_by_role("button", name="Cancel").click()
    await expect(ann.button("Remove Ben")).to_be_focused()
    await ann.button("Remove Ben").click()
    await question.get_by_role("button", name="Remove Ben").click()
    await expect(ann.button("Remove Ben")).to_have_count(0)
    await expect(ann.page.get_by_role("list", name="Here now, 1")).not_to_contain_text("Ben")
    await expect(ben.page.get_by_text("This room is not open to you.")).to_be_visible()
    await expect(ben.page.get_by_text("hello")).to_have_count(0)
    await expect(ben.composer).to_have_count(0)
    await ann.go(f"/c/{group}")
    await expect(ann.log).to_contain_text("You removed Ben")


@SIZES
async def test_leaving_names_what_it_means_and_is_near(sit: Sit, hall: House, size: dict[str, int]) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    ben = await sit(size)
    await ben.enter(member)
    await ben.link("Members").first.click()
    await ben.button("Leave the club").click()
    question = ben.page.get_by_role("dialog", name="Leave Chess club?")
    await expect(question).to_contain_text("To come back you need the club code.")
    await question.get_by_role("button", name="Leave the club").click()
    await expect(ben.page.get_by_text("Signed in as Ben.")).to_be_visible()
    assert group not in await member.groups()
    members = (await owner.snapshot(group))["members"]
    assert [one["left"] for one in members if one["user"] == member.user] == [True]


_KEPT_ON_THE_DEVICE = """
async () => ({
  local: Object.keys(localStorage),
  databases: (await indexedDB.databases()).map((database) => database.name),
  cached: (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())))
    .flat().map((request) => request.url),
})
"""
