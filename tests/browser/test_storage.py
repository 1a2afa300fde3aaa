"""What files take of a club's room, of one's own, and what is too much; and what lies with a report."""

import re

import asyncpg
from playwright.async_api import FilePayload, expect

from browser.conftest import Sit
from browser.test_rooms import sheet
from browser.test_sending import two
from browser.viewer import PHONE
from clubroom.dba.embedded import EmbeddedPostgres
from house.files import brought_over_http
from house.person import Json, Person
from house.pictures import image
from house.server import House
from house.uuid7 import uuid7

PDF = "application/pdf"
PARTS: FilePayload = {"name": "All parts.pdf", "mimeType": PDF, "buffer": b"%PDF-1.7\n" + b"%" * 2_000_000}
A_DAY_ALMOST_FULL = """
insert into files(id, owner, group_id, club, purpose, kind, type, name, length, state, asked_at, due_at)
select gen_random_uuid(), u.id, $2, $2, 'message', 'document', 'application/pdf', '', 499000000, 'gone',
  now(), now() + interval '1 day' from users u where u.sub = $1
"""


async def said(person: Person, group: int, text: str, file: Json, alt: str = "") -> str:
    name = str(uuid7())
    body = {"group": group, "text": text, "images": [{"id": file["id"], "alt": alt}]}
    await person.ok("PUT", f"/api/messages/{name}", body)
    return name


async def test_who_runs_the_club_sees_what_takes_its_room_and_deletes_it_before_the_eyes_of_others(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    score = await brought_over_http(ben, club, bytes(PARTS["buffer"]), PDF, name="All parts.pdf")
    photo = await brought_over_http(ben, club, image(size=(900, 600)))
    await said(ben, club, "for everybody", score)
    await said(ben, club, "from Sunday", photo, "Our boat at the quay")
    runs, other = await sit(PHONE), await sit()
    await runs.enter(ann, f"/c/{club}/about")
    await other.enter(ben, f"/c/{club}")
    await other.sees("for everybody")
    await runs.link(re.compile("^Storage")).click()
    storage = sheet(runs, "Storage")
    await expect(storage).to_contain_text("2 MB of 20 GB are used.")
    await expect(storage).to_contain_text(
        re.compile(r"1 picture, \d+ kB · 1 document, 2 MB · 20 GB are free")
    )
    rows = storage.get_by_role("list", name="The largest").get_by_role("listitem")
    await expect(rows).to_have_text(
        [re.compile("All parts.*2 MB.*Ben"), re.compile("Our boat at the quay.*Ben")]
    )
    small = rows.nth(1).get_by_role("img", name="Our boat at the quay").locator("img:not(.under)")
    await expect(small).to_have_js_property("naturalWidth", 480)
    assert await storage.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    await storage.get_by_role("button", name="Delete the message with All parts.pdf by Ben").click()
    await runs.page.get_by_role("dialog", name="Delete").get_by_role("button", name="Delete").click()
    await expect(other.message("for everybody")).to_have_count(0)
    await expect(rows).to_have_count(1)
    await expect(storage).to_contain_text("0 documents")
    await rows.get_by_role("link", name=re.compile("^Show the message with Our boat")).click()
    await expect(runs.message("from Sunday")).to_be_in_viewport()


async def test_a_member_has_no_way_to_the_storage_of_the_club_but_sees_what_is_their_own(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    await brought_over_http(ben, await ben.dm(ann), bytes(PARTS["buffer"]), PDF, name="All parts.pdf")
    viewer = await sit(PHONE)
    await viewer.enter(ben, f"/c/{club}/about")
    await expect(viewer.link(re.compile("^Leave the club"))).to_be_visible()
    await expect(viewer.link(re.compile("^Storage"))).to_have_count(0)
    await viewer.go("/settings/data")
    own = sheet(viewer, "Your data")
    await expect(own).to_contain_text(re.compile("In the last 24 hours +2 MB of 500 MB are used"))
    await expect(own).to_contain_text(re.compile("In conversations, and of yourself +2 MB of 1 GB are used"))


async def test_more_than_there_is_room_for_is_said_when_it_is_chosen_and_the_rest_goes(
    sit: Sit, hall: House, postgres: EmbeddedPostgres
) -> None:
    club, ann, ben, person, _ = await two(sit, hall)
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    sql = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    await sql.execute(A_DAY_ALMOST_FULL, person.user, club)
    await sql.close()
    async with (
        ann.page.expect_response(re.compile("/api/files/room")),
        ann.page.expect_file_chooser() as chooser,
    ):
        await ann.button("Add pictures or files").click()
    small: FilePayload = {"name": "Small.pdf", "mimeType": PDF, "buffer": b"%PDF-1.7\n"}
    await (await chooser.value).set_files([PARTS, small])
    words = "All parts.pdf: That is more than one person may upload in a day. There is room for 1 MB."
    await expect(ann.page.get_by_text(words)).to_be_visible()
    await expect(ann.page.get_by_role("list", name="Goes along").get_by_role("listitem")).to_have_count(1)
    await ann.composer.fill("the small one")
    await ann.composer.press("Enter")
    await ben.sees("the small one")
    await expect(ben.message("the small one")).to_contain_text("Small.pdf")


async def test_a_report_shows_the_picture_to_who_runs_the_club_until_it_is_deleted(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben, cleo) = await hall.club("Ann", "Ben", "Cleo")
    room = await ben.dm(cleo)
    photo = await brought_over_http(ben, room, image(size=(900, 600)))
    rude = await said(ben, room, "look", photo, "Something rude")
    await cleo.ok("POST", f"/api/messages/{rude}/reports", {"reason": "He sends this", "club": club})
    viewer = await sit(PHONE)
    await viewer.enter(ann, f"/c/{club}/reports")
    reports = sheet(viewer, "Reports")
    small = reports.get_by_role("img", name="Something rude").locator("img")
    await expect(small).to_have_js_property("naturalWidth", 480)
    await expect(reports.get_by_role("link", name="Open: Something rude")).to_have_attribute(
        "href", re.compile("/screen")
    )
    await ben.ok("DELETE", f"/api/messages/{rude}")
    await viewer.page.reload()
    await expect(reports).to_contain_text("Something rude")
    await expect(reports).to_contain_text("The message was deleted.")
    await expect(reports.get_by_role("img", name="Something rude")).to_have_count(0)
