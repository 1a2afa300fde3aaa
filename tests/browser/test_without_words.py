"""Where the words are lost on the way: the other language's are taken, and without any one is told."""

import re

from playwright.async_api import Route, expect

from browser.conftest import SIZES, Sit

WORDS = re.compile(r"/assets/(?:en|de)-[\w-]+\.js")
ENGLISH = re.compile(r"/assets/en-[\w-]+\.js")


async def lose(route: Route) -> None:
    await route.abort()


@SIZES
async def test_without_any_words_one_is_told_and_loads_again(sit: Sit, size: dict[str, int]) -> None:
    viewer = await sit(size)
    await viewer.page.route(WORDS, lose)
    await viewer.go("/app")
    await expect(viewer.page.get_by_role("alert")).to_have_text("Clubroom could not be loaded.")
    await viewer.page.unroute(WORDS)
    await viewer.button("Load again").click()
    await expect(viewer.page.get_by_text("Create a club", exact=True)).to_be_visible()


async def test_who_cannot_have_their_own_words_reads_the_other_language(sit: Sit) -> None:
    viewer = await sit()
    await viewer.page.route(ENGLISH, lose)
    await viewer.go("/app")
    await expect(viewer.page.locator("html")).to_have_attribute("lang", "de")
    await expect(viewer.page.get_by_role("main")).to_be_visible()
