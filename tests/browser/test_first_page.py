"""The first page and those beside it: read without a script, and no obstacle for whoever is signed in."""

import re

import pytest
from playwright.async_api import Page, expect

from browser.conftest import SIZES, Sit
from browser.test_for_everyone import faint_texts
from browser.viewer import PHONE
from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.server import House


async def in_first_screen(page: Page, *names: str) -> None:
    """Nobody has to scroll to them, and none is covered."""
    for name in names:
        link = page.get_by_role("link", name=name, exact=True)
        await expect(link).to_be_in_viewport(ratio=1)
        await link.click(trial=True)


@SIZES
@pytest.mark.parametrize("light", ["light", "dark"])
async def test_without_a_script_everything_is_read_and_every_door_is_there(
    sit: Sit, size: dict[str, int], light: str
) -> None:
    viewer = await sit(size, java_script_enabled=False, color_scheme=light, locale="de-AT")
    page = viewer.page
    await viewer.go("/")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Komm herein.")
    await in_first_screen(page, "Beitreten", "Verein gründen", "Anmelden")
    await expect(viewer.link("Beitreten")).to_have_attribute("href", "/join")
    await expect(viewer.link("Verein gründen")).to_have_attribute("href", "/create")
    await expect(page.get_by_text("12 von 20 Plätzen sind vergeben")).to_be_attached()
    await expect(page.get_by_role("heading", level=2)).to_have_count(4)
    assert await faint_texts(page) == []
    for path, title in (
        ("Datenschutz", "Datenschutz"),
        ("Bedingungen", "Bedingungen"),
        ("Lizenzen", "Lizenzen"),
    ):
        await viewer.link(path).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert await faint_texts(page) == []
    await viewer.link("English").click()
    await expect(page).to_have_url(f"{viewer.url}/en/licences")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Licences")
    night = await page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert night == light


@SIZES
async def test_whoever_comes_for_the_first_time_is_at_the_code_with_one_press(
    sit: Sit, size: dict[str, int]
) -> None:
    viewer = await sit(size)
    await viewer.go("/")
    await in_first_screen(viewer.page, "Join a club", "Create a club", "Sign in")
    await viewer.link("Join a club").click()
    await expect(viewer.field("Club code")).to_be_visible()
    await viewer.page.go_back()
    await expect(viewer.link("Create a club")).to_be_visible()


@SIZES
async def test_whoever_is_signed_in_is_led_on_to_their_room(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (ann,) = await hall.club("Ann")
    viewer = await sit(size, service_workers="block")  # the page itself is asked for each time
    await viewer.enter(ann)
    await viewer.go("/")
    await expect(viewer.composer).to_be_visible()
    await expect(viewer.page).to_have_url(f"{viewer.url}/c/{group}")
    await viewer.go("/en")  # which can be read all the same
    await expect(viewer.link("Join a club")).to_be_visible()
    await expect(viewer.page).to_have_url(f"{viewer.url}/en")


@pytest.mark.service_worker
async def test_who_has_the_app_opens_it_at_the_first_address_without_a_line(sit: Sit, hall: House) -> None:
    group, (ann,) = await hall.club("Ann")
    viewer = await sit(PHONE)
    await viewer.enter(ann)
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.lose_the_line()
    await viewer.go("/")
    await expect(viewer.composer).to_be_visible()
    await expect(viewer.page).to_have_url(f"{viewer.url}/c/{group}")
    await viewer.go("/app")
    await expect(viewer.composer).to_be_visible()
    await viewer.find_the_line()


@pytest.mark.service_worker
async def test_from_the_settings_one_reads_what_is_stored_and_comes_back(sit: Sit, hall: House) -> None:
    _, (ann,) = await hall.club("Ann")
    viewer = await sit()
    await viewer.enter(ann, "/settings")
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.link("Privacy").click()
    await expect(viewer.page.get_by_role("heading", name="Who can read it")).to_be_visible()
    await expect(viewer.page.get_by_text("has not put their name here yet")).to_be_visible()
    await viewer.page.go_back()
    await expect(viewer.page.get_by_role("dialog")).to_contain_text("Settings")


@SIZES
async def test_a_host_is_told_that_nobody_is_named_and_how_to_set_it(
    sit: Sit, hall: House, postgres: EmbeddedPostgres, size: dict[str, int]
) -> None:
    _, (ann, ben) = await hall.club("Ann", "Ben")
    await place.add_host(postgres.owner_dsn, ann.user)
    host, member = await sit(size), await sit(size)
    await host.enter(ann)
    await member.enter(ben)
    banner = re.compile("Nobody knows who runs this place")
    await expect(host.page.get_by_role("status").filter(has_text=banner)).to_be_visible()
    await host.button("How to set it").click()
    told = host.page.get_by_role("dialog")
    await expect(told).to_contain_text("CLUBROOM_OPERATOR_NAME")
    await expect(host.page.get_by_role("status").filter(has_text=banner)).to_have_count(0)
    await expect(member.page.get_by_text(banner)).to_have_count(0)
