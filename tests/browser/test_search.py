"""UX 19: words, parts of them and filters find what was said, in any script; and a day is gone to."""

import re
from datetime import date

import asyncpg
import pytest
from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer
from clubroom.dba.embedded import EmbeddedPostgres
from house.files import brought_over_http
from house.pictures import image
from house.server import House
from house.uuid7 import uuid7

A_YEAR_AGO = """
with told as (
  select m.seq, m.seq / 10 * interval '1 day' + m.seq * interval '1 s' + timestamptz '2025-11-01 09:00Z' as at
  from messages m where m.group_id = $1),
acted as (update actions a set at = t.at from told t where a.group_id = $1 and a.seq = t.seq)
update messages m set sent_at = t.at from told t where m.group_id = $1 and m.seq = t.seq
"""
OF_A_DAY = """
select text from messages where group_id = $1 and sent_at >= $2::date order by seq limit 1
"""
A_DAY = date(2025, 11, 4)


def box(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("combobox", name="Search messages")


def hits(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("dialog", name="Search").locator("li a")


async def finds(viewer: Viewer, typed: str, *texts: str) -> None:
    """What is typed finds these messages, the newest first; they come to be found within two seconds."""
    await box(viewer).fill("")
    await box(viewer).press_sequentially(typed)
    await expect(hits(viewer).locator(".text")).to_have_text(list(texts))


async def test_words_and_filters_find_what_was_said_and_lead_to_it(sit: Sit, hall: House) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    room = await ann.channel(club, "The trip")
    await ann.post(club, "Two openings for Black: https://chess.example/openings")
    await ben.post(room, "明日の会議室は三階です")
    await ben.post(room, "We open the bar at 7")
    for n in range(110):
        await ben.post(club, f"small talk {n}")
    viewer = await sit()
    await viewer.enter(ann, f"/c/{club}")
    await viewer.sees("small talk 109")
    await viewer.page.keyboard.press("Control+Shift+f")
    await expect(box(viewer)).to_be_focused()
    opening = "Two openings for Black: https://chess.example/openings"
    await finds(viewer, "open", "We open the bar at 7", opening)
    await expect(hits(viewer).locator("mark")).to_have_text(["open", "open", "open"])
    await finds(viewer, "会議室", "明日の会議室は三階です")
    await finds(viewer, "has:link", opening)
    await finds(viewer, "after:2020-01-31 before:1.1.2120 from:ann", opening)
    await finds(viewer, "open before:2020-01-31")
    await expect(viewer.page.get_by_text("Nothing was found.")).to_be_visible()
    await box(viewer).fill("")
    await box(viewer).press_sequentially("bar in:tr")
    await expect(viewer.page.get_by_role("option")).to_have_text([re.compile("The trip")])
    await box(viewer).press("Enter")
    await expect(box(viewer)).to_have_value('bar in:"The trip" ')
    await expect(hits(viewer)).to_have_count(1)
    await box(viewer).press_sequentially("from:bob")
    await expect(viewer.page.get_by_role("alert")).to_have_text("Nobody here is called “bob”.")
    await finds(viewer, "openings", opening)
    await box(viewer).press("ArrowDown")
    await expect(hits(viewer).first).to_be_focused()
    await viewer.page.keyboard.press("Enter")
    await expect(viewer.page).to_have_url(re.compile(f"/c/{club}$"))
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.messages.filter(has_text="Two openings").first).to_be_in_viewport()


async def test_pictures_and_documents_are_asked_for_by_a_hint_and_shown_small_in_what_is_found(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    photo = await brought_over_http(ann, club, image(size=(900, 600)))
    score = await brought_over_http(ann, club, b"%PDF-1.7\n", "application/pdf", name="Ave verum.pdf")
    for text, file, alt in (("from Sunday", photo, "Our boat at the quay"), ("", score, "")):
        said = {"group": club, "text": text, "images": [{"id": file["id"], "alt": alt}]}
        await ann.ok("PUT", f"/api/messages/{uuid7()}", said)
    await ben.post(club, "no boat with this one")
    viewer = await sit(PHONE)
    await viewer.enter(ben, f"/c/{club}")
    await viewer.link("Search messages").click()
    await viewer.button("has:image with a picture").click()
    await expect(box(viewer)).to_have_value("has:image ")
    await expect(hits(viewer).locator(".text")).to_have_text(["from Sunday"])
    small = hits(viewer).get_by_role("img", name="Our boat at the quay")
    await expect(small.locator("img:not(.under)")).to_have_js_property("complete", True)
    await expect(small.locator("img:not(.under)")).to_have_js_property("naturalWidth", 480)
    await finds(viewer, "boat", "no boat with this one", "from Sunday")
    await expect(hits(viewer).nth(1).locator("mark")).to_have_text(["boat"])
    await finds(viewer, "has:doc verum")
    await expect(hits(viewer)).to_have_text([re.compile(r"Ave verum\.pdf")])
    await box(viewer).fill("has:video")
    await expect(viewer.page.get_by_role("alert")).to_contain_text("has:image, has:file or has:link")
    await box(viewer).fill("has:image")
    await hits(viewer).first.click()
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.message("from Sunday")).to_be_in_viewport()


async def test_a_day_is_gone_to_from_the_phone_too(sit: Sit, hall: House, postgres: EmbeddedPostgres) -> None:
    club, (ann,) = await hall.club("Ann")
    for n in range(150):
        await ann.post(club, f"message {n}", uuid7())
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    sql = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    await sql.execute(A_YEAR_AGO, club)
    first = await sql.fetchval(OF_A_DAY, club, A_DAY)
    await sql.close()
    viewer = await sit(PHONE)
    await viewer.enter(ann, f"/c/{club}")
    await viewer.link("Search messages").click()
    await viewer.page.get_by_label(re.compile("^Go to a day")).fill(A_DAY.isoformat())
    await viewer.button("Go").click()
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.message(first)).to_be_in_viewport()


@pytest.mark.service_worker  # without a line the sheet comes from the stored shell
async def test_without_a_connection_searching_says_that_it_needs_one(sit: Sit, hall: House) -> None:
    club, (ann,) = await hall.club("Ann")
    viewer = await sit()
    await viewer.enter(ann, f"/c/{club}")
    await expect(viewer.link("Search messages")).to_be_visible()
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.lose_the_line()
    await viewer.link("Search messages").click()
    await expect(viewer.page.get_by_text("Searching needs a connection.")).to_be_visible(timeout=20_000)
    await viewer.find_the_line()
    await expect(viewer.page.get_by_text("Words find messages in all your rooms.")).to_be_visible()
