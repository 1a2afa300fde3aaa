"""A list of people is brought into a club, and they come by the links in their mail."""

import time

import pytest
from playwright.async_api import FilePayload, Locator, expect

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer
from clubroom.app.settings import Settings
from house.mailbox import Folder, link_in
from house.server import House
from house.uuid7 import uuid7

STEPS_MAX = 5
BRINGING_S = 120
NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gil", "Hana", "Ida", "Jon")
CALLED = ("Smith", "Miller", "King")


@pytest.fixture
def mailbox(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")


class Newcomer:
    """Somebody before a screen that they have not seen: every press and every text counts as a step."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.steps = 0

    async def press(self, what: Locator) -> None:
        self.steps += 1
        await what.click()

    async def fill(self, what: Locator, text: str) -> None:
        self.steps += 1
        await what.fill(text)


def sheet(viewer: Viewer, name: str = "Bring people") -> Locator:
    return viewer.page.get_by_role("dialog", name=name, exact=True)


async def test_an_admin_who_never_saw_it_brings_in_30_people_from_a_pasted_list(
    sit: Sit, hall: House, mailbox: Folder
) -> None:
    club, [owner] = await hall.club("Ann")
    ann = await sit()
    await ann.enter(owner)
    run, loads = uuid7().hex, ann.loads
    people = [(f"{NAMES[i % 10]} {CALLED[i // 10]}", f"p{i}-{run}@example.org") for i in range(30)]
    pasted = "Name\tE-mail\tVoice\n" + "\n".join(
        f"{name}\t{email}\t{'Alto' if i % 2 else 'Bass'}" for i, (name, email) in enumerate(people)
    )
    began, new = time.monotonic(), Newcomer(ann)
    await new.press(ann.button("Chess club, switch club"))
    await new.press(ann.link("Bring people"))
    await new.fill(ann.field("Names and addresses"), pasted)
    await new.press(ann.button("Look at the list"))
    await new.press(ann.button("Invite 30 people"))
    await expect(sheet(ann)).to_contain_text("30 people are invited.")
    await expect(sheet(ann)).to_contain_text("0 of 30 have come")
    assert new.steps <= STEPS_MAX
    assert time.monotonic() - began < BRINGING_S
    for i in (0, 13, 29):
        guest = await sit(PHONE if i == 13 else {"width": 1280, "height": 800})
        await guest.go(link_in(await mailbox.next_to(people[i][1])))
        await expect(sheet(guest, "You are invited")).to_contain_text("Ann invites you to")
        await expect(guest.field("Your name")).to_have_value(people[i][0])
        await guest.button("Come in").click()
        await expect(guest.composer).to_be_visible()
        await guest.write(f"{people[i][0]} is here")
    await expect(sheet(ann)).to_contain_text("3 of 30 have come")
    await expect(sheet(ann).get_by_role("listitem")).to_have_count(27)
    await expect(sheet(ann).get_by_role("listitem").first).to_contain_text("the letter lies with the host")
    assert ann.loads == loads  # and she sees it without loading anything anew
    snapshot = await owner.snapshot(club)
    named = {label["label"]: label["name"] for label in snapshot["labels"]}
    carried = {m["name"]: [named[one] for one in m.get("labels", ())] for m in snapshot["members"]}
    assert carried == {"Ann": [], people[0][0]: ["Bass"], people[13][0]: ["Alto"], people[29][0]: ["Alto"]}
    await ann.button("Close").click()
    await ann.sees("Ada Smith is here")


async def test_rows_are_mended_or_left_out_and_a_link_is_handed_over(sit: Sit, hall: House) -> None:
    club, [owner] = await hall.club("Ann")
    ann = await sit()
    await ann.enter(owner, f"/c/{club}/bring")
    await ann.field("Names and addresses").fill(
        f"Ben <ben-{uuid7().hex}@example.org>\nCleo cleo@\nDan\nEve\nben again <ann at example.org>"
    )
    await ann.button("Look at the list").click()
    await expect(sheet(ann).get_by_role("alert")).to_contain_text("1 row cannot be used as it is.")
    await ann.field("E-mail 2").fill(f"cleo-{uuid7().hex}@example.org")
    await expect(sheet(ann).get_by_role("alert")).to_have_count(0)
    await ann.button("Leave out Eve").click()
    await ann.page.get_by_role("button", name="Leave out ben again").click()
    await ann.button("Invite 3 people").click()
    await expect(sheet(ann)).to_contain_text("This place sends no mail by itself.")
    await ann.button("Link for Dan").click()
    link = await sheet(ann, "A link for Dan").locator("code").inner_text()
    await ann.page.keyboard.press("Escape")
    dan = await sit()
    await dan.go(link[link.index("/welcome") :])
    await dan.field("Your name").fill("Daniel")
    await dan.button("Come in").click()
    await expect(dan.composer).to_be_visible()
    await expect(sheet(ann)).to_contain_text("1 of 3 have come")
    await ann.button("Withdraw the invitation of Ben").click()
    await ann.button("Withdraw").click()
    await expect(sheet(ann)).to_contain_text("1 of 2 have come")
    late = await sit()
    await late.go(link[link.index("/welcome") :])
    await expect(sheet(late, "This link opens nothing any more.")).to_be_visible()


async def test_members_who_invite_show_the_code_but_are_not_led_to_lists(sit: Sit, hall: House) -> None:
    club, [owner, other] = await hall.club("Ann", "Ben")
    await owner.ok("PATCH", f"/api/groups/{club}", {"members_invite": True})
    ben = await sit()
    await ben.enter(other)
    await ben.button("Chess club, switch club").click()
    await ben.link("Invite people").last.click()
    invite = sheet(ben, "Invite people")
    await expect(invite.get_by_role("button", name="Show large")).to_be_visible()
    await expect(invite.get_by_role("link")).to_have_count(0)
    await ben.go(f"/c/{club}/bring")
    await expect(ben.composer).to_be_visible()
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)


async def test_members_without_a_device_are_shown_as_such_until_they_come(sit: Sit, hall: House) -> None:
    club, [owner, other] = await hall.club("Ann", "Ben")
    await other.post(club, "who else comes?")
    ann, ben = await sit(), await sit()
    await ann.enter(owner, f"/c/{club}/bring")
    await ben.enter(other)
    await ann.field("Names and addresses").fill("Cleo\nDan")
    await ann.button("Look at the list").click()
    await ann.page.get_by_role("checkbox", name="Members at once").check()
    await ann.button("Add 2 members").click()
    await expect(sheet(ann)).to_contain_text("2 members were added.")
    await expect(ben.log).to_contain_text("Ann added Cleo and Dan")
    await ann.button("Link for Cleo").click()
    link = await sheet(ann, "A link for Cleo").locator("code").inner_text()
    cleo = await sit()
    await cleo.go(link[link.index("/welcome") :])
    await expect(sheet(cleo, "You are invited")).to_contain_text("Your place in Chess club is kept.")
    await cleo.button("Come in").click()
    await cleo.write("finally")
    await ben.sees("finally")
    await expect(ben.log).to_contain_text("Cleo signed in for the first time")


async def test_what_one_shares_is_seen_by_whom_one_chose_and_taken_along_as_a_file(
    sit: Sit, hall: House
) -> None:
    club, [owner, other] = await hall.club("Ann", "Ben")
    ann, ben = await sit(), await sit()
    await ben.enter(other, f"/c/{club}/members")
    await ben.link("How to reach me").click()
    await ben.page.get_by_role("radio", name="Owners and admins").check(force=True)
    await ben.field("Telephone").fill("+49 30 1234567")
    await ben.button("Save").click()
    await expect(sheet(ben, "How to reach me")).to_be_hidden()  # saved
    await ann.enter(owner, f"/c/{club}/members/{other.user}")
    await expect(ann.page.get_by_role("link", name="+49 30 1234567")).to_be_visible()
    await expect(sheet(ann, "Ben")).to_contain_text("Only owners and admins see this.")
    await ann.go(f"/c/{club}/members")
    async with ann.page.expect_download() as coming:
        await ann.button("Member list as a file").click()
    download = await coming.value
    assert download.suggested_filename == "Chess club – members.csv"
    rows = (await download.path()).read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == '"Name","Role","Labels","Joined","E-mail","Telephone","Note"'
    assert rows[2].startswith('"Ben","member","",')
    assert rows[2].endswith('"\'+49 30 1234567",""')


async def test_where_nobody_was_invited_the_screen_says_what_to_do(sit: Sit, hall: House) -> None:
    club, [owner] = await hall.club("Ann")
    ann = await sit()
    await ann.enter(owner, f"/c/{club}/bring")
    await expect(sheet(ann)).to_contain_text("Paste a list of names, best with e-mail addresses.")
    await ann.button("Look at the list").click()
    await expect(sheet(ann).get_by_role("alert")).to_have_text(
        "Nobody was found in it. Paste names or addresses."
    )
    text = "\ufeffName;Mail\r\nÄnne Groß;"
    csv = FilePayload(name="choir.csv", mimeType="text/csv", buffer=text.encode())
    await ann.page.locator("input[type=file]:not([multiple])").set_input_files(csv)
    await expect(ann.field("Name 1")).to_have_value("Änne Groß")
    await expect(sheet(ann)).to_contain_text("1 of them has no address")
