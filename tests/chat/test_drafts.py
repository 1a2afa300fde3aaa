"""Drafts of events: typed together by whoever may make events there, and seen by nobody else."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from clubroom import wire
from clubroom.dba import drafts
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.databases import connected
from house.events import CONCERT
from house.person import Json, Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

HALF: Json = {"name": "Conc", "start": "T18:3", "rule": "FREQ=WEEKLY"}
"""As it stands while somebody types it."""


AGED = "update clubroom.event_drafts set updated_at = updated_at - $1::interval where key = $2"


def name() -> str:
    return str(uuid7())


def path(draft: str) -> str:
    return f"/api/events/{draft}/draft"


async def kept(person: Person, group: int, draft: str, version: int = 0, **says: Any) -> Json:
    """What the server answers to what was typed so far."""
    body = {"group": group, "version": version, "says": HALF | says}
    answer: Json = await person.ok("PUT", path(draft), body)
    return answer


async def refused(person: Person, group: int, draft: str, version: int = 0, **says: Any) -> tuple[int, str]:
    body = {"group": group, "version": version, "says": HALF | says}
    answer = await person.call("PUT", path(draft), body)
    return answer.status_code, answer.json()["code"]


async def listed(person: Person, group: int) -> list[str]:
    found = await person.ok("GET", f"/api/groups/{group}/event-drafts")
    return [one["event"] for one in found["drafts"]]


async def status(person: Person, method: str, draft: str) -> int:
    return (await person.call(method, path(draft))).status_code


async def hidden(person: Person, draft: str) -> bool:
    """By no call does this person learn of it."""
    return [await status(person, method, draft) for method in ("GET", "DELETE")] == [404, 404]


async def club_of_two_admins(house: House) -> tuple[int, list[Person]]:
    club, people = await house.club("Ann", "Ben", "Cleo")
    ben = people[1].user
    await people[1].ok("PUT", "/api/me/sign-in", {"email": f"{ben}@example.org", "password": PASSWORD})
    await people[0].ok("PUT", f"/api/groups/{club}/members/{ben}/role", {"role": "admin"})
    return club, people


async def test_one_admin_begins_another_goes_on_and_publishes_and_no_member_hears_of_the_draft(
    house: House,
) -> None:
    club, [ann, ben, cleo] = await club_of_two_admins(house)
    guest = await cleo.device()
    before = (await cleo.snapshot(club))["seq"]
    draft = name()
    first = await kept(ann, club, draft)
    assert (first["version"], first["name"], first["by"], first["updated_by"]) == (
        1,
        "Conc",
        ann.user,
        ann.user,
    )
    assert await listed(ben, club) == [draft]
    found = await ben.ok("GET", path(draft))
    assert (found["version"], found["says"]["start"], found["says"]["zone"]) == (1, "T18:3", "")
    second = await kept(ben, club, draft, 1, **CONCERT)
    assert (second["version"], second["by"], second["updated_by"]) == (2, ann.user, ben.user)
    assert await listed(cleo, club) == [] and await hidden(cleo, draft)
    assert (await cleo.snapshot(club))["seq"] == before
    made = await ben.ok("PUT", f"/api/events/{draft}", CONCERT | {"group": club})
    await guest.until(lambda: any(a["type"] == "message_posted" for a in guest.actions(club)))
    assert [a["event"] for a in guest.actions(club) if a["type"] == "message_posted"] == [made["group"]]
    assert await listed(ann, club) == [] and await status(ann, "GET", draft) == 404
    assert await refused(ann, club, draft, 2, name="Late") == (404, "not_found")
    assert await refused(ann, club, draft, name="Late") == (409, "id_conflict")


async def test_what_somebody_has_changed_meanwhile_stays_and_is_there_to_be_seen(house: House) -> None:
    club, [ann, ben, _] = await club_of_two_admins(house)
    draft = name()
    await kept(ann, club, draft)
    await kept(ben, club, draft, 1, name="Concert of Ben")
    assert await refused(ann, club, draft, 1, name="Concert of Ann") == (409, "draft_changed")
    found = await ann.ok("GET", path(draft))
    assert (found["version"], found["name"], found["updated_by"]) == (2, "Concert of Ben", ben.user)
    assert (await kept(ann, club, draft, 2, name="Concert of Ann"))["version"] == 3


async def test_of_many_who_go_on_from_one_version_one_is_kept(house: House) -> None:
    club, [ann, ben, _] = await club_of_two_admins(house)
    for begun in (False, True):
        draft = name()
        if begun:
            await kept(ann, club, draft)
        bodies = [{"group": club, "version": int(begun), "says": {"name": f"{n}"}} for n in range(8)]
        answers = await asyncio.gather(
            *((ann, ben)[n % 2].call("PUT", path(draft), body) for n, body in enumerate(bodies))
        )
        won = [n for n, answer in enumerate(answers) if answer.status_code == 200]
        assert len(won) == 1
        assert {answer.json().get("code") for answer in answers} == {None, "draft_changed"}
        assert (await ben.ok("GET", path(draft)))["name"] == f"{won[0]}"


async def test_the_same_words_once_more_are_no_change(house: House) -> None:
    """The answer to a call was lost, or nothing was typed before it is published."""
    club, [ann, ben, _] = await club_of_two_admins(house)
    draft = name()
    first = await kept(ann, club, draft)
    assert await kept(ann, club, draft) == first
    assert await kept(ben, club, draft) == first
    second = await kept(ann, club, draft, 1, name="Concert")
    assert await kept(ann, club, draft, 1, name="Concert") == second


async def test_a_draft_is_seen_where_one_may_make_events_and_moves_with_whom_it_is_for(house: House) -> None:
    club, [ann, ben, cleo] = await club_of_two_admins(house)
    board = await ann.channel(club, "Board", private=True)
    own = await cleo.channel(club, "Choir")
    draft, of_cleo = name(), name()
    await kept(ann, club, draft)
    await kept(cleo, own, of_cleo)
    assert await listed(ann, club) == await listed(ben, club) == [of_cleo, draft]
    assert await listed(cleo, club) == await listed(cleo, own) == [of_cleo]
    assert await refused(cleo, club, of_cleo, 1) == (403, "forbidden")
    assert await refused(cleo, own, draft, 1) == (404, "not_found")
    assert await refused(cleo, own, draft) == (409, "id_conflict")
    await kept(ann, board, draft, 1)
    assert await hidden(ben, draft) and await listed(ben, club) == [of_cleo]
    assert await refused(ben, club, draft, 2) == (404, "not_found")
    assert await listed(ann, board) == [draft]
    await ann.ok("PATCH", f"/api/groups/{own}", {"archived": True})
    assert await hidden(cleo, of_cleo) and await hidden(ann, of_cleo)


async def test_members_whom_the_club_lets_see_the_drafts_and_no_more_when_it_lets_them_not(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    zoe = await house.person("Zoe")
    draft = name()
    await kept(ann, club, draft)
    for said, stands in ((True, 200), (False, 404), (True, 200)):
        await ann.ok("PATCH", f"/api/groups/{club}", {"events_by_members": said})
        assert await status(ben, "GET", draft) == stands
    assert await hidden(zoe, draft)
    assert (await zoe.call("GET", f"/api/groups/{club}/event-drafts")).status_code == 404
    assert await refused(zoe, club, name()) == (404, "not_found")
    await ann.ok("DELETE", f"/api/groups/{club}/members/{ben.user}")
    assert await hidden(ben, draft)
    assert await refused(ben, club, draft, 1) == (404, "not_found")


async def test_a_draft_that_belongs_elsewhere_is_not_ended_by_an_event_with_its_id(house: House) -> None:
    club, [ann, _, cleo] = await club_of_two_admins(house)
    own = await cleo.channel(club, "Choir")
    draft = name()
    await kept(ann, club, draft)
    made = await cleo.call("PUT", f"/api/events/{draft}", CONCERT | {"group": own})
    assert (made.status_code, made.json()["code"]) == (409, "id_conflict")
    assert await status(ann, "GET", draft) == 200
    assert (await ann.call("PUT", f"/api/events/{draft}", CONCERT | {"group": club})).status_code == 201


async def test_what_is_discarded_is_gone_for_everybody(house: House) -> None:
    club, [ann, ben, _] = await club_of_two_admins(house)
    draft = name()
    await kept(ann, club, draft)
    await ben.ok("DELETE", path(draft))
    assert await listed(ann, club) == []
    assert await status(ann, "DELETE", draft) == 404
    assert await refused(ann, club, draft, 1, name="Late") == (404, "not_found")


async def test_a_place_has_room_for_so_many_drafts_and_whoever_fills_theirs_holds_up_nobody_else(
    house: House,
) -> None:
    club, [ann, _, ben] = await club_of_two_admins(house)
    private = await ben.channel(club, "Quartet", private=True)
    names = [name() for _ in range(wire.EVENT_DRAFTS_A_GROUP_MAX)]
    for draft in names:
        await kept(ben, private, draft)
    assert await refused(ben, private, name()) == (409, "full")
    elsewhere = name()
    await kept(ann, club, elsewhere)
    assert await listed(ann, club) == [elsewhere]
    room = await ben.channel(club, "Choir")
    moved = name()
    await kept(ben, room, moved)
    assert await refused(ben, private, moved, 1) == (409, "full")
    await ben.ok("DELETE", path(names[0]))
    await kept(ben, private, moved, 1)


async def test_what_cannot_be_kept_is_refused_and_changes_nothing(house: House) -> None:
    club, [ann, _, _] = await club_of_two_admins(house)
    draft = name()
    first = await kept(ann, club, draft)
    for says, refusal in (
        ({"text": "x" * wire.EVENT_DRAFT_BYTES_MAX}, (413, "too_large")),
        ({"text": "a\0b"}, (400, "invalid_text")),
        ({"name": "\u202eevil"}, (400, "invalid_text")),
        ({"places": -1}, (400, "invalid_field")),
        ({"guests": 10**9}, (400, "invalid_field")),
        ({"label_places": [{"label": name(), "places": 10**20}]}, (400, "invalid_field")),
        ({"list_shown": "some"}, (400, "invalid_field")),
        ({"colour": "red"}, (400, "unknown_field")),
    ):
        assert await refused(ann, club, draft, 1, **says) == refusal, says
    for version in (-1, 2**31):
        assert await refused(ann, club, draft, version, name="x") == (400, "invalid_field")
    assert await refused(ann, club, "123e4567-e89b-42d3-a456-426614174000") == (400, "invalid_field")
    assert await kept(ann, club, draft) == first


async def test_drafts_that_nobody_touches_are_forgotten(
    house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    club, [ann, _, _] = await club_of_two_admins(house)
    old, new = name(), name()
    await kept(ann, club, old)
    await kept(ann, club, new)
    async with connected(postgres.owner_dsn) as owner:
        age = timedelta(days=wire.EVENT_DRAFT_DAYS)
        await owner.execute(
            "update clubroom.event_drafts set updated_at = updated_at - $1::interval where key = $2", age, old
        )
    assert await drafts.forget(database, n=1)
    assert not await drafts.forget(database, n=1)
    assert await listed(ann, club) == [new]


async def test_one_takes_along_the_drafts_that_one_touched_last(house: House) -> None:
    club, [ann, ben, _] = await club_of_two_admins(house)
    draft = name()
    await kept(ann, club, draft)
    [mine] = await taken_drafts(ann)
    assert (mine["event"], mine["group"], mine["name"]) == (draft, club, "Conc")
    await kept(ben, club, draft, 1, name="Concert of Ben")
    assert await taken_drafts(ann) == []
    assert [one["name"] for one in await taken_drafts(ben)] == ["Concert of Ben"]


async def taken_drafts(person: Person) -> list[Json]:
    file = zipfile.ZipFile(io.BytesIO((await person.call("GET", "/api/me/export")).content))
    drafts_taken: list[Json] = json.loads(file.read("account.json"))["event_drafts"]
    return drafts_taken
