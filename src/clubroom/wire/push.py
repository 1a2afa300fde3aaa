"""How a signed-in device is told of what happens while it sleeps (docs/protocol.md, "Push")."""

from typing import Literal

from clubroom.wire.shapes import Incoming, Outgoing

PushKind = Literal["web", "apns", "fcm"]
DeviceOutcome = Literal["pushed", "withdrawn", "waits", "collapsed", "read", "unwanted", "gone", "failed"]
Outcome = Literal[
    "own",
    "before",
    "read",
    "shown",
    "blocked",
    "level",
    "unfollowed",
    "muted",
    "quiet",
    "none",
    "mailed",
    "pushed",
    "withdrawn",
    "waits",
    "collapsed",
    "unwanted",
    "gone",
    "failed",
    "forgotten",
]
"""What became of a message for one person (docs/protocol.md tells each)."""


class PushKey(Outgoing, frozen=True):
    """`GET /api/push`: what a browser subscribes with, in base64url."""

    key: str


class PutPush(Incoming, frozen=True):
    """`PUT /api/me/push`: this device is reached there. `p256dh` and `auth` are those of a browser."""

    kind: PushKind
    address: str
    p256dh: str = ""
    auth: str = ""


class PushState(Outgoing, frozen=True):
    """`GET /api/me/push`: of this device. `failed`: the last push did not arrive, and why."""

    on: bool
    kind: PushKind | None
    failed: str | None
    pushed_at: str | None


class WhyDevice(Outgoing, frozen=True):
    """One device that was to be told. `here` = the one that asks; `name` = browser and system, if known."""

    here: bool
    name: str | None
    kind: PushKind | None
    outcome: DeviceOutcome
    failed: str | None
    at: str


class Why(Outgoing, frozen=True):
    """`GET /api/messages/{id}/why`. `at` is null where nothing was decided."""

    outcome: Outcome
    at: str | None
    devices: list[WhyDevice]
