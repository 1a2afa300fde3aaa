"""What is told of who is online, and when: the difference between two breaths, whatever other servers say."""

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from clubroom.errors import Unavailable
from clubroom.notification.deliver import Hub
from clubroom.notification.presence import NAMED_MAX, RENEW_S, Watch
from clubroom.ports.presence import Online, State
from notification.listeners import CLUB, Ear, Log, come_in, hub_over

LOOKING, IDLE, HIDDEN = State.LOOKING, State.IDLE, State.HIDDEN
ANN, BEN = 1, 2


class Store:
    """What this server has said, and what others say."""

    def __init__(self) -> None:
        self.said: dict[int, State] = {}
        self.elsewhere: dict[int, State] = {}
        self.leased = self.away = False

    async def renew(self, ttl_s: float) -> bool:
        if self.away:
            raise Unavailable
        known, self.leased = self.leased, True
        return known

    async def move(self, came: Mapping[int, State], went: Collection[int]) -> dict[int, State]:
        if self.away:
            raise Unavailable
        self.said = {key: state for key, state in {**self.said, **came}.items() if key not in went}
        return {key: state for key, state in self.elsewhere.items() if key in {*came, *went}}

    async def leave(self) -> None:
        self.said.clear()

    async def here(self) -> set[int]:
        return set(self.said)

    async def online(self, who: int, group: int, limit: int) -> Online:
        return Online(len(self.said), [], [])

    async def close(self) -> None:
        """Nothing is open."""


class Breathing:
    """One server in which Ann looks at the club; each breath is two seconds after the last."""

    def __init__(self) -> None:
        self.log = Log()
        self.hub: Hub = hub_over(self.log)
        self.store = Store()
        self.hidden: set[int] = set()
        self.watch = Watch(self.hub, self.store, self._hidden)
        self.now = 0.0
        self.ann = come_in(self.hub, self.log, ANN)

    async def _hidden(self, people: Collection[int]) -> set[int]:
        return self.hidden & set(people)

    async def breathe(self, times: int = 1) -> list[dict[str, Any]]:
        """What Ann is told meanwhile, without what is the same in all."""
        heard = len(self.ann.payloads)
        for _ in range(times):
            self.now += 2.0
            await self.watch.breathe(self.now)
        plain = {"type": "signal", "kind": "presence", "group": CLUB, "user": f"user {BEN}"}
        return [
            {name: value for name, value in frame.items() if plain.get(name) != value}
            for frame in self.ann.frames[heard:]
        ]

    def ben(self) -> Ear:
        return come_in(self.hub, self.log, BEN)


@pytest.fixture
async def place() -> Breathing:
    found = Breathing()
    await found.breathe()
    return found


async def test_idle_is_who_looks_on_no_device_at_two_breaths_in_a_row(place: Breathing) -> None:
    laptop, phone = place.ben(), place.ben()
    phone.watches = False
    assert await place.breathe() == [{"on": True}]
    laptop.watches = False
    assert await place.breathe() == []
    assert await place.breathe() == [{"on": True, "idle": True}]
    assert await place.breathe() == []
    phone.watches = True
    assert await place.breathe() == [{"on": True}]
    phone.watches = False
    await place.breathe()
    phone.watches = True  # a screen between two rooms
    assert await place.breathe(2) == []


async def test_whoever_another_server_names_is_told_as_they_stand_on_both(place: Breathing) -> None:
    phone = place.ben()
    phone.watches = False
    place.store.elsewhere[BEN] = LOOKING
    assert await place.breathe(2) == [{"on": True}, {"on": True}]
    assert place.store.said[BEN] is IDLE
    place.hub.leave(phone)
    place.store.elsewhere[BEN] = IDLE
    assert await place.breathe() == [{"on": True, "idle": True}]
    phone = place.ben()
    await place.breathe()
    del place.store.elsewhere[BEN]
    place.hub.leave(phone)
    assert await place.breathe() == [{"on": False}]


async def test_whoever_hides_is_gone_for_others_and_here_for_the_store(place: Breathing) -> None:
    phone = place.ben()
    await place.breathe()
    place.hidden = {BEN}
    place.store.elsewhere[BEN] = LOOKING  # where it is heard of only with the next breath
    assert await place.breathe() == [{"on": False}]
    assert (place.store.said, await place.breathe(3)) == ({ANN: LOOKING, BEN: HIDDEN}, [])
    place.hub.leave(phone)
    place.store.elsewhere[BEN] = HIDDEN
    assert await place.breathe() == []


async def test_a_crowded_room_hears_how_many_come_and_go_and_not_who_looks_away(place: Breathing) -> None:
    crowd = [come_in(place.hub, place.log, key) for key in range(10, 10 + NAMED_MAX)]
    assert await place.breathe() == [{"kind": "count", "n": NAMED_MAX + 1}]
    for ear in crowd:
        ear.watches = False
    assert await place.breathe(2) == []
    assert place.store.said[10] is IDLE
    come_in(place.hub, place.log, BEN)
    assert await place.breathe() == [{"kind": "count", "n": NAMED_MAX + 2}]


async def test_while_the_store_is_away_nothing_counts_as_told_and_then_everybody_is_named(
    place: Breathing,
) -> None:
    place.ben()
    place.store.away = True
    with pytest.raises(Unavailable):
        await place.breathe()
    place.store.away = place.store.leased = False
    place.store.said.clear()
    assert await place.breathe() == [{"on": True}]
    assert place.store.said == {ANN: LOOKING, BEN: LOOKING}
    place.store.leased = False
    place.store.said.clear()
    assert await place.breathe(int(RENEW_S)) == []
    assert place.store.said == {ANN: LOOKING, BEN: LOOKING}
