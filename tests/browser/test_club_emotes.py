"""UX 22: a club's own emotes are made, found, written, reacted with, and become words when they are gone."""

from playwright.async_api import FilePayload, Locator, expect

from browser.conftest import Sit
from browser.test_message_acts import chips, two
from browser.test_rooms import sheet
from browser.viewer import PHONE, Viewer
from house.pictures import image, moving
from house.server import House

PARTY: FilePayload = {
    "name": "Party Parrot.gif",
    "mimeType": "image/gif",
    "buffer": moving("GIF", 6, (128, 128), lasts=120),
}
CHEERS: FilePayload = {"name": "cheers.png", "mimeType": "image/png", "buffer": image("PNG", (200, 120))}
PHOTO: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": image()}
LARGE: FilePayload = {"name": "large.gif", "mimeType": "image/gif", "buffer": b"GIF89a" + b"x" * 300_000}
BOMB: FilePayload = {"name": "bomb.gif", "mimeType": "image/gif", "buffer": moving("GIF", 130, (8, 8))}


async def open_emotes(viewer: Viewer, club: int) -> Locator:
    await viewer.page.goto(f"{viewer.url}/c/{club}/emotes")
    await expect(sheet(viewer, "Emotes")).to_be_visible()
    return sheet(viewer, "Emotes")


async def add(emotes: Locator, file: FilePayload, name: str | None = None) -> None:
    await emotes.locator("input[type=file]").set_input_files([file])
    if name is not None:
        await emotes.get_by_label("Name", exact=True).fill(name)
    await emotes.get_by_role("button", name="Add", exact=True).click()


def named(emotes: Locator, words: str) -> Locator:
    """One in the list."""
    return emotes.locator("strong", has_text=words)


def drawn(within: Locator, name: str) -> Locator:
    """Its picture."""
    return within.locator(f"img[alt=':{name}:']")


def said(viewer: Viewer, words: str) -> Locator:
    """The message that has them among others."""
    return viewer.messages.filter(has_text=words)


async def shown(picture: Locator) -> None:
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("one => one.naturalWidth") > 0


async def test_an_emote_of_the_club_is_made_used_by_another_and_becomes_a_word_when_it_is_gone(
    sit: Sit, hall: House
) -> None:
    club, _, ann, ben = await two(sit, hall, "we have won")
    emotes = await open_emotes(ann, club)
    await expect(emotes.get_by_text("The club has no emotes of its own yet.")).to_be_visible()
    await add(emotes, PARTY)
    await expect(named(emotes, ":party_parrot:")).to_be_visible()
    await shown(drawn(emotes.get_by_role("list"), "party_parrot"))
    await add(emotes, CHEERS)
    await expect(named(emotes, ":cheers:")).to_be_visible()

    await ben.message("we have won").hover()
    await ben.tools("we have won").get_by_role("button", name="React", exact=True).click()
    picker = sheet(ben, "Choose an emoji")
    await picker.get_by_role("menuitem", name="party_parrot").wait_for()
    await picker.get_by_role("combobox").fill("parrot")
    await picker.get_by_role("option", name="party_parrot").click()
    await expect(chips(ben, "we have won")).to_have_attribute("title", ":party_parrot: you")
    await ann.page.keyboard.press("Escape")
    await expect(chips(ann, "we have won")).to_have_attribute("title", ":party_parrot: Ben")
    await shown(drawn(chips(ann, "we have won"), "party_parrot"))

    await ben.composer.press_sequentially("hip hip :par")
    await expect(ben.page.get_by_role("listbox", name="Emoji").get_by_role("option").first).to_have_text(
        "party_parrot"
    )
    await ben.composer.press("Enter")
    await expect(ben.composer).to_have_value("hip hip :party_parrot: ")
    await ben.composer.press("Enter")
    for viewer in (ann, ben):
        await shown(drawn(said(viewer, "hip hip"), "party_parrot"))
    await ben.write(":party_parrot: :cheers:")
    large = ann.messages.filter(has=ann.page.locator("img[alt=':cheers:']"))
    await expect(large.locator(".text.large")).to_have_count(1)
    await shown(drawn(large, "cheers"))

    emotes = await open_emotes(ann, club)
    await emotes.get_by_role("button", name="Remove :party_parrot:").click()
    question = sheet(ann, "Remove :party_parrot:?")
    await question.get_by_role("button", name="Remove", exact=True).click()
    await expect(named(emotes, ":party_parrot:")).to_have_count(0)
    await expect(said(ben, "hip hip").locator(".text")).to_have_text("hip hip :party_parrot:")
    await expect(drawn(ben.page.locator("body"), "party_parrot")).to_have_count(0)
    gone = chips(ann, "we have won")
    await expect(gone).to_have_text(":party_parrot: 1")
    await expect(gone).to_have_attribute("aria-disabled", "true")
    await chips(ben, "we have won").click()
    await expect(chips(ben, "we have won")).to_have_count(0)


async def test_what_cannot_be_an_emote_is_refused_with_words(sit: Sit, hall: House) -> None:
    club, _, ann, ben = await two(sit, hall, "we have won")
    emotes = await open_emotes(ann, club)
    await add(emotes, PARTY, "party")
    await expect(named(emotes, ":party:")).to_be_visible()
    await expect(emotes.get_by_role("button", name="Choose a picture")).to_be_visible()
    picker = emotes.locator("input[type=file]")
    for file, words in ((PHOTO, "An emote is a PNG, a GIF or a WebP."), (LARGE, "Too large.")):
        await picker.set_input_files([file])
        await expect(emotes.get_by_role("alert")).to_contain_text(words)
    await add(emotes, BOMB, "bomb")
    await expect(emotes.get_by_role("alert")).to_contain_text("This picture moves for too long")
    await add(emotes, CHEERS, "party")
    await expect(emotes.get_by_text("There is an emote of that name already.")).to_be_visible()
    await emotes.get_by_label("Name", exact=True).fill("Party time")
    await emotes.get_by_role("button", name="Add", exact=True).click()
    await expect(emotes.get_by_text("2 to 32 small letters, digits or _.")).to_be_visible()
    await emotes.get_by_label("Name", exact=True).fill("cheers")
    await emotes.get_by_role("button", name="Add", exact=True).click()
    await expect(named(emotes, ":cheers:")).to_be_visible()
    await emotes.get_by_role("button", name="Rename :party:").click()
    await emotes.get_by_label("Rename :party:").fill("feast")
    await emotes.get_by_role("button", name="Save").click()
    await expect(named(emotes, ":feast:")).to_be_visible()

    looked_at = await open_emotes(ben, club)
    await shown(drawn(looked_at, "feast"))
    await expect(named(looked_at, ":cheers:")).to_be_visible()
    for name in ("Add", "Remove :feast:", "Rename :feast:"):
        await expect(looked_at.get_by_role("button", name=name)).to_have_count(0)


async def test_on_a_phone_emotes_are_looked_at_and_what_moves_stands_still_for_who_wants_it_so(
    sit: Sit, hall: House
) -> None:
    club, people = await hall.club("Ann", "Ben")
    ann = await sit(PHONE, reduced_motion="reduce")
    await ann.enter(people[0])
    emotes = await open_emotes(ann, club)
    await add(emotes, PARTY, "party")
    await shown(drawn(emotes.get_by_role("list"), "party"))
    still = await drawn(emotes.get_by_role("list"), "party").get_attribute("src")
    assert still is not None
    assert "/thumb" in still
    width = await ann.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= PHONE["width"]
    await ann.page.keyboard.press("Escape")
    await ann.write("so :party: it is")
    await ann.write(":party:")
    await shown(drawn(said(ann, "so "), "party"))
    await ann.composer.press_sequentially(":pa")
    await ann.page.get_by_role("option", name="party").first.wait_for()
