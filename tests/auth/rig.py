"""What the tests of this room do again and again, in the words of people."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from clubroom import wire
from clubroom.auth import accounts, clubs
from clubroom.auth.room import Auth, Opened
from clubroom.claims import Claims
from clubroom.dba import reading
from house.apply import apply, comparable, empty

PASSWORD = "correct horse battery"


class Clock:
    """The database's own until it is moved, then as much later as it was moved."""

    def __init__(self) -> None:
        self._later = timedelta()

    def move(self, **by: float) -> None:
        self._later += timedelta(**by)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._later

    def moment(self) -> datetime | None:
        return self.now() if self._later else None


class Rig:
    """A room, an address to come from, and a clock."""

    def __init__(self, auth: Auth, peer: str, clock: Clock) -> None:
        self.auth = auth
        self.peer = peer
        self.clock = clock
        self.people: list[Claims] = []

    async def check_fresh(self) -> None:
        """F17: for everybody of this test the log, from its beginning, leads to the state that is shown."""
        for who in self.people:
            for one in await reading.my_groups(self.auth.db, who.key):
                group = json.loads(one)["group"]
                fresh = json.loads(await reading.snapshot(self.auth.db, who.key, group, 0, 1_000))
                state = empty(fresh)
                for entry in await reading.log_after(self.auth.db, group, 0, 10_000):
                    state = apply(state, json.loads(entry.placed()))
                assert comparable(state, 1) == comparable(fresh, 1)

    async def opened(self, name: str = "Ann", **fields: str | UUID) -> Opened:
        return await accounts.create_account(
            wire.NewAccount(name=name, **fields),  # type: ignore[arg-type]
            self.peer,
            self.auth,
        )

    async def person(self, name: str = "Ann") -> Claims:
        return self._met(await self.opened(name))

    def _met(self, opened: Opened) -> Claims:
        self.people.append(self.auth.tokens.verify(opened.access_token))
        return self.people[-1]

    async def owner(self, name: str = "Ann") -> Claims:
        """Somebody with e-mail and password, who may create clubs."""
        opened = await self.opened(name, email=new_email(), password=PASSWORD)
        return self._met(opened)

    async def club(self, who: Claims, name: str = "Chess club") -> wire.ClubMade:
        return (await clubs.create_club(who, wire.NewClub(key=uuid4(), name=name), self.peer, self.auth)).club

    async def join(self, who: Claims, code: str) -> wire.ClubJoined:
        joined = await clubs.join_club(who, code, self.peer, self.auth)
        assert isinstance(joined, wire.ClubJoined)
        return joined

    async def ask(self, who: Claims, code: str, answer: str | None = None) -> str:
        """The name of the club that is asked."""
        asked = await clubs.join_club(who, code, self.peer, self.auth, answer)
        assert isinstance(asked, wire.ClubAsked)
        return asked.asked

    async def log(self, group: int) -> list[dict[str, object]]:
        """Every action of a group, decoded, with its seq."""
        rows = await self.auth.db.read("log_after", group_id=group, after=0, n=10_000)
        return [{"seq": row["seq"], **wire.decode(dict[str, object], row["body"])} for row in rows]

    async def own_log(self, who: Claims) -> list[dict[str, object]]:
        """The log of a person's self group."""
        me = await accounts.me(who, self.auth)
        return await self.log(next(one.group for one in me.groups if one.kind == "self"))

    async def groups(self, who: Claims) -> set[int]:
        return {one.group for one in (await accounts.me(who, self.auth)).groups}


def new_email() -> str:
    return f"{uuid4().hex}@example.org"
