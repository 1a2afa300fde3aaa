"""The people of a club: found, labelled many at once, called by a label; roles given, a club handed over."""

import asyncpg
from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.test_mentions import names, offered
from browser.test_rooms import enter_all, sheet
from browser.viewer import PHONE, Viewer
from clubroom.dba.embedded import EmbeddedPostgres
from house.server import PASSWORD, House


def row(viewer: Viewer, name: str) -> Locator:
    """Of somebody in the list of members."""
    return sheet(viewer, "Members").get_by_role("listitem").filter(has=viewer.page.get_by_title(name))


async def test_a_label_is_made_given_to_two_at_once_found_by_and_called(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", "Ben", "Bea", "Cleo")
    ann, ben, cleo = await enter_all(sit, people[0], people[1], people[3])
    await ann.link("Members").first.click()
    await sheet(ann, "Members").get_by_role("link", name="Labels").click()
    labels = sheet(ann, "Labels")
    await expect(labels).to_contain_text("There are no labels yet.")
    await ann.field("Name of the label").fill("Tenors")
    await ann.button("Make the label").click()
    await expect(labels.get_by_role("listitem")).to_contain_text("nobody yet")
    await ann.button("Rename Tenors").click()
    await labels.get_by_role("textbox", name="Rename Tenors").fill("Tenor")
    await ann.button("Save").click()
    await expect(labels.get_by_role("listitem")).to_contain_text("Tenor")
    await ann.field("Name of the label").fill("TENOR")
    await ann.button("Make the label").click()
    await expect(labels.get_by_role("alert")).to_have_text("There is one of that name already.")
    await labels.get_by_role("button", name="Close").click()

    await ben.go(f"/c/{group}/members")
    await expect(row(ben, "Bea").get_by_text("Tenor", exact=True)).to_have_count(0)
    await ann.button("Choose several").click()
    for name in ("Ben", "Bea"):
        await sheet(ann, "Members").get_by_role("checkbox", name=name).check()
    await expect(ann.page.get_by_text("2 chosen").first).to_be_visible()
    await ann.button("Labels").click()
    several = sheet(ann, "Labels of those chosen")
    await expect(several).to_contain_text("0 of 2 carry it")
    await several.get_by_role("button", name="Give Tenor").click()
    await expect(several).to_contain_text("2 of 2 carry it")
    await several.get_by_role("button", name="Close").click()
    for name in ("Ben", "Bea"):  # Ben has been looking
        await expect(row(ben, name).get_by_text("Tenor", exact=True)).to_be_visible()
    await ben.page.get_by_role("combobox", name="Labels").select_option("Tenor")
    await expect(sheet(ben, "Members").get_by_role("listitem")).to_have_count(2)

    await ann.go(f"/c/{group}")
    for viewer in (ben, cleo):
        await viewer.go(f"/c/{group}")
        await viewer.in_side("Notes to myself").click()
    await ann.composer.press_sequentially("an hour earlier, @ten")
    await expect(names(offered(ann, "People"))).to_have_text(["Tenor"])
    await ann.composer.press("Enter")
    await ann.composer.press("Enter")
    await expect(ann.log.locator(".mention")).to_have_text("@Tenor")
    await ben.side_shows("Everyone", 1)
    await cleo.side_shows("Everyone")
    await ben.in_side("Everyone").click()
    await expect(ben.log.locator(".mention.lit")).to_have_text("@Tenor")
    await cleo.composer.press_sequentially("@ten")
    await expect(offered(cleo, "People")).to_have_count(0)  # not hers to call


async def test_somebody_helps_to_run_a_club_and_is_handed_it(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", "Ben")
    ann, ben = await sit(), await sit(PHONE)
    await ann.enter(people[0])
    await ben.enter(people[1])
    for viewer in (ann, ben):
        await viewer.go(f"/c/{group}/members")
    await row(ann, "Ben").get_by_role("link").click()
    his = sheet(ann, "Ben")
    await his.get_by_role("button", name="Make an admin").click()
    asked = sheet(ann, "Make an admin?")
    await asked.get_by_role("button", name="Make an admin").click()
    await expect(asked.get_by_role("alert")).to_contain_text("Ben needs an e-mail address and a password")
    await people[1].ok(
        "PUT", "/api/me/sign-in", {"email": f"{people[1].user}@b.example", "password": PASSWORD}
    )
    await expect(ben.link("Invite people")).to_have_count(0)
    await asked.get_by_role("button", name="Make an admin").click()
    await expect(asked).to_have_count(0)
    await expect(his).to_contain_text("admin")
    await expect(ben.link("Invite people").first).to_be_visible()

    await ann.button("Hand the club over to Ben").click()
    question = sheet(ann, "Hand the club over to Ben?")
    await expect(question).to_contain_text("Ben becomes the owner and you an admin")
    await question.get_by_role("button", name="Hand it over").click()
    await expect(his).to_contain_text("owner")
    await expect(his.get_by_role("button", name="Remove Ben")).to_have_count(0)
    await his.get_by_role("button", name="Close").click()
    await row(ann, "Ann").get_by_role("link").click()
    await ann.button("Step down").click()
    await sheet(ann, "Step down?").get_by_role("button", name="Step down").click()
    await expect(sheet(ann, "Ann").get_by_role("button", name="Step down")).to_have_count(0)
    await ben.go(f"/c/{group}/members")
    await expect(row(ben, "Ben")).to_contain_text("owner")
    await expect(row(ben, "Ann")).not_to_contain_text("admin")


async def test_all_who_carry_a_label_are_added_to_a_room_at_once(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", *(f"Singer {n}" for n in range(3)))
    label = "01900000-0000-7000-8000-0000000000ff"
    await people[0].ok("PUT", f"/api/groups/{group}/labels/{label}", {"name": "Alto"})
    singers = [person.user for person in people[1:3]]
    await people[0].ok("POST", f"/api/groups/{group}/labels/{label}/members", {"add": singers})
    room = await people[0].channel(group, "Altos", private=True)
    ann = await sit()
    await ann.enter(people[0], f"/c/{room}/add")
    await ann.page.get_by_role("combobox", name="Everybody with the label").select_option("Alto, 2 people")
    await ann.button("Add 2 people").click()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    found = (await people[0].snapshot(room))["members"]
    assert sorted(member["user"] for member in found) == sorted([people[0].user, *singers])


async def test_in_a_club_of_thousands_somebody_is_found_and_only_what_one_sees_is_drawn(
    sit: Sit, hall: House, postgres: EmbeddedPostgres
) -> None:
    group, [owner] = await hall.club("Ann")
    await fill(postgres, group, 3_000)
    ann = await sit()
    await ann.enter(owner, f"/c/{group}/members")
    members = sheet(ann, "Members")
    await expect(members).to_contain_text("3,001 people")
    rows = members.get_by_role("listitem")
    for _ in range(5):
        assert await rows.count() < 600
        await rows.last.scroll_into_view_if_needed()
    await ann.field("Find somebody").fill("person 2999")
    await expect(rows).to_have_count(1)
    await expect(members).to_contain_text("1 of 3,001 people")


async def fill(postgres: EmbeddedPostgres, club: int, count: int) -> None:
    """A club as if so many had joined it."""
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    writer = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    try:
        await writer.execute(
            "with people as (insert into users(sub, name)"
            " select 'u_of_' || $1::bigint || '_' || n, 'Person ' || n from generate_series(1, $2::int) n"
            " returning id)"
            " insert into memberships(group_id, user_id, role, since_seq)"
            " select $1, id, 'member', 1 from people",
            club,
            count,
        )
    finally:
        await writer.close()
