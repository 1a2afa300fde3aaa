"""A flood with what it cost: whether the server or the crowd was the busier one."""

from collections.abc import Sequence

import msgspec

from bench.figure import median
from bench.machine import cpu_s
from bench.orders import Posted
from bench.stage import Stage


class Flood(msgspec.Struct, frozen=True):
    """`server_s` is what the server's process needed of a core."""

    posted: Posted
    server_s: float

    @property
    def posts_a_second(self) -> float:
        """Acknowledged."""
        return self.posted.posts / self.posted.seconds

    @property
    def deliveries_a_second(self) -> float:
        """Received, each the next of its socket."""
        return self.posted.deliveries / self.posted.seconds


async def flood(stage: Stage, crowd: str, posters: int) -> Flood:
    """One run against the stage's server."""
    before = cpu_s(stage.server.pid)
    posted = await stage.crowds.flood(crowd, posters, stage.effort.seconds)
    return Flood(posted, cpu_s(stage.server.pid) - before)


def note(floods: Sequence[Flood]) -> str:
    """What it was like."""
    ack_ms = median([one.posted.ack_ms[0] for one in floods])
    ack_ms_p99 = median([one.posted.ack_ms[1] for one in floods])
    server = median([one.server_s / one.posted.seconds for one in floods])
    crowd = median([one.posted.cpu_s / one.posted.seconds for one in floods])
    each = median([one.deliveries_a_second for one in floods])
    return (
        f"acknowledged after {ack_ms:.1f} ms (p99 {ack_ms_p99:.1f}); {each:,.0f} deliveries/s; "
        f"of a core the server needed {server:.0%}, the crowd {crowd:.0%}"
    )
