"""A membership that changes at the very moment between what a socket was told and the room it comes into."""

from collections.abc import Awaitable, Callable
from typing import Any

from clubroom import wire
from clubroom.dba.pool import Database
from clubroom.notification.resume import Entrance
from clubroom.ports.gateway import Frame
from house.person import Person
from house.server import House
from notification.listeners import Ear

ROOMS = "readable_groups"


class Interrupted(Database):
    """Something happens after it has read which groups somebody may read, once."""

    happens: Callable[[], Awaitable[object]] | None = None

    async def read(self, query: str, /, **params: Any) -> Any:
        found = await super().read(query, **params)
        if query == ROOMS and self.happens is not None:
            happens, self.happens = self.happens, None
            await happens()
        return found


class Entering(Ear):
    """A socket on its way in."""

    id = "entering"
    heartbeat_s = 25.0

    def send(self, payload: bytes) -> None:
        self.payloads.append(payload)

    def deliver(self, frame: Frame) -> None:
        """Made ready for the wire: the payload follows a head of a few bytes."""
        self.payloads.append(frame[frame.index(b"{") :])

    hint = deliver


async def enter(house: House, who: Person, happens: Callable[[], Awaitable[object]]) -> Entering:
    """Comes in with the token it has, while something happens."""
    process = house.process
    claims = process.tokens.verify(who.token)
    db = Interrupted(process.db.pool, process.db.committed)
    db.happens = happens
    socket = Entering(claims.key, resuming=True)
    await Entrance(process.hub, db, process.sockets.epoch, claims, socket).come_in(
        wire.Sync(cursors={}, epoch=None)
    )
    assert db.happens is None
    return socket


def entrance(
    house: House, socket: Entering, who: Person, happens: Callable[[], Awaitable[object]]
) -> Entrance:
    """Of a live socket into more rooms; something happens while it reads which."""
    process = house.process
    db = Interrupted(process.db.pool, process.db.committed)
    db.happens = happens
    return Entrance(process.hub, db, process.sockets.epoch, process.tokens.verify(who.token), socket)


def texts(socket: Entering, group: int) -> list[str]:
    """Of the messages that it heard."""
    actions = [
        a for f in socket.frames if f["type"] == "actions" and f["group"] == group for a in f["actions"]
    ]
    return [action["text"] for action in actions if action["type"] == "message_posted"]


async def test_whoever_is_removed_while_they_come_in_hears_nothing_more(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    socket = await enter(house, ben, lambda: ann.remove(club, ben.user))
    await ann.post(club, "behind his back")
    assert texts(socket, club) == []
    assert {"type": "reset", "group": club, "why": "closed"} in socket.frames
    house.process.hub.leave(socket)


async def test_whoever_joins_while_they_come_in_hears_the_club(house: House) -> None:
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ben = await house.person("Ben")
    socket = await enter(house, ben, lambda: ben.join(code))
    await ann.post(club, "welcome")
    assert texts(socket, club) == ["welcome"]
    house.process.hub.leave(socket)


async def test_of_two_newer_tokens_at_once_neither_lets_in_whom_the_other_saw_removed(house: House) -> None:
    """The first reads before the removal and comes to its end after the second, which has judged it."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    socket = Entering(house.process.tokens.verify(ben.token).key)
    house.process.hub.enter(socket)
    second = entrance(house, socket, ben, lambda: ann.remove(club, ben.user))
    first = entrance(house, socket, ben, second.enter_more)
    await first.enter_more()
    await ann.post(club, "behind his back")
    assert texts(socket, club) == []
    assert club not in socket.groups
    house.process.hub.leave(socket)


async def test_whoever_is_told_to_be_behind_is_told_of_what_was_said_until_they_came_in(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    socket = Entering(house.process.tokens.verify(ben.token).key)
    house.process.hub.enter(socket)
    said: list[int] = []

    async def say() -> None:
        said.append((await ann.post(club, "meanwhile"))["seq"])

    await entrance(house, socket, ben, say).enter_more()
    [behind] = [frame for frame in socket.frames if frame["type"] == "behind"]
    assert behind["heads"][str(club)] == said[0]
    house.process.hub.leave(socket)
