"""One's own account: a new name seen by others, language, address, password by mail, passkey, devices,
leaving.
"""

import json
import re

import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer
from clubroom.app.settings import Settings
from house.mailbox import Folder, link_in
from house.server import PASSWORD, House
from house.uuid7 import uuid7

NEW = "another long password"


@pytest.fixture
def mail(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")


async def with_passkeys(viewer: Viewer) -> None:
    """A device whose owner always agrees."""
    devtools = await viewer.context.new_cdp_session(viewer.page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def test_a_new_name_is_seen_by_others_at_once_and_the_language_on_every_device(
    sit: Sit, hall: House
) -> None:
    group, [owner, member] = await hall.club("Ann", "Ben")
    await member.post(group, "hello")
    ann, ben, phone = await sit(), await sit(), await sit(PHONE)
    for viewer, who in ((ann, owner), (ben, member), (phone, member)):
        await viewer.enter(who)
        await viewer.sees("hello")
    await ben.go("/settings")
    await ben.link(re.compile("^Name, language, time zone")).click()
    await ben.field("Your name").fill("Benjamin")
    await ben.button("Save").click()
    await expect(ben.page.get_by_text("Saved.")).to_be_visible()
    await expect(ann.messages.filter(has_text="hello")).to_contain_text("Benjamin")
    await ben.page.get_by_role("radio", name="Deutsch").check()
    await expect(ben.page.get_by_role("heading", name="Name, Sprache, Zeitzone")).to_be_visible()
    await expect(phone.button("Senden")).to_be_visible()
    await expect(ann.button("Send")).to_be_visible()
    assert (ann.loads, phone.loads) == (1, 1)
    await phone.page.reload()
    await expect(phone.button("Senden")).to_be_visible()


async def test_an_address_is_confirmed_and_a_forgotten_password_replaced_by_mail(
    sit: Sit, hall: House, mail: Folder
) -> None:
    _, [_, member] = await hall.club("Ann", "Ben")
    address = f"{uuid7()}@example.org"
    ben = await sit()
    await ben.enter(member, "/settings/sign-in")
    await ben.field("E-mail").fill(address)
    await ben.page.get_by_label("Password").fill(PASSWORD)
    await ben.button("Save").click()
    await expect(ben.page.get_by_text("Not confirmed yet")).to_be_visible()
    await expect(
        ben.page.get_by_text("This place sends no mail yet: its host finds it in a folder.")
    ).to_be_visible()
    letter = await mail.next_to(address)
    phone = await sit(PHONE)
    await phone.go(link_in(letter))
    assert "#" not in phone.page.url
    await phone.button("Confirm my address").click()
    await expect(phone.page.get_by_text(f"{address} is confirmed.")).to_be_visible()
    await expect(ben.page.get_by_text("Confirmed.")).to_be_visible()  # the other device hears of it
    await phone.go("/sign-in")
    await phone.link("Forgot your password?").click()
    await expect(phone.page.get_by_text("Ask an owner or admin of your club")).to_be_visible()
    await phone.field("E-mail").fill(address)
    await phone.button("Send the link").click()
    await expect(phone.page.get_by_text("If " + address + " belongs to an account")).to_be_visible()
    await phone.go(link_in(await mail.next_to(address, after=1)))
    await phone.field("New password").fill(NEW)
    await phone.button("Save and sign in").click()
    await expect(phone.composer).to_be_visible()
    await expect(ben.page.get_by_text("This device was signed out.")).to_be_visible()
    await ben.link("Sign in").click()
    await ben.field("E-mail").fill(address)
    await ben.page.get_by_label("Password").fill(NEW)
    await ben.button("Sign in").click()
    await expect(ben.composer).to_be_visible()


async def test_with_a_passkey_one_signs_in_without_a_password(sit: Sit, hall: House) -> None:
    _, [_, member] = await hall.club("Ann", "Ben")
    await member.post((await member.groups())[0], "hello")
    ben = await sit()
    await with_passkeys(ben)
    await ben.enter(member, "/settings/sign-in")
    await ben.button("Add a passkey").click()
    await expect(ben.page.get_by_text("This device has a passkey now.")).to_be_visible()
    await expect(ben.page.get_by_role("list", name="Passkeys").get_by_role("listitem")).to_have_count(1)
    await ben.go("/settings")
    await ben.button("Sign out").click()
    question = ben.page.get_by_role("dialog", name="Sign out?")
    await expect(question).not_to_contain_text("for good")
    await question.get_by_role("button", name="Sign out").click()
    await ben.link("Sign in").click()
    await ben.button("Sign in with a passkey").click()
    await ben.sees("hello")
    assert (await member.me())["passkeys"] == 1


async def test_a_lost_phone_is_signed_out_from_the_list_of_devices(sit: Sit, hall: House) -> None:
    _, [_, member] = await hall.club("Ann", "Ben")
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(member)
    await phone.enter(member)
    await desk.go("/settings")
    await desk.link(re.compile("^Devices")).click()
    listed = desk.page.get_by_role("list", name="Devices").get_by_role("listitem")
    await expect(listed).to_have_count(3)
    await expect(listed.filter(has_text="this device")).to_contain_text("Chrome, Linux")
    await desk.button("Sign out everywhere else").click()
    question = desk.page.get_by_role("dialog", name="Sign out everywhere else?")
    await expect(question).to_contain_text("within two seconds")
    await question.get_by_role("button", name="Sign out everywhere else").click()
    await expect(phone.page.get_by_text("This device was signed out.")).to_be_visible()
    await expect(listed).to_have_count(1)


async def test_one_takes_a_copy_along_and_leaves_for_good_in_three_clicks(sit: Sit, hall: House) -> None:
    """UX 38: what goes and what stays is said before; the others see it at once."""
    group, [owner, member] = await hall.club("Ann", "Ben")
    await member.post(group, "mine")
    ann, ben = await sit(), await sit()
    await ann.enter(owner)
    await ann.sees("mine")
    await ben.enter(member, "/settings/data")
    async with ben.page.expect_download() as coming:
        await ben.button("Save a copy").click()
    assert (await coming.value).suggested_filename == "clubroom.zip"
    await ben.go("/settings")
    await ben.link("Delete account").click()  # the first
    leaving = ben.page.get_by_role("dialog", name="Delete your account?")
    await expect(leaving).to_contain_text("You leave all clubs, rooms and conversations")
    await expect(leaving).to_contain_text("What you wrote stays, without your name.")
    await expect(leaving).to_contain_text("Nothing leads back.")
    await leaving.get_by_role("checkbox", name="Delete everything I wrote, too").check()  # the second
    button = leaving.get_by_role("button", name="Delete my account")
    await expect(button).to_be_disabled()
    await leaving.get_by_role("textbox").fill("Ben")
    await button.click()  # the third
    await expect(ben.page.get_by_text("Already a member?")).to_be_visible()
    await expect(ann.log).to_contain_text("This message was deleted.")
    await expect(ann.log).to_contain_text("Somebody who is gone")
    await expect(ann.log).not_to_contain_text("Ben")
    left = await ben.page.evaluate("indexedDB.databases().then((all) => JSON.stringify(all))")
    assert json.loads(left) == []


async def test_the_last_owner_is_told_which_club_to_hand_over(sit: Sit, hall: House) -> None:
    _, [owner] = await hall.club("Ann")
    ann = await sit(PHONE)
    await ann.enter(owner, "/settings/delete")
    await expect(ann.page.get_by_text("You are the last owner of Chess club.")).to_be_visible()
    await expect(ann.button("Delete my account")).to_have_count(0)
