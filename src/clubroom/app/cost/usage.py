"""What a month of a club does on functions: how often each thing happens, and what all of it comes to."""

from collections import defaultdict

import msgspec

from clubroom.app.cost.asked import Asked
from clubroom.app.cost.figures import Call, Operations
from clubroom.auth.tokens import ACCESS_SECONDS

HOURS = 730.0  # of a month, as providers count it
DAYS, MINUTES = HOURS / 24, HOURS * 60
YEAR_DAYS = 365.0
SOCKET_MINUTES = 105.0  # then the gateway's two hours are nearly over, and the client changes over
TOKEN_MINUTES = ACCESS_SECONDS / 60
ROOMS_A_VISIT = 2.0
MEMORY_MB = {
    "auth": 1024,
    "chat": 512,
    "fe": 512,
    "notification": 512,
    "worker": 1024,
}  # as they are deployed
WHOLE_CPU_MB = 1769.0  # a function with this much memory has one core, others their share of it
TRANSACTION_MS = 5.0  # four messages to and fro in one data centre, and what the database does meanwhile
POST_MS, POSTS_AT_ONCE = 20.0, 50.0
QUEUE_REQUESTS_A_WAKE = 3.0  # sent, received, deleted
QUEUE_LOOKS_A_MINUTE = 15.0  # five that wait for 20 s each, whether something comes or not
LOG_BYTES_A_CALL = 400.0  # what the platform writes of each call
MESSAGE_KB = 1.5  # in the database, with all that belongs to it
IMAGE_MB = 0.5  # in its sizes
GB = 1e9
FRAMES = ("hello", "watch", "typing", "post", "got", "read", "ping", "token")
ASKED = ("renew", "me", "snapshot", "who is online")


class Usage(msgspec.Struct, frozen=True):
    """Of one month; `database_gb` and `image_gb` after a year."""

    happens: dict[str, float]
    frames: float
    posts: float
    connection_minutes: float
    http_calls: float
    calls: dict[str, float]
    gb_seconds: float
    queue_requests: float
    schedules: float
    transactions: float
    out_gb: float
    log_gb: float
    edge_requests_a_day: float
    database_gb: float
    image_gb: float

    @property
    def websocket_messages(self) -> float:
        """Both ways are paid for."""
        return self.frames + self.posts

    @property
    def lambda_calls(self) -> float:
        """Of all functions."""
        return sum(self.calls.values())


def happens(asked: Asked, operations: Operations) -> dict[str, float]:
    """How often a month has each kind of call."""
    messages, online = asked.messages_a_day * DAYS, asked.online
    visits = online * MINUTES / asked.visit_minutes
    wakes = operations.calls["post"].wakes[0]
    later = operations.calls["wake"].later_wakes[0] if online else 0.0
    return {
        "connect": visits,
        "hello": visits,
        "disconnect": visits,
        "me": visits,
        "snapshot": visits,
        "watch": visits * ROOMS_A_VISIT,
        "typing": messages * asked.typing,
        "post": messages,
        "got": messages * online * asked.looking + min(messages, MINUTES) * online * (1 - asked.looking),
        "read": messages * online * asked.looking,
        "ping": online * MINUTES * 60 / asked.heartbeat_s,
        "renew": online * MINUTES / TOKEN_MINUTES,
        "token": online * MINUTES / TOKEN_MINUTES,
        "who is online": online * asked.looking * MINUTES,
        "wake": messages * wakes * (1 + later),
        "sweep": MINUTES,
    }


def billed_ms(call: Call, others: float) -> float:
    """How long a call lasts there: its share of a core computes, and it waits for others."""
    share = min(1.0, MEMORY_MB[call.function] / WHOLE_CPU_MB)
    waits = total(call.transactions, others) * TRANSACTION_MS
    return total(call.cpu_ms, others) / share + waits + total(call.posts, others) / POSTS_AT_ONCE * POST_MS


def total(counted: tuple[float, float], others: float) -> float:
    """With so many others online."""
    always, each = counted
    return always + each * others


def usage(asked: Asked, operations: Operations) -> Usage:
    """Of what is asked."""
    often = happens(asked, operations)
    others = max(0.0, asked.online - 1)
    sums: dict[str, float] = defaultdict(float)
    calls: dict[str, float] = defaultdict(float)
    kinds = [
        (often[kind], operations.calls[kind], others * asked.looking if kind == "typing" else others)
        for kind in often  # that somebody types is told to those who have the room on the screen
    ]
    kinds += swaps(asked, operations)
    for n, call, beside in kinds:
        calls[call.function] += n
        gb = MEMORY_MB[call.function] / 1024
        sums["gb_seconds"] += n * billed_ms(call, beside) / 1000 * gb
        for name in ("posts", "posted_bytes", "answered_bytes", "transactions"):
            sums[name] += n * total(getattr(call, name), beside)
    swapped = swaps(asked, operations)[0][0]
    http_calls = sum(often[kind] for kind in ASKED)
    return Usage(
        happens=often,
        frames=sum(often[kind] for kind in FRAMES) + swapped,
        posts=sums["posts"] + swapped,  # each begins with a `goaway`
        connection_minutes=asked.online * MINUTES,
        http_calls=http_calls,
        calls=dict(calls),
        gb_seconds=sums["gb_seconds"],
        queue_requests=often["wake"] * QUEUE_REQUESTS_A_WAKE + MINUTES * QUEUE_LOOKS_A_MINUTE,
        schedules=MINUTES,
        transactions=sums["transactions"],
        out_gb=(sums["posted_bytes"] + sums["answered_bytes"]) / GB,
        log_gb=sum(calls.values()) * LOG_BYTES_A_CALL / GB,
        edge_requests_a_day=(http_calls + often["connect"] + swapped) / DAYS,
        database_gb=asked.messages_a_day * YEAR_DAYS * MESSAGE_KB / 1e6,
        image_gb=asked.images_a_day * YEAR_DAYS * IMAGE_MB / 1e3,
    )


def swaps(asked: Asked, operations: Operations) -> list[tuple[float, Call, float]]:
    """Sockets that are changed over in the middle of a visit: nobody else is told."""
    n = max(0.0, asked.online * MINUTES * (1 / SOCKET_MINUTES - 1 / asked.visit_minutes))
    return [(n, operations.calls[kind], 0.0) for kind in ("connect", "hello", "disconnect")]
