"""Events: a card in the stream, a page, a list at the side; each changes before the eyes of whoever looks."""

import asyncio
import re
from typing import Any

from playwright.async_api import Locator, Route, expect

from browser.conftest import SIZES, Sit
from browser.viewer import DESKTOP, PHONE, Viewer
from house.events import made, says
from house.person import Person
from house.server import House
from house.uuid7 import uuid7


async def enter_all(sit: Sit, size: dict[str, int], *people: Person, path: str = "") -> list[Viewer]:
    """Each before a screen of their own."""
    viewers = [await sit(size) for _ in people]
    await asyncio.gather(*(v.enter(person, path) for v, person in zip(viewers, people, strict=True)))
    return viewers


async def labelled(owner: Person, club: int, **carriers: list[Person]) -> dict[str, str]:
    """Labels of the club by name, each with who carries it; gives their ids."""
    ids = {}
    for name, people in carriers.items():
        ids[name] = str(uuid7())
        await owner.ok("PUT", f"/api/groups/{club}/labels/{ids[name]}", {"name": name})
        users = {"add": [person.user for person in people]}
        await owner.ok("POST", f"/api/groups/{club}/labels/{ids[name]}/members", users)
    return ids


def card(viewer: Viewer, name: str = "Autumn concert") -> Locator:
    return viewer.log.get_by_role("region", name=name, exact=True)


def said(where: Locator, answer: str) -> Locator:
    """The button of an answer, with its count where there is one."""
    return where.get_by_role("button", name=re.compile(f"^{answer}(,|$)"))


async def shows(where: Locator, *, going: int, maybe: int = 0, no: int = 0) -> None:
    """What the buttons count."""
    for answer, count in (("Going", going), ("Maybe", maybe), ("Can’t", no)):
        await expect(said(where, answer)).to_have_accessible_name(f"{answer}, {count}")


async def chosen(where: Locator, answer: str) -> None:
    await expect(said(where, answer)).to_have_attribute("aria-pressed", "true")


@SIZES
async def test_a_card_changes_before_the_eyes_of_others_and_is_the_same_after_a_reload(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, people = await hall.club("Ann", "Ben", "Cleo")
    ann, ben, cleo = await enter_all(sit, size, *people)
    event, _ = await made(people[0], club, places=1)
    for viewer in (ann, ben, cleo):
        await expect(card(viewer)).to_contain_text("0 of 1 place")
        await expect(card(viewer)).to_contain_text("Friday, 28 November 2036")
        await expect(card(viewer)).to_contain_text("18:30 to 21:00, Lindenhof chapel")
        await expect(card(viewer)).to_contain_text("Are you coming?")
    await said(card(ben), "Going").click()
    await chosen(card(ben), "Going")
    await expect(card(ann)).to_contain_text("1 of 1 place, all places taken")
    await shows(card(ann), going=1)
    await expect(card(cleo)).to_contain_text("Going puts you on the waiting list.")
    await said(card(cleo), "Going").click()
    await expect(card(cleo)).to_contain_text("You are next on the waiting list.")
    await said(card(ann), "Going").click()
    await expect(card(ann)).to_contain_text("You are on the waiting list, 1 person before you.")
    await said(card(ann), "Can’t").click()  # also where it is full
    await expect(card(ann)).to_contain_text("You are not coming.")
    await said(card(ann), "Going").click()
    await expect(card(ann)).to_contain_text("1 person before you")
    for viewer in (ann, ben, cleo):
        await shows(card(viewer), going=1)
        await expect(card(viewer)).to_contain_text("all places taken, 2 waiting")
    before = [await card(viewer).text_content() or "" for viewer in (ann, ben, cleo)]
    await asyncio.gather(*(viewer.page.reload() for viewer in (ann, ben, cleo)))
    for viewer, text in zip((ann, ben, cleo), before, strict=True):
        await expect(card(viewer)).to_have_text(text)
    assert await says(people[1], event, "no") == "out"
    await expect(card(cleo)).to_contain_text("A place is free for you until")
    await expect(card(ann)).to_contain_text("1 person before you")
    await said(card(cleo), "Going").click()
    await chosen(card(cleo), "Going")
    await expect(card(cleo)).to_contain_text("You are going.")
    await expect(card(ann)).to_contain_text("You are next on the waiting list.")
    for viewer in (ann, ben, cleo):
        await shows(card(viewer), going=1, no=1)


@SIZES
async def test_a_card_shows_the_faces_of_the_first_who_come_and_nothing_moves(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, people = await hall.club("Ann Gruber", "Ben Kurz", "Cleo", "Dora", "Emil", "Fay", "Gil Sommer")
    event, _ = await made(people[0], club)
    secret, _ = await made(people[0], club, name="Surprise", list_shown="admins")
    [ann] = await enter_all(sit, size, people[0])
    await expect(card(ann)).to_contain_text("Nobody has said yes.")
    tall = await card(ann).evaluate("(card) => card.offsetHeight")
    for person in people[1:3]:
        await says(person, event, "going")
        await says(person, secret, "going")
    await expect(card(ann)).to_contain_text("Going: Ben Kurz and Cleo")
    await expect(card(ann).locator(".face")).to_have_text(["BK", "C"])
    for person in people[3:]:
        await says(person, event, "going")
    await expect(card(ann)).to_contain_text("Going: Ben Kurz, Cleo, Dora, Emil, Fay, and 1 more")
    await expect(card(ann).get_by_text("+1", exact=True)).to_be_visible()
    await says(people[1], event, "no")
    await expect(card(ann)).to_contain_text("Going: Cleo, Dora, Emil, Fay, and Gil Sommer")
    assert await card(ann).evaluate("(card) => card.offsetHeight") == tall
    await shows(card(ann, "Surprise"), going=2)
    await expect(card(ann, "Surprise").locator(".face")).to_have_count(0)


@SIZES
async def test_the_page_of_an_event_shows_who_comes_by_label_and_who_runs_it_answers_for_others(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, people = await hall.club("Ann Gruber", "Ben Kurz", "Cleo Sommer")
    ids = await labelled(people[0], club, Soprano=[people[0], people[2]], Tenor=[people[1]])
    places = [{"label": ids["Soprano"], "places": 3}, {"label": ids["Tenor"], "places": 1}]
    _, group = await made(people[0], club, label_places=places, guests=1, text="Black folders, please.")
    ann, ben = await enter_all(sit, size, *people[:2], path=f"/c/{group}")
    who = ann.page.get_by_role("region", name="Who is coming")
    for viewer in (ann, ben):
        await expect(viewer.page.get_by_role("heading", name="Autumn concert")).to_be_visible()
        await expect(viewer.page.get_by_text("Black folders, please.")).to_be_visible()
    silent = ann.page.get_by_role("region", name="Not answered")
    await expect(silent.get_by_role("listitem")).to_have_count(3)
    await expect(ben.page.get_by_role("region", name="Not answered")).to_have_count(0)
    mine = ben.page.get_by_role("region", name="Are you coming?")
    await mine.get_by_role("button", name="Note or guests").click()
    sheet = ben.page.get_by_role("dialog")
    await said(sheet, "Maybe").click()
    await sheet.get_by_role("textbox", name="Note").fill("if the train comes")
    await sheet.get_by_role("button", name="Save").click()
    await expect(mine).to_contain_text("You may come.")
    await expect(who).to_contain_text("1 maybe")
    await said(mine, "Going").click()
    await expect(mine).to_contain_text("You are going.")
    await expect(who.get_by_text("Ben Kurz is going")).to_have_count(1)
    await expect(who.get_by_text("1 of 1 place")).to_have_count(1)
    await silent.get_by_role("button", name="Remind 1 person").click()  # Cleo: nobody reminds herself
    await expect(silent.get_by_role("status")).to_have_text("1 person is reminded.")
    await silent.get_by_role("button", name="Answer for Cleo Sommer").click()
    sheet = ann.page.get_by_role("dialog")
    await said(sheet, "Going").click()
    await sheet.get_by_role("combobox", name="How many others").select_option("+1")
    await sheet.get_by_role("button", name="Save").click()
    await expect(sheet).to_have_count(0)
    for viewer in (ann, ben):
        seen = viewer.page.get_by_role("region", name="Who is coming")
        await expect(seen).to_contain_text("2 of 3 places")
        await seen.get_by_text("All answers").click()
        await expect(seen).to_contain_text("if the train comes")
        await expect(seen).to_contain_text("Going, +1, answered by Ann Gruber")
        await expect(seen).to_contain_text("Altogether 2 going")
    await viewer_chat(ann, ben)


async def viewer_chat(ann: Viewer, ben: Viewer) -> None:
    """The chat of the event is a room as every other."""
    await ann.link(re.compile("^Open the chat")).click()
    await expect(ann.page.get_by_text("Here one talks about Autumn concert.").first).to_be_visible()
    await ann.write("I bring six spare ones")
    await expect(ben.page.get_by_text("I bring six spare ones")).to_be_visible()
    await ben.link(re.compile("^Open the chat: .* 1 new")).click()
    await ben.sees("I bring six spare ones")
    await ben.button("To the event").click()
    await expect(ben.link(re.compile("^Open the chat: (?!.* new)"))).to_be_visible()
    await ann.button("To the event").click()
    await expect(ann.page.get_by_role("heading", name="Who is coming")).to_be_visible()


@SIZES
async def test_what_comes_up_stands_at_the_side_by_its_next_date_and_leads_to_its_page(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, people = await hall.club("Ann", "Ben")
    await made(people[0], club, name="Some day", start=None, end=None)
    _, later = await made(people[0], club)
    await made(people[0], club, name="Long ago", start="2020-01-10T18:00", end="2020-01-10T19:00")
    [ben] = await enter_all(sit, size, people[1], path="/clubs" if size is PHONE else "")
    side = ben.page.get_by_role("navigation", name="Rooms and clubs")
    coming = side.get_by_role("link").filter(
        has_text=re.compile("Autumn concert|Some day|Rehearsal|Long ago")
    )
    await expect(coming).to_have_text([re.compile("Autumn concert"), re.compile("Some day.*No date yet")])
    weekly: dict[str, Any] = {
        "rule": "FREQ=WEEKLY;COUNT=3",
        "start": "2036-01-08T19:00",
        "end": "2036-01-08T21:00",
    }
    await made(people[0], club, name="Rehearsal", **weekly)
    await expect(coming).to_have_text(
        [re.compile(name) for name in ("Rehearsal", "Autumn concert", "Some day")]
    )
    await coming.filter(has_text="Rehearsal").click()
    page = ben.page.get_by_role("main")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Rehearsal")
    await page.get_by_role("combobox", name="When").select_option(index=1)
    mine = page.get_by_role("region", name="Are you coming?")
    await said(mine, "Can’t").click()
    await expect(mine).to_contain_text("You are not coming.")
    await page.get_by_role("combobox", name="When").select_option(index=0)
    await expect(mine).to_contain_text("Are you coming?")
    await said(mine, "Going").click()
    await expect(mine).to_contain_text("You are going.")
    await ben.go("/clubs")
    await expect(coming.first).to_contain_text("You are going")
    await people[0].post(later, "doors at six")
    await says(people[1], (await people[1].entry(later))["event"]["event"], "maybe")
    await expect(coming.filter(has_text="Autumn concert")).to_contain_text("unread")


async def test_an_answer_that_does_not_arrive_is_said_and_goes_out_again(sit: Sit, hall: House) -> None:
    club, people = await hall.club("Ann", "Ben")
    await made(people[0], club)
    ann, ben = await enter_all(sit, DESKTOP, *people)
    await expect(card(ben)).to_be_visible()
    await ben.lose_the_line()
    await said(card(ben), "Going").click()
    await expect(card(ben).get_by_role("alert")).to_contain_text("Your answer did not arrive.")
    await ben.find_the_line()
    await card(ben).get_by_role("button", name="Try again").click()
    await chosen(card(ben), "Going")
    await expect(card(ben).get_by_role("alert")).to_have_count(0)
    await shows(card(ann), going=1)


async def test_after_the_deadline_and_after_a_cancel_nobody_answers_any_more(sit: Sit, hall: House) -> None:
    club, people = await hall.club("Ann", "Ben")
    event, _ = await made(people[0], club, closes_min=60)
    await made(people[0], club, name="Long ago", start="2020-01-10T18:00", end="2020-01-10T19:00")
    [ben] = await enter_all(sit, DESKTOP, people[1])
    await expect(card(ben)).to_contain_text("Answer until Fri, 28 Nov 2036, 17:30.")
    await said(card(ben), "Going").click()
    await expect(card(ben)).to_contain_text("You are going. Change it until Fri, 28 Nov 2036, 17:30.")
    await expect(card(ben, "Long ago")).to_contain_text("This is over.")
    await expect(said(card(ben, "Long ago"), "Going")).to_be_disabled()
    await people[0].ok("DELETE", f"/api/events/{event}")
    await expect(card(ben)).to_contain_text("Cancelled")
    await card(ben, "Long ago").get_by_role("link", name="Long ago").click()
    await expect(ben.page.get_by_role("heading", name="Who is coming")).to_be_visible()
    await ben.page.reload()
    await expect(ben.page.get_by_role("heading", name="Who is coming")).to_be_visible()
    await ben.in_side("Everyone").click()
    await expect(said(card(ben), "Can’t")).to_be_disabled()


async def test_times_are_those_of_the_viewer_with_the_zone_named_where_it_differs(
    sit: Sit, hall: House
) -> None:
    club, people = await hall.club("Ann", "Ben")
    await made(people[0], club)
    ben = await sit(DESKTOP, timezone_id="America/New_York")
    await ben.enter(people[1])
    await expect(card(ben)).to_contain_text(
        "12:30 to 15:00 New York time (18:30 in Berlin), Lindenhof chapel"
    )


async def test_a_list_of_who_comes_that_is_not_to_be_had_says_so_and_is_asked_for_again(
    sit: Sit, hall: House
) -> None:
    club, people = await hall.club("Ann Gruber", "Ben Kurz")
    event, group = await made(people[0], club)
    await says(people[1], event, "going")
    [ann] = await enter_all(sit, PHONE, people[0])
    broken = asyncio.Event()

    async def refuse(route: Route) -> None:
        broken.set()
        await route.fulfill(status=503, json={"error": {"code": "unavailable", "message": "not now"}})

    await ann.context.route("**/api/events/*/answers**", refuse)
    await ann.go(f"/c/{group}")
    who = ann.page.get_by_role("region", name="Who is coming")
    await expect(who.get_by_role("alert")).to_be_visible()
    assert broken.is_set()
    await ann.context.unroute("**/api/events/*/answers**")
    # at once: with a new line the list asks by itself, and the button is gone
    await who.get_by_role("button", name="Try again").evaluate_all(
        "(all) => all.forEach((one) => one.click())"
    )
    await expect(who.get_by_text("Ben Kurz is going")).to_have_count(1)
    await expect(who.get_by_role("alert")).to_have_count(0)


async def test_where_only_admins_see_who_comes_others_see_how_many_and_themselves(
    sit: Sit, hall: House
) -> None:
    club, people = await hall.club("Ann Gruber", "Ben Kurz", "Cleo Sommer")
    event, group = await made(people[0], club, list_shown="admins", places=2)
    ann, ben = await enter_all(sit, DESKTOP, *people[:2], path=f"/c/{group}")
    mine = ben.page.get_by_role("region", name="Are you coming?")
    await says(people[2], event, "going")
    who = ben.page.get_by_role("region", name="Who is coming")
    await expect(who).to_contain_text("Only whoever runs the club sees who comes.")
    await expect(who).to_contain_text("Altogether 1 going.")
    await said(mine, "Going").click()
    await expect(mine).to_contain_text("You are going.")
    await expect(who).to_contain_text("Altogether 2 going.")
    await expect(ben.page.get_by_text("Cleo Sommer")).to_have_count(0)
    for name in ("Ben Kurz", "Cleo Sommer"):
        await expect(ann.page.get_by_text(f"{name} is going")).to_have_count(1)
    await ben.page.reload()
    await expect(mine).to_contain_text("You are going.")
    await expect(who).to_contain_text("Altogether 2 going.")
