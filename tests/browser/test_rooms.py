"""Rooms of a club: opened, found, joined, changed, archived and left, each seen by somebody else at once."""

import asyncio

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.viewer import Viewer
from house.person import Person
from house.server import House


async def enter_all(sit: Sit, *people: Person, path: str = "") -> list[Viewer]:
    """Each before a screen of their own."""
    viewers = [await sit() for _ in people]
    await asyncio.gather(
        *(viewer.enter(person, path) for viewer, person in zip(viewers, people, strict=True))
    )
    return viewers


async def reload(*viewers: Viewer) -> None:
    await asyncio.gather(*(viewer.page.reload() for viewer in viewers))


def heading(viewer: Viewer) -> Locator:
    """Of the room one is in."""
    return viewer.page.get_by_role("main").get_by_role("heading", level=1)


def sheet(viewer: Viewer, name: str) -> Locator:
    return viewer.page.get_by_role("dialog", name=name, exact=True)


async def test_a_public_room_is_found_at_once_looked_into_joined_and_written_in(
    sit: Sit, hall: House
) -> None:
    _, people = await hall.club("Ann", "Ben")
    ann, ben = await enter_all(sit, *people)
    await ben.link("All rooms").click()
    rooms = sheet(ben, "All rooms")
    await expect(rooms).to_contain_text("There are no rooms beside Everyone yet.")
    await ann.link("New room").click()
    await ann.button("Open the room").click()
    await expect(sheet(ann, "New room").get_by_role("textbox").first).to_be_focused()  # it lacks a name
    await ann.field("Name of the room").fill("Plans")
    await ann.field("What it is for").fill("The next match")
    await ann.button("Open the room").click()
    await expect(heading(ann)).to_have_text("Plans")
    await expect(rooms.get_by_role("listitem")).to_contain_text("The next match")
    await rooms.get_by_role("link", name="Plans").click()
    await expect(ben.page.get_by_text("You are having a look at Plans.")).to_be_visible()
    await expect(ben.composer).to_have_count(0)
    await ann.write("who plays?")
    await ben.sees("who plays?")
    await ben.button("Join").click()
    await ben.write("I do")
    await ann.sees("I do")
    await reload(ann, ben)
    for viewer in (ann, ben):
        await viewer.sees("I do")
        assert await viewer.texts() == ["who plays?", "I do"]
        await expect(viewer.page.get_by_text("The next match")).to_be_visible()
        await viewer.side_shows("Plans", unread=False)
    await ben.in_side("Everyone").click()
    await ann.write("bring a board")
    await ben.side_shows("Plans")


async def test_a_private_room_is_there_for_whom_one_adds_and_its_past_only_if_one_says_so(
    sit: Sit, hall: House
) -> None:
    group, (owner, *others) = await hall.club("Ann", "Ben", "Cleo")
    late = await owner.channel(group, "Dusk", private=True)
    await owner.post(late, "said early")
    ann, ben, cleo = await enter_all(sit, owner, *others)
    await cleo.link("All rooms").click()
    await ann.link("New room").click()
    await ann.field("Name of the room").fill("Present")
    await ann.page.get_by_role("radio", name="Only who is added").check()
    await ann.button("Open the room").click()
    await sheet(ann, "Add people").get_by_role("button", name="Close").click()
    await ann.write("a book for Cleo?")
    await add_ben(ann, past=True)
    await ben.side_shows("Present", unread=False)
    await ben.in_side("Present").click()
    await ben.sees("a book for Cleo?")
    await ann.go(f"/c/{late}")
    await add_ben(ann, past=False)
    await ben.side_shows("Dusk", unread=False)
    await ann.write("said late")
    await ben.side_shows("Dusk")
    await ben.in_side("Dusk").click()
    await ben.sees("said late")
    await reload(ben, cleo)
    await ben.sees("said late")
    assert await ben.texts() == ["said late"]
    await expect(sheet(cleo, "All rooms")).to_contain_text("There are no rooms beside Everyone yet.")
    for name in ("Present", "Dusk"):
        await expect(cleo.in_side(name)).to_have_count(0)
        await expect(cleo.page.get_by_text(name)).to_have_count(0)
    await cleo.go(f"/c/{late}")
    await expect(cleo.page.get_by_text("This room is not open to you.")).to_be_visible()


async def add_ben(ann: Viewer, *, past: bool) -> None:
    await ann.link("About this room").click()
    await ann.link("Add people").click()
    adding = sheet(ann, "Add people")
    await adding.get_by_text("Ben", exact=True).click()
    await expect(adding.get_by_role("checkbox", name="Ben")).to_be_checked()
    await adding.get_by_role("checkbox", name="They can read").set_checked(past)
    await adding.get_by_role("button", name="Add 1 person").click()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    await expect(ann.log).to_contain_text("You added Ben")


async def test_a_room_is_renamed_archived_and_brought_back_before_the_eyes_of_who_is_in_it(
    sit: Sit, hall: House
) -> None:
    group, people = await hall.club("Ann", "Ben")
    room = await people[0].channel(group, "Plans")
    await people[1].ok("PUT", f"/api/groups/{room}/follow", {"on": True})
    ann, ben = await enter_all(sit, *people, path=f"/c/{room}")
    await ann.link("About this room").click()
    await ann.field("Name of the room").fill("Sunday")
    await ann.field("What it is for").fill("The next match")
    await ann.button("Save").click()
    await expect(heading(ben)).to_have_text("Sunday")
    await expect(ben.page.get_by_text("The next match")).to_be_visible()
    await ben.side_shows("Sunday", unread=False)
    await expect(ben.in_side("Plans")).to_have_count(0)
    await ann.write("ten o'clock")
    await ann.link("About this room").click()
    await ann.button("Archive the room").click()
    asked = sheet(ann, "Archive Sunday?")
    await asked.get_by_role("button", name="Archive the room").click()
    await expect(asked).to_have_count(0)
    for _ in ("at once", "after a reload"):
        await expect(ben.page.get_by_text("This room is archived.")).to_be_visible()
        await expect(ben.composer).to_have_count(0)
        await expect(heading(ben)).to_have_text("Sunday")
        await ben.sees("ten o'clock")
        await ben.page.reload()
    await ben.in_side("Everyone").click()
    await expect(ben.in_side("Sunday")).to_have_count(0)
    await ben.link("All rooms").click()
    rooms = sheet(ben, "All rooms")
    await expect(rooms.get_by_role("heading", name="Archived")).to_be_visible()
    await rooms.get_by_role("link", name="Sunday").click()
    await ann.button("Bring the room back").click()
    await ben.write("I am back, too")
    await ann.sees("I am back, too")
    await reload(ann, ben)
    await ben.sees("I am back, too")
    await ben.side_shows("Sunday", unread=False)


async def test_who_leaves_a_room_finds_it_again(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", "Ben")
    room = await people[0].channel(group, "Plans")
    await people[1].ok("PUT", f"/api/groups/{room}/follow", {"on": True})
    ben, desk = await enter_all(sit, people[1], people[1], path=f"/c/{room}")
    await desk.in_side("Everyone").click()
    await ben.link("About this room").click()
    await ben.button("Leave the room").click()
    asked = sheet(ben, "Leave Plans?")
    await expect(asked).to_contain_text("You find it again under All rooms.")
    await asked.get_by_role("button", name="Leave the room").click()
    await expect(heading(ben)).to_have_text("Everyone")
    for viewer in (ben, desk):
        await expect(viewer.in_side("Plans")).to_have_count(0)
    await people[0].post(room, "nobody hears it")
    await ben.page.reload()
    await expect(ben.page).to_have_title("Chess club · Clubroom")
    await expect(ben.in_side("Plans")).to_have_count(0)
    await ben.link("All rooms").click()
    await sheet(ben, "All rooms").get_by_role("button", name="Join").click()
    await expect(sheet(ben, "All rooms").get_by_role("listitem")).to_contain_text("In your list")
    await ben.button("Close").click()
    for viewer in (ben, desk):
        await expect(viewer.in_side("Plans")).to_be_visible()
    await desk.page.reload()
    await desk.in_side("Plans").click()
    await desk.sees("nobody hears it")


async def test_in_a_room_for_announcements_members_read_and_react(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben")
    ann, ben = await enter_all(sit, *people)
    await ann.link("New room").click()
    await ann.field("Name of the room").fill("News")
    await ann.page.get_by_role("checkbox", name="Only for announcements").check()
    await ann.page.get_by_role("checkbox", name="In everyone’s list").check()
    await ann.button("Open the room").click()
    await ann.write("we have won")
    await ben.side_shows("News")
    await ben.in_side("News").click()
    await ben.sees("we have won")
    for _ in ("at once", "after a reload"):
        await expect(ben.page.get_by_text("Only whoever runs this room writes here.")).to_be_visible()
        await expect(ben.composer).to_have_count(0)
        await ben.page.reload()
        await ben.sees("we have won")
    await ben.message("we have won").hover()
    await expect(ben.tools("we have won").get_by_role("button", name="Reply")).to_have_count(0)
    await ben.tools("we have won").get_by_role("button", name="React with 👍").click()
    await expect(ann.log.get_by_role("button", name="👍 Ben")).to_be_visible()
    await ann.link("About this room").click()
    await ann.page.get_by_role("checkbox", name="Only for announcements").uncheck()
    await ann.button("Save").click()
    await ben.write("at last")
    await ann.sees("at last")


async def test_an_owner_decides_that_only_admins_open_rooms(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben")
    ann, ben = await enter_all(sit, *people)
    await expect(ben.link("New room")).to_be_visible()
    await ben.link("About the club").click()
    await expect(ben.page.get_by_role("dialog").get_by_role("link", name="Members")).to_be_visible()
    await expect(ben.link("Settings")).to_have_count(0)
    await ben.button("Close").click()
    await ann.link("About the club").click()
    await ann.link("Settings").click()
    await ann.page.get_by_role("checkbox", name="Only admins open rooms").check()
    await ann.button("Save").click()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    for _ in ("at once", "after a reload"):
        await expect(ben.link("New room")).to_have_count(0)
        await expect(ann.link("New room")).to_be_visible()
        await reload(ann, ben)
        await expect(ben.composer).to_be_visible()
    await ben.link("All rooms").click()
    await expect(sheet(ben, "All rooms")).to_be_visible()
    await expect(ben.link("New room")).to_have_count(0)
