"""The end of a club: the last thing that anybody hears of it, and nothing of it stays."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import asyncpg
import httpx

from clubroom.dba import club_life
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from house.device import Device
from house.emotes import own_emote
from house.events import made, says
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7
from house.within import within

NAME = "Chess club"
UNKNOWN = (404, "not_found")
COUNTED = "select count(*) from {} where group_id = any($1)"
HANGING = "select count(*) from {} x join messages m on m.id = x.message_id where m.group_id = any($1)"
LAST = """
select distinct on (group_id) group_id, convert_from(body, 'UTF8')::jsonb ->> 'type' as type
from actions where group_id = any($1) order by group_id, seq desc
"""
RACES = 100 if os.environ.get("CLUBROOM_VERIFY") == "long" else 10
BEFORE_MAX = 4  # of a race's eight messages fewer than this are stored before the end is asked for
JOINS_EVERY = 25  # a dead code counts as a wrong one, for an address that all tests share
OF_A_GROUP = (
    "messages", "actions", "mentions", "pins", "read_pointers", "audit", "follows", "mutes", "levels",
    "events", "occurrences", "answers", "event_drafts", "club_emotes",
)  # fmt: skip
PATHS = ("messages", "snapshot", "actions", "online", "pins", "audit", "code")


async def delete(person: Person, club: int) -> None:
    await person.ok("DELETE", f"/api/groups/{club}", {"name": NAME})


async def below(owner: Person, club: int, other: Person) -> list[int]:
    """Of each kind: the admins' room, a public room, a private one."""
    public, private = await owner.channel(club, "Plans"), await owner.channel(club, "Board", private=True)
    await owner.ok("POST", f"/api/groups/{private}/members", {"users": [other.user]})
    admins = next(e["group"] for e in (await owner.me())["groups"] if e["kind"] == "admins")
    return [admins, public, private]


def ends(device: Device, group: int) -> list[str]:
    return [action["type"] for action in device.actions(group)]


def has_ended(device: Device, group: int) -> Callable[[], bool]:
    return lambda: "club_deleted" in ends(device, group)


async def test_everybody_hears_the_end_of_a_club_and_of_each_room_and_nothing_after_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    rooms = await below(ann, club, ben)
    devices = [await ann.device(), await ben.device()]
    dm = await ben.dm(ann)
    await ben.post(rooms[1], "hello")
    await delete(ann, club)
    for device in devices:
        await device.until(has_ended(device, club))
        for group in (club, *rooms[1:]):
            assert ends(device, group)[-1] == "club_deleted"
            assert ends(device, group).count("club_deleted") == 1
    for person in (ann, ben):
        left = await person.groups()
        assert not {club, *rooms} & {*left}
        assert dm in left
        for group in (club, *rooms):
            for path in PATHS:
                assert await person.refused("GET", f"/api/groups/{group}/{path}") == UNKNOWN
            words = {"group": group, "text": "still there?"}
            assert await person.refused("PUT", f"/api/messages/{uuid7()}", words) == UNKNOWN
            assert await person.refused("DELETE", f"/api/groups/{group}", {"name": NAME}) == UNKNOWN
        assert not [group for group in (club, *rooms) if group in house.process.hub.rooms]


async def test_whoever_was_away_is_told_that_their_copy_is_of_no_use(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    epoch = (await ben.snapshot(club))["epoch"]
    await delete(ann, club)
    device = await ben.device({club: 2, room: 1}, epoch)
    assert {(f["group"], f["why"]) for f in device.heard("reset")} == {(club, "closed"), (room, "closed")}


async def test_its_codes_open_nothing_any_more(house: House) -> None:
    ann, ben = await house.person("Ann", with_email=True), await house.person("Ben")
    made = await ann.create_club()
    await delete(ann, made["group"])
    for path in ("/api/clubs/join", "/api/clubs/preview"):
        assert await ben.refused("POST", path, {"code": made["code"]}) == (404, "invalid_code")


async def test_only_an_owner_ends_a_club_and_only_by_its_name(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    xenia = await house.person("Xenia")
    path = f"/api/groups/{club}"
    assert await ben.refused("DELETE", path, {"name": NAME}) == (403, "forbidden")
    assert await xenia.refused("DELETE", path, {"name": NAME}) == UNKNOWN
    assert await ann.refused("DELETE", f"/api/groups/{room}", {"name": "Rehearsals"}) == (403, "forbidden")
    for wrong, code in (("chess club", "invalid_field"), ("", "invalid_text"), ("x\0", "invalid_text")):
        assert await ann.refused("DELETE", path, {"name": wrong}) == (400, code)
    await ben.post(club, "it is still here")


async def remaining(postgres: EmbeddedPostgres, groups: list[int]) -> Json:
    """What is kept of them, table by table."""
    connection = await asyncpg.connect(postgres.owner_dsn)
    try:
        await connection.execute("set role clubroom_writer; set search_path = clubroom")
        return {table: await connection.fetchval(COUNTED.format(table), groups) for table in OF_A_GROUP} | {
            table: await connection.fetchval(HANGING.format(table), groups)
            for table in ("message_versions", "emotes", "reacted")
        }
    finally:
        await connection.close()


async def filled(house: House) -> tuple[int, list[int], Person]:
    """A club in which all was done that leaves something."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    rooms = [club, *await below(ann, club, ben)]
    for room in rooms:
        name = uuid7()
        await ann.post(room, f"<@{ann.user}>, hello", name)
        await ann.ok("PATCH", f"/api/messages/{name}", {"text": f"<@{ann.user}>, hello again"})
        await ann.react(name, "👍")
        if room == club:
            await ben.react(name, "👍")
        await ann.ok("PUT", f"/api/messages/{name}/pin")
        await ann.ok("PUT", f"/api/groups/{room}/read", {"seq": 1})
        await ann.ok("PUT", f"/api/groups/{room}/mute", {"for_s": None})
        await ann.ok("PUT", f"/api/groups/{room}/level", {"level": "nothing"})
        for n in range(20):
            await ann.post(room, f"line {n}")
    await own_emote(house, ann, club, "party")
    event, group = await made(ann, club)
    await says(ben, event, "going", note="by bike")
    await ann.ok("PUT", f"/api/events/{uuid7()}/draft", {"group": club, "says": {"name": "Conc"}})
    return club, [*rooms, group], ann


async def piece_erased(db: Database, n: int) -> bool:
    """Whether more is left. Where another job of the server held it up it comes again, as the worker does."""
    try:
        return await club_life.erase_deleted(db, n, grace_s=0)
    except Unavailable:
        return True


async def test_nothing_of_what_was_said_there_stays(
    house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    club, rooms, ann = await filled(house)
    assert all((await remaining(postgres, rooms)).values())
    await delete(ann, club)
    assert not await club_life.erase_deleted(database, 10, grace_s=3_600)  # others may still lag behind
    while await piece_erased(database, 10):
        pass
    left = await remaining(postgres, rooms)
    assert left.pop("actions") == len(rooms)  # each one's end
    assert not any(left.values()), left
    await ann.create_club("Another one")


async def test_what_is_killed_while_it_erases_goes_on_where_it_was(
    house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    club, rooms, ann = await filled(house)
    await delete(ann, club)

    async def erase(db: Database) -> None:
        while await club_life.erase_deleted(db, 1, grace_s=0):
            pass

    before = (await remaining(postgres, rooms))["actions"]
    for _ in range(3):
        killed = await Database.open(postgres.app_dsn, pool_max=2)
        erasing = asyncio.create_task(erase(killed))
        async with within(10, "something was erased"):
            now = before
            while now == before:
                now = (await remaining(postgres, rooms))["actions"]
        before = now
        killed.pool.terminate()
        erasing.cancel()
        await asyncio.gather(erasing, return_exceptions=True)
    await asyncio.gather(*(erase(database) for _ in range(3)))  # several servers do the same
    left = await remaining(postgres, rooms)
    assert left.pop("actions") == len(rooms)
    assert not any(left.values()), left


async def test_whoever_posts_or_joins_while_a_club_ends_is_before_its_end_or_refused(
    house: House, postgres: EmbeddedPostgres
) -> None:
    _, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    for person in (ann, ben, cleo):
        person.changed = unseen
    # The owner's is in each club from its first moment. Of two who join at once where nobody is, whoever is
    # told of late is called to come again (tests/notification), and these devices do not come again.
    devices = [await person.device() for person in (ann, ben, cleo)]
    ended: list[int] = []
    posted = 0
    for race in range(RACES):
        made = await ann.create_club()
        club = made["group"]
        await asyncio.gather(ben.join(made["code"]), cleo.join(made["code"]))
        room = await ann.channel(club)
        for device in devices:
            await device.send(type="ping")  # silent for too long it would be sent away
            await device.until(partial(device.actions, room))
        stored = asyncio.Semaphore(0)
        calls = [quick(who, group, stored) for who in (ben, cleo) for group in (club, room, club, room)]
        if race % JOINS_EVERY == 0:
            dora = await house.person("Dora")
            calls.append(dora.http.post("/api/clubs/join", json={"code": made["code"]}, headers=dora.headers))
        calls.append(end(ann, club, stored, after=race % BEFORE_MAX))
        answers = await asyncio.gather(*calls)
        assert {answer.status_code for answer in answers} <= {200, 201, 204, 404}
        posted += sum(answer.status_code == 201 for answer in answers)
        for device in devices:
            for group in (club, room):
                await device.until(has_ended(device, group))
        if race % JOINS_EVERY == 0:
            assert not {club, room} & {*await dora.groups()}
        ended += [club, room]
    assert 0 < posted < RACES * 8
    for device in devices:
        assert {ends(device, group)[-1] for group in ended} == {"club_deleted"}
    assert await stored_last(postgres, ended) == {"club_deleted"}


async def quick(who: Person, group: int, stored: asyncio.Semaphore) -> httpx.Response:
    """A message that counts in `stored` as soon as it is."""
    asked = {"group": group, "text": "quick"}
    answer = await who.http.put(f"/api/messages/{uuid7()}", json=asked, headers=who.headers)
    if answer.status_code == HTTPStatus.CREATED:
        stored.release()
    return answer


async def end(owner: Person, club: int, stored: asyncio.Semaphore, *, after: int) -> httpx.Response:
    """The club's end, asked for once so many messages are stored."""
    for _ in range(after):
        await stored.acquire()
    return await owner.http.request(
        "DELETE", f"/api/groups/{club}", json={"name": NAME}, headers=owner.headers
    )


async def unseen(_: Person) -> None:
    """No look of F17 after each of so many changes: the logs themselves are looked at."""


async def stored_last(postgres: EmbeddedPostgres, groups: list[int]) -> set[str]:
    """Which actions stand at the end of these logs."""
    connection = await asyncpg.connect(postgres.owner_dsn)
    try:
        await connection.execute("set role clubroom_writer; set search_path = clubroom")
        rows = await connection.fetch(LAST, groups)
    finally:
        await connection.close()
    assert len(rows) == len(groups)
    return {row["type"] for row in rows}
