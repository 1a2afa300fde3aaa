"""What a server knows about itself, for Prometheus. docs/host.md tells each name.

Nothing of this is in a message's way: the rooms keep plain numbers, which are read when somebody asks. No
label is anything that a person or a peer chose, so there are few of them.
"""

import hmac
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from itertools import accumulate
from typing import Any, Literal, Protocol, cast, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, get
from litestar.handlers import BaseRouteHandler
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from clubroom import __version__, errors, wire
from clubroom.app.beat import Beat
from clubroom.app.calls import Calls
from clubroom.app.sockets import Sockets
from clubroom.chat.files.sweeping import HELD
from clubroom.chat.files.work import FileWork
from clubroom.chat.messages import Messages
from clubroom.dba.pool import Database
from clubroom.dba.posting import PostLane
from clubroom.histogram import Histogram
from clubroom.notification.decision import Decision
from clubroom.notification.deliver import Hub
from clubroom.notification.pushes import Pushing
from clubroom.notification.session import Session
from clubroom.notification.worker import Worker
from clubroom.ports.bus import Bus
from clubroom.ports.gateway.behind import plain_address
from clubroom.ports.gateway.local import LocalGateway

TEXT_FORMAT = "text/plain; version=0.0.4"
PROXIES_WRITE = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
PHASES: tuple[str, ...] = get_args(get_type_hints(Session)["phase"])
CLOSE_CODES = {*range(1000, 1016), *(value for value in vars(wire.Close).values() if isinstance(value, int))}
OTHER_CODES = "other"  # a peer may choose any of 2,000


class Counting(Protocol):
    """What counts in a server. A room that is to be seen from outside is named here."""

    gateway: LocalGateway
    sockets: Sockets
    hub: Hub
    chat: Messages
    bus: Bus
    lane: PostLane
    db: Database
    beat: Beat
    worker: Worker
    decision: Decision
    pushing: Pushing
    file_work: FileWork
    calls: Calls


Reading = float | Mapping[tuple[str, ...], float] | Mapping[tuple[str, ...], Histogram]


class Family(msgspec.Struct, frozen=True):
    """A name, what it tells, and how it is read: a number, or one for each value of its labels."""

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    tells: str
    read: Callable[[Counting], Reading]
    labels: tuple[str, ...] = ()


def _of(histogram: Histogram) -> Mapping[tuple[str, ...], Histogram]:
    return {(): histogram}


def _by(counts: Mapping[Any, float]) -> Mapping[tuple[str, ...], float]:
    return {(str(key),): count for key, count in counts.items()}


def _phases(server: Counting) -> Reading:
    found = Counter(socket.state.phase for socket in server.sockets.open.values())
    return _by({phase: found[phase] for phase in PHASES})  # type: ignore[index]


def _closes(server: Counting) -> Reading:
    found: Counter[Any] = Counter()
    for code, count in server.gateway.closes.items():
        found[code if code in CLOSE_CODES else OTHER_CODES] += count
    return _by(found)


def _connections(server: Counting) -> Reading:
    pool = server.db.pool
    return _by({"used": pool.get_size() - pool.get_idle_size(), "idle": pool.get_idle_size()})


def _held(server: Counting) -> Reading:
    return _by({why: float(why in server.file_work.sweeping.held) for why in HELD})


FAMILIES = (
    Family("gauge", "clubroom_build_info", "Always 1; the label tells the version.",
           lambda _: _by({__version__: 1}), ("version",)),
    # sockets
    Family("gauge", "clubroom_sockets", "Sockets that are open now, by what they have done so far.",
           _phases, ("phase",)),
    Family("counter", "clubroom_sockets_opened_total", "Sockets that were opened.",
           lambda p: p.gateway.opened_count),
    Family("counter", "clubroom_socket_closes_total", "Sockets that ended, by close code.",
           _closes, ("code",)),
    Family("counter", "clubroom_handshakes_refused_total", "Sockets that were not let in, by reason.",
           lambda p: _by(p.gateway.refused), ("code",)),
    Family("counter", "clubroom_received_frames_total", "Frames that clients sent.",
           lambda p: p.gateway.traffic("frames_in")),
    Family("counter", "clubroom_received_bytes_total", "Bytes in the frames that clients sent.",
           lambda p: p.gateway.traffic("bytes_in")),
    Family("counter", "clubroom_sent_frames_total", "Frames that were written to clients.",
           lambda p: p.gateway.traffic("frames_out")),
    Family("counter", "clubroom_sent_bytes_total", "Bytes that were written to clients, with their framing.",
           lambda p: p.gateway.traffic("bytes_out")),
    Family("counter", "clubroom_socket_errors_total", "Error frames that were sent, by code.",
           lambda p: _by(p.sockets.errors), ("code",)),
    # delivery
    Family("gauge", "clubroom_people", "People with at least one socket here.", lambda p: len(p.hub.people)),
    Family("gauge", "clubroom_rooms", "Groups that somebody here is in.", lambda p: len(p.hub.rooms)),
    Family("counter", "clubroom_delivered_actions_total", "Actions times the sockets they were given to.",
           lambda p: p.hub.delivered_count),
    Family("counter", "clubroom_gap_fills_total",
           "Times that a room was filled from the log: another server wrote, or something was lost.",
           lambda p: p.hub.fills_count),
    Family("counter", "clubroom_behind_total", "Times that a socket was told `behind`.",
           lambda p: p.hub.behind_count),
    # other servers
    Family("counter", "clubroom_bus_sent_total", "Letters to other servers.", lambda p: p.bus.sent_count),
    Family("counter", "clubroom_bus_heard_total", "Letters from other servers.", lambda p: p.hub.heard_count),
    # posts
    Family("counter", "clubroom_posts_total", "Messages that were to be sent, by what came of it.",
           lambda p: _by(p.chat.outcomes), ("outcome",)),
    Family("gauge", "clubroom_posts_waiting", "Messages that wait for a commit.", lambda p: p.lane.waiting),
    Family("histogram", "clubroom_post_ack_seconds", "From a socket's post to its `ack`.",
           lambda p: _of(p.sockets.ack_seconds)),
    Family("histogram", "clubroom_commit_posts", "Messages in one commit.",
           lambda p: _of(p.lane.batch_posts)),
    Family("histogram", "clubroom_commit_seconds", "How long a commit of messages takes.",
           lambda p: _of(p.lane.commit_seconds)),
    Family("counter", "clubroom_commits_failed_total", "Commits of messages that failed.",
           lambda p: p.lane.failed_count),
    # work that nobody waits for
    Family("counter", "clubroom_jobs_failed_total",
           "Times that a job of the worker failed; it is tried again.",
           lambda p: p.worker.failed_count),
    Family("counter", "clubroom_decisions_total", "Rounds in which a message was decided for its readers.",
           lambda p: p.decision.decided_count),
    Family("counter", "clubroom_pushes_total", "Pushes that this server took on, by what came of it.",
           lambda p: _by(p.pushing.went), ("outcome",)),
    Family("gauge", "clubroom_sweep_held", "1 while the store of files is not swept, by reason.",
           _held, ("reason",)),
    # database
    Family("gauge", "clubroom_database_connections", "Connections to the database.",
           _connections, ("state",)),
    Family("gauge", "clubroom_database_connections_max", "Connections to the database there may be at most.",
           lambda p: p.db.pool.get_max_size()),
    Family("gauge", "clubroom_database_answered_seconds",
           "How long ago the database last answered; above 10 the sockets are sent away.",
           lambda p: time.monotonic() - p.beat.seen_at),
    # calls
    Family("counter", "clubroom_http_requests_total", "HTTP calls that were answered.",
           lambda p: p.calls.answered, ("route", "method", "status")),
    Family("histogram", "clubroom_http_request_seconds", "How long an HTTP call took.",
           lambda p: p.calls.seconds, ("route", "method")),
)  # fmt: skip


def registry(server: Counting) -> CollectorRegistry:
    """Of this server alone: several may run in one server."""
    own = CollectorRegistry()
    own.register(Families(server))
    ProcessCollector(registry=own)
    return own


class Families(Collector):
    """All of them, read when somebody asks."""

    def __init__(self, server: Counting) -> None:
        self.server = server

    def collect(self) -> Iterator[Metric]:
        """One after the other."""
        for family in FAMILIES:
            reading = family.read(self.server)
            values = reading if isinstance(reading, Mapping) else {(): reading}
            yield _metric(family, cast("Mapping[tuple[str, ...], Any]", values))


def _metric(family: Family, values: Mapping[tuple[str, ...], Any]) -> Metric:
    if family.kind == "histogram":
        filled = HistogramMetricFamily(family.name, family.tells, labels=family.labels)
        for labels, histogram in values.items():
            filled.add_metric(labels, _buckets(histogram), histogram.sum)
        return filled
    made = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    found = made(family.name, family.tells, labels=family.labels)
    for labels, value in values.items():
        found.add_metric(labels, value)
    return found


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    names = [*map(floatToGoString, histogram.bounds), "+Inf"]
    return list(zip(names, accumulate(histogram.counts), strict=True))


def routes(found: CollectorRegistry, token: str | None, only_here: bool) -> Sequence[BaseRouteHandler]:
    """The call that answers Prometheus. Unless the place is `only_here`, on this machine and behind no proxy,
    the token is always asked for: a proxy need not say that it is one.
    """

    @get("/metrics", include_in_schema=False)
    async def get_metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        """To whoever may not ask it does not exist."""
        if not (_holds(request, token) or (only_here and _is_here(request))):
            raise errors.NotFound
        return Response(
            generate_latest(found),
            media_type=TEXT_FORMAT,
            headers={"cache-control": "no-store"},
        )

    return [get_metrics]


def _holds(request: Request[Any, Any, Any], token: str | None) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return (
        token is not None and kind.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())
    )


def _is_here(request: Request[Any, Any, Any]) -> bool:
    """On this machine, and for itself: no proxy that asks for somebody far away, and no page whose site has
    named this machine as its own.
    """
    if any(name in request.headers for name in PROXIES_WRITE):
        return False
    return _is_loopback(request.client.host if request.client else "") and _is_loopback(_host(request))


def _host(request: Request[Any, Any, Any]) -> str:
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""
    return "127.0.0.1" if name == "localhost" else name


def _is_loopback(text: str) -> bool:
    address = plain_address(text)
    return address != "" and ip_address(address).is_loopback
