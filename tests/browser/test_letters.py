"""Letters with news, on the screen: chosen in the settings, ended by a button, and what of them came back."""

import re

from playwright.async_api import expect

from auth.rig import new_email
from browser.conftest import Sit
from clubroom.app.settings import Settings
from clubroom.auth.account.wishes import unsubscribing
from clubroom.auth.keys import Keys
from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.server import House

GIVEN_UP = """
select close_outbox(_send_mail($1, 'reset', 'en', '{}', null, 'infinity'), 'unreachable', now())
"""


async def test_one_chooses_which_letters_come_ends_them_by_a_button_and_a_host_sees_what_came_back(
    sit: Sit, hall: House, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    ann = await hall.person("Ann", with_email=True)
    await ann.create_club("Rowers")
    await place.add_host(postgres.owner_dsn, ann.user)
    async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as writer:
        key = await writer.fetchval("select id from users where sub = $1", ann.user)
        await writer.execute("update credentials set verified_at = now() where user_id = $1", key)
        for _ in range(2):
            await writer.execute(GIVEN_UP, new_email())
    viewer, phone = await sit(), await sit()
    await viewer.enter(ann)
    await viewer.go("/settings/notifications")
    await viewer.link(re.compile("^Letters")).click()
    await expect(viewer.page.get_by_text(f"They go to {(await ann.me())['email']}.")).to_be_visible()
    await viewer.page.get_by_role("checkbox", name="What I missed").uncheck()
    await expect(viewer.page.get_by_text("Saved.")).to_be_visible()
    assert (await ann.me())["letters"]["missed"] == "never"

    await phone.go(f"/mail#{unsubscribing(key, 'announcement', Keys(settings.secret))}")  # signed in nowhere
    await expect(phone.button("No more of them")).to_be_visible()
    assert phone.page.url.endswith("/mail")  # what stood behind the # is gone from the address
    await phone.button("No more of them").click()
    await expect(phone.page.get_by_text("Good. No more of these letters come.")).to_be_visible()
    await expect(viewer.page.get_by_role("checkbox", name="Announcements")).not_to_be_checked()

    await viewer.go("/host")
    came_back = viewer.page.get_by_role("list", name="What could not be delivered")
    row = came_back.get_by_role("listitem").filter(has_text="A new password")
    await expect(row).to_contain_text("2 times, first: Today; the other side was not reached")
