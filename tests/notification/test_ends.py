"""The end of a group, as one server tells it to its sockets."""

import asyncio

from clubroom.actions import Logged
from notification.listeners import CLUB, Ear, Log, come_in, hub_over, signal

ANN, BEN, KIM = 1, 2, 3


def test_where_a_group_ends_everybody_hears_that_and_nobody_anything_after_it() -> None:
    log = Log()
    hub = hub_over(log)
    ann, ben = come_in(hub, log, ANN), come_in(hub, log, BEN)
    coming = Ear(KIM, resuming=True)
    hub.enter(coming)
    hub.publish([*log.many(1), log.append(closes=True), *log.many(1)])
    hub.signal(CLUB, signal())
    hub.publish([log.append(joined=ANN), *log.many(1)])
    assert ann.seqs() == ben.seqs() == [1, 2]
    assert [frame["type"] for frame in ann.frames] == ["actions"]
    assert (ann.groups, ben.groups, coming.disturbed) == (set(), set(), 1)
    assert CLUB not in hub.rooms


async def test_an_end_that_comes_late_is_heard_though_the_log_before_it_is_gone() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    end = [*log.many(5), log.append(closes=True)][-1]

    async def fetch(group: int, after: int, n: int) -> list[Logged]:
        return [end] if after < end.seq else []

    hub.fetch = fetch
    hub.repair({CLUB: end.seq})
    async with asyncio.timeout(5):
        while hub._fills:
            await asyncio.gather(*hub._fills)
    assert ann.seqs() == [6]
    assert CLUB not in hub.rooms
