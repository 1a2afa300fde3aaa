"""What the bench asks of the crowd, and what the crowd answers: one JSON object in a line."""

import msgspec


class Seat(msgspec.Struct, frozen=True):
    """A socket to be opened: whose token it says, and which group it posts to and is held to."""

    token: str
    group: int


class Open(msgspec.Struct, frozen=True, tag="open"):
    """Opens sockets to a server on loopback, as many as `seats`, and waits until all are live.

    `crowd` is the name by which later orders mean these sockets.
    """

    crowd: str
    port: int
    seats: list[Seat]


class Flood(msgspec.Struct, frozen=True, tag="flood"):
    """`posters` of the sockets post without a pause, each its next message once the last was acknowledged."""

    crowd: str
    posters: int
    seconds: float


class Pace(msgspec.Struct, frozen=True, tag="pace"):
    """Posts come at a steady rate, however long an answer takes, each by the next socket in turn."""

    crowd: str
    posts_a_second: float
    seconds: float


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    """Closes these sockets."""

    crowd: str


Order = Open | Flood | Pace | Leave


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """All are live."""

    sockets: int
    seconds: float


class Posted(msgspec.Struct, frozen=True, tag="posted"):
    """A flood or a pace is over: every post was acknowledged, and every socket of its group heard it once.

    `seconds` is from the first post to the last delivery, `cpu_s` what the crowd itself needed of a core.
    Delays are from the write of a post: to its acknowledgement, and to each delivery (a pace only).
    """

    posts: int
    deliveries: int
    seconds: float
    cpu_s: float
    ack_ms: list[float]  # median, p99
    delivery_ms: list[float]  # median, p99; empty after a flood


class Left(msgspec.Struct, frozen=True, tag="left"):
    """They are closed."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Something was lost, doubled, refused or too late: there is no figure."""

    why: str


Answer = Opened | Posted | Left | Failed
