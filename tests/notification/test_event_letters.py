"""Letters about events, to whoever no device tells; and answers by their links, which only a POST gives."""

import re
from email.message import EmailMessage
from uuid import uuid4

import pytest

from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.mailed.answers import answering
from house.mailbox import Folder, body, until
from house.person import Person
from house.server import PASSWORD
from house.within import within
from notification.post_office import PostOffice
from notification.test_reminders import LOCAL, START, concert, says

LINK = re.compile(r"/answer#([gmn])\.(\S+)")


async def mailbox(office: PostOffice, person: Person) -> str:
    """The person's address, which is confirmed."""
    address = f"{uuid4().hex}@example.org"
    await person.ok("PUT", "/api/me/sign-in", {"email": address, "password": PASSWORD})
    key = office.key(person)
    await office.writer.execute("update credentials set verified_at = now() where user_id = $1", key)
    return address


async def about(settings: Settings, address: str, subject: str) -> EmailMessage:
    """The letter with this subject."""
    folder = Folder(settings.data / "mail")

    def found() -> list[EmailMessage]:
        return [letter for letter in folder.to(address) if subject in str(letter["subject"])]

    async with within(10, f"there was a letter: {subject}"):
        await until(found)
    return found()[0]


def links(letter: EmailMessage) -> dict[str, str]:
    """What stands behind each of its links."""
    return {found[1]: found[2] for found in LINK.finditer(body(letter))}


async def asked(office: PostOffice, settings: Settings) -> tuple[Person, Person, int, str, str]:
    """Ben is asked by a letter whether he comes: Ann, Ben, the club, the event, and the token."""
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    address = await mailbox(office, ben)
    event, _ = await concert(ann, club, guests=3)
    await ann.ok("POST", f"/api/events/{event}/remind", {"key": "once"})
    letter = await about(settings, address, "Are you coming? “Autumn concert”")
    found = links(letter)
    assert found.keys() == {"g", "m", "n"}
    [token] = set(found.values())
    return ann, ben, club, event, token


async def standing(person: Person, event: str) -> dict[str, str]:
    answers = await person.ok("GET", f"/api/events/{event}/answers?key=once")
    return {one["user"]: one["answer"] for one in answers["answers"]}


async def test_a_letter_asks_and_a_get_shows_and_a_post_answers(
    office: PostOffice, settings: Settings
) -> None:
    ann, ben, _, event, token = await asked(office, settings)
    async with office.house.http() as http:
        shown = await http.get(f"/api/mail/answers/{token}")
        assert shown.json()["name"] == "Autumn concert"
        assert (shown.json()["answer"], shown.json()["closed"]) == (None, False)
        page = await http.get("/answer")
        assert page.status_code == 200
        assert await standing(ann, event) == {}
        said = await http.post(f"/api/mail/answers/{token}", json={"answer": "going"})
        assert said.json() == {"standing": "in"}
        assert await standing(ann, event) == {ben.user: "going"}
        assert (await http.get(f"/api/mail/answers/{token}")).json()["answer"] == "going"


async def test_an_answer_by_letter_keeps_guests_and_note(office: PostOffice, settings: Settings) -> None:
    ann, ben, _, event, token = await asked(office, settings)
    said = {"key": "once", "answer": "going", "guests": 2, "note": "by bike"}
    await ben.ok("PUT", f"/api/events/{event}/answer", said)
    async with office.house.http() as http:
        await http.post(f"/api/mail/answers/{token}", json={"answer": "going"})
    [answer] = (await ann.ok("GET", f"/api/events/{event}/answers?key=once"))["answers"]
    assert (answer["guests"], answer["note"]) == (2, "by bike")


async def refused(office: PostOffice, token: str) -> tuple[int, str]:
    async with office.house.http() as http:
        answer = await http.post(f"/api/mail/answers/{token}", json={"answer": "going"})
        return answer.status_code, answer.json()["code"]


async def test_a_forged_link_one_of_a_removed_member_and_one_past_the_deadline_change_nothing(
    office: PostOffice, settings: Settings
) -> None:
    ann, ben, club, event, token = await asked(office, settings)
    who, group, key, proof = token.split(".")
    for forged in (
        f"{office.key(ann)}.{group}.{key}.{proof}",
        f"{who}.{int(group) + 1}.{key}.{proof}",
        f"{who}.{group}.{key}x.{proof}",
        f"{who}.{group}.{key}.{'A' * 22}",
        token[:-1],
        "x" * 2_000,
    ):
        assert await refused(office, forged) == (404, "not_found")
    await ann.remove(club, ben.user)
    assert await refused(office, token) == (404, "not_found")
    async with office.house.http() as http:
        assert (await http.get(f"/api/mail/answers/{token}")).status_code == 404
    await ben.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    new = {"name": "Autumn concert", "zone": "UTC", "group": club, "start": START.strftime(LOCAL)}
    await ann.ok("PUT", f"/api/events/{event}/plan", new | {"closes_min": 10 * 1440})
    assert await refused(office, token) == (409, "answers_closed")
    await ann.ok("PUT", f"/api/events/{event}/plan", new)
    await ann.ok("DELETE", f"/api/events/{event}")
    assert await refused(office, token) == (409, "answers_closed")
    assert await standing(ann, event) == {}


async def test_a_link_answers_no_other_event_and_no_other_occurrence(
    office: PostOffice, settings: Settings
) -> None:
    ann, ben, club, _, token = await asked(office, settings)
    other, group = await concert(ann, club)
    theirs = answering(office.key(ben), group, "once", Keys(bytes(32)))  # of another place
    assert await refused(office, theirs) == (404, "not_found")
    swapped = f"{theirs.rpartition('.')[0]}.{token.rpartition('.')[2]}"
    assert await refused(office, swapped) == (404, "not_found")
    assert await standing(ann, other) == {}


async def test_offers_changes_and_a_cancel_go_by_mail_and_reminders_do_not(
    office: PostOffice, settings: Settings
) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    address = await mailbox(office, ben)
    event, _ = await concert(ann, club, places=1)
    await says(ann, event, "going")
    await says(ben, event, "going")
    await says(ann, event, "no")
    offer = await about(settings, address, "A place is free for you: “Autumn concert”")
    assert links(offer).keys() == {"g", "m", "n"}
    await says(ben, event, "going")
    new = {"name": "Autumn concert", "zone": "UTC", "group": club, "start": "2036-11-28T18:30", "places": 1}
    await ann.ok("PUT", f"/api/events/{event}/plan", new)
    changed = await about(settings, address, "Changed: “Autumn concert”")
    assert "28 Nov, 18:30" in body(changed)
    await ann.ok("DELETE", f"/api/events/{event}")
    cancelled = await about(settings, address, "Cancelled: “Autumn concert”")
    assert links(cancelled) == {}
    assert "/mail#a" in body(cancelled)


@pytest.mark.parametrize("how", ["device", "wish", "mute"])
async def test_no_letter_goes_to_whoever_has_a_device_or_wants_none(office: PostOffice, how: str) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await mailbox(office, ben)
    event, group = await concert(ann, club)
    if how == "device":
        await office.phone(ben)
    elif how == "wish":
        await ben.ok("PUT", "/api/me/mail", {"missed": "daily", "announcements": False})
    else:
        await ben.ok("PUT", f"/api/groups/{group}/mute", {"for_s": None})
    await ann.ok("POST", f"/api/events/{event}/remind", {"key": "once"})
    count = "select count(*) from outbox where template like 'event%' and (params ->> 'who')::bigint = $1"
    assert await office.writer.fetchval(count, office.key(ben)) == 0
