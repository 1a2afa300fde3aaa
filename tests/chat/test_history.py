"""How much of a club its newcomers read: all of it, the last month, or what is said since they came."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.device import Device
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

OLD, RECENT, FRESH = "long ago", "last week", "from now on"


class Past:
    """A club that is older than a month, with a public room; what was said of old was pinned, too."""

    def __init__(self, house: House, dsn: str) -> None:
        self.house = house
        self.dsn = dsn

    async def made(self, history: str) -> "Past":
        self.club, [self.ann] = await self.house.club("Ann")
        self.room = await self.ann.channel(self.club)
        self.said: dict[str, list[str]] = {}
        await self.ann.ok("PATCH", f"/api/groups/{self.club}", {"history": history})
        await self.say(OLD)
        for name in self.said[OLD]:
            await self.ann.ok("PUT", f"/api/messages/{name}/pin")
        await self.age(40)
        await self.say(RECENT)
        await self.age(8)
        return self

    async def say(self, text: str) -> None:
        """In both."""
        self.said[text] = [str(uuid7()), str(uuid7())]
        for name, group in zip(self.said[text], (self.club, self.room), strict=True):
            await self.ann.ok("PUT", f"/api/messages/{name}", {"group": group, "text": text})

    async def age(self, days: int) -> None:
        """All of it lies so much further back."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute("set role clubroom_writer; set search_path = clubroom")
            back = f"- interval '{days} days' where group_id = any($1)"
            for moved in ("actions set at = at", "messages set sent_at = sent_at"):
                await connection.execute(f"update {moved} {back}", [self.club, self.room])
        finally:
            await connection.close()
        self.house.fresh.forget()  # what was looked at before has moved

    async def newcomer(self, *, by_code: bool) -> Person:
        """By the club's code, or as whatever else lets somebody in does it."""
        ben = await self.house.person("Ben")
        if by_code:
            await ben.join((await self.ann.ok("GET", f"/api/groups/{self.club}/code"))["code"])
            return ben
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute("set role clubroom_writer; set search_path = clubroom, pg_temp")
            who = await connection.fetchval("select id from users where sub = $1", ben.user)
            async with connection.transaction():
                await connection.execute("select _lock(array[$1::bigint, _self_group($2)])", self.club, who)
                await connection.execute("select _enter_club($1, $2, 'member')", self.club, who)
        finally:
            await connection.close()
        return ben


def has_heard(device: Device, group: int) -> Callable[[], bool]:
    return lambda: bool(device.actions(group))


async def everything_of(person: Person, group: int) -> dict[str, Any]:
    """However one may ask for it."""
    epoch = (await person.snapshot(group))["epoch"]
    device = await person.device({group: 0}, epoch)
    return {
        "page": await person.page(group),
        "first page": await person.page(group, after=0),
        "around": await person.page(group, around=1),
        "snapshot": await person.snapshot(group),
        "actions": await person.actions(group),
        "pins": await person.ok("GET", f"/api/groups/{group}/pins"),
        "sync": await person.ok("POST", "/api/sync", {"cursors": {str(group): 0}, "epoch": epoch}),
        "replay": device.actions(group),
    }


@pytest.mark.parametrize("by_code", [False, True])
@pytest.mark.parametrize(
    ("history", "open_to_them"), [("all", {OLD, RECENT}), ("month", {RECENT}), ("none", set())]
)
async def test_newcomers_read_as_much_as_the_club_lets_them(
    house: House, postgres: EmbeddedPostgres, history: str, open_to_them: set[str], *, by_code: bool
) -> None:
    past = await Past(house, postgres.owner_dsn).made(history)
    ben = await past.newcomer(by_code=by_code)
    for group in (past.club, past.room):
        entry = await ben.entry(group)
        assert (entry["unread"], entry["mentions"]) == (0, 0)
    heads = {group: (await ben.entry(group))["head"] for group in (past.club, past.room)}
    device = await ben.device(heads, (await ben.snapshot(past.club))["epoch"])
    await past.say(FRESH)
    for place, group in enumerate((past.club, past.room)):
        await device.until(has_heard(device, group))
        assert [action["text"] for action in device.actions(group)] == [FRESH]
        shown = open_to_them | {FRESH}
        found = await everything_of(ben, group)
        for how, answer in found.items():
            hidden = [text for text in {OLD, RECENT} - shown if text in str(answer)]
            assert not hidden, (how, hidden)
        assert {text for text in shown if text in str(found["page"])} == shown
        for text in (OLD, RECENT):
            answer = await ben.call("GET", f"/api/messages/{past.said[text][place]}")
            assert answer.is_success == (text in open_to_them)
        assert (await ben.entry(group))["unread"] == 1


async def test_whoever_was_there_before_reads_on_whatever_is_decided(
    house: House, postgres: EmbeddedPostgres
) -> None:
    past = await Past(house, postgres.owner_dsn).made("all")
    ben = await past.newcomer(by_code=True)
    await past.ann.ok("PATCH", f"/api/groups/{past.club}", {"history": "none"})
    for group in (past.club, past.room):
        assert [m["text"] for m in (await ben.page(group))["messages"]] == [OLD, RECENT]
    cleo = await past.newcomer(by_code=False)
    assert (await cleo.page(past.club))["messages"] == []
