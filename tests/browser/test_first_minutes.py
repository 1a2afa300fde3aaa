"""UX 1 to 4: from a link to the first message in at most three views, with nothing asked but a name."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from browser.conftest import SIZES, Sit
from browser.viewer import PHONE

pytestmark = pytest.mark.service_worker


@SIZES
async def test_ann_opens_a_club_and_ben_is_heard_three_views_later(sit: Sit, size: dict[str, int]) -> None:
    ann = await sit()
    code = await ann.create_club("Kammerchor Lindenhof", "Ann")
    await ann.page.get_by_text("Go to the clubroom").click()
    ben = await sit(size)
    await ben.go(f"/join/{code}")
    await expect(ben.page.get_by_text("Kammerchor Lindenhof", exact=True)).to_be_visible()
    fields = ben.page.get_by_role("textbox")
    assert await fields.count() == 1
    await ben.field("Your name").fill("Ben")
    await ben.button(re.compile("^Join")).click()
    await ben.write("Good evening!")
    await ann.sees("Good evening!")
    await expect(ann.messages.filter(has_text="Good evening!")).to_contain_text("Ben")
    assert (ann.loads, ben.loads) == (2, 1)  # the first page and the app; the app alone


async def test_cleo_joins_third_by_a_code_read_out_and_sees_what_was_written_before(sit: Sit) -> None:
    ann = await sit()
    code = await ann.create_club("Chess club", "Ann")
    await ann.page.get_by_text("Go to the clubroom").click()
    ben = await sit(PHONE)
    await ben.join_by_link(code, "Ben")
    await ben.write("Who has the clock?")
    await ann.sees("Who has the clock?")
    await ann.write("It is in the cupboard.")
    cleo = await sit(PHONE)
    await cleo.go("/")
    await cleo.page.get_by_text("Join a club", exact=True).click()
    spoken = code.lower().replace("0", "o").replace("1", "l")
    await cleo.field("Club code").press_sequentially(f"{spoken[:4]} {spoken[4:8]} {spoken[8:]}")
    await cleo.field("Your name").fill("Cleo")
    await cleo.button(re.compile("^Join")).click()
    await cleo.sees("Who has the clock?")
    await cleo.sees("It is in the cupboard.")
    await expect(ann.log).to_contain_text("Cleo joined")


@SIZES
async def test_a_wrong_code_opens_nothing_and_makes_no_account(sit: Sit, size: dict[str, int]) -> None:
    cleo = await sit(size)
    await cleo.go("/join")
    await cleo.field("Club code").fill("0000-0000-0000")
    await cleo.field("Your name").fill("Cleo")
    await cleo.button("Join").click()
    await expect(cleo.page.get_by_text("This code does not open a door.")).to_be_visible()
    await cleo.go("/")
    await expect(cleo.page.get_by_text("Already a member?")).to_be_visible()


async def test_a_late_word_about_the_code_takes_nothing_from_whoever_types_a_name(sit: Sit) -> None:
    cleo = await sit(PHONE)
    asked, typed = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        asked.set()
        await typed.wait()
        await route.continue_()

    await cleo.page.route("**/api/clubs/preview", answer_late)
    await cleo.go("/join")
    await cleo.field("Club code").fill("0000-0000-0000")
    await asked.wait()
    await cleo.field("Your name").press_sequentially("Cl")
    typed.set()
    await expect(cleo.page.get_by_text("This code does not open a door.")).to_be_visible()
    await cleo.page.keyboard.type("eo")
    await expect(cleo.field("Your name")).to_have_value("Cleo")
    await expect(cleo.field("Club code")).to_have_value("0000-0000-0000")


async def test_the_invite_sheet_shows_code_link_and_picture_and_says_who_can_open_it(sit: Sit) -> None:
    ann = await sit(PHONE)
    await ann.create_club("Chess club", "Ann")
    await expect(ann.page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    await expect(ann.page.get_by_text("Only this computer can open this link.")).to_be_visible()
    await expect(ann.page.get_by_text("PUBLIC_URL")).to_be_visible()
    await expect(ann.button("Copy link")).to_be_visible()


async def test_a_second_device_signs_in_by_a_link_that_works_once(sit: Sit) -> None:
    ann = await sit()
    await ann.create_club("Chess club", "Ann")
    await ann.go("/settings/devices")
    await ann.button("Sign in another device").click()
    await ann.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await ann.button("Copy link").click()
    await expect(ann.button("Copied")).to_be_visible()
    link = (await ann.page.evaluate("navigator.clipboard.readText()")).removeprefix(ann.url)
    phone = await sit(PHONE)
    await phone.go(link)
    await phone.button("Sign in on this device").click()
    await expect(phone.page.get_by_role("region", name="Chess club")).to_be_visible()
    thief = await sit()
    await thief.go(link)
    await thief.button("Sign in on this device").click()
    await expect(thief.page.get_by_text("This link no longer works.")).to_be_visible()


async def test_a_person_in_two_clubs_switches_between_them(sit: Sit) -> None:
    ann = await sit()
    await ann.create_club("Chess club", "Ann")
    ben = await sit()
    code = await ben.create_club("Choir", "Ben")
    await ann.go(f"/join/{code}")
    await ann.button(re.compile("^Join")).click()
    await expect(ann.button(re.compile("^Choir.*switch club"))).to_be_visible()
    await ann.button(re.compile("^Choir.*switch club")).click()
    await ann.page.get_by_text("Chess club").first.click()
    await expect(ann.button(re.compile("^Chess club.*switch club"))).to_be_visible()
