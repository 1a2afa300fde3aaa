"""The push port: a device is told of something while nothing of ours is open on it.

The contract of `Pusher`:

* `send` returns when a push service has taken the push over, and raises `NotPushed` when not. That it was
  shown nobody can promise: it waits there for at most `ttl_s`, and then it is dropped.
* Of two pushes with the same `topic` to one target the newer replaces the older: sent twice after a crash, it
  is seen once. With `withdraw` it takes away what was shown for its topic, and shows nothing.
* `gone` = the target is dead, and to be forgotten. `permanent` = this push never goes there; another one may.
  Else it may be tried again, not before `retry_s` where a service said so. `code` is a word of ours: what a
  service says may repeat a target.
* It takes at most `SEND_S`, and keeps the loop free. If it is cancelled the push may have left all the same.
* Whoever carries a web push sees its size, topic and time, but nothing that it says. The native services read
  title and text: what may not be read there is not put in.
* A target is a secret like a password: whoever has it can push to this device. It stands in no log, no
  error and no `repr`.

Codes: `gone`, `too_large`, `refused` (by the service, or its key is wrong), `not_public` (the address lies in
a network that is not the service's but ours), `busy`, `unreachable`.
"""

import re
from typing import Literal, Protocol

import msgspec

SEND_S = 20.0
PAYLOAD_BYTES_MAX = 3_000
TTL_S_MAX = 28 * 86_400
RETRY_S_MAX = 3_600.0
Kind = Literal["web", "apns", "fcm"]
Urgency = Literal["high", "normal", "low"]
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One device. Of a browser `address` is the endpoint and `p256dh` and `auth` are its keys, in base64url;
    of an app `address` is the token of the device, and there are no keys.
    """

    kind: Kind
    address: str
    p256dh: str = ""
    auth: str = ""

    def __repr__(self) -> str:
        return f"Target({self.kind})"


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """What a device is told. `badge` = how much waits there in all; `data` goes with it as it is, for the
    click. Raises ValueError for a topic or a `ttl_s` that no service takes.
    """

    target: Target
    topic: str
    ttl_s: int
    urgency: Urgency = "high"
    title: str = ""
    body: str = ""
    badge: int | None = None
    data: dict[str, str] = {}
    withdraw: bool = False

    def __post_init__(self) -> None:
        if not _TOPIC.fullmatch(self.topic):
            raise ValueError("A topic has at most 32 characters of base64url.")
        if not 0 <= self.ttl_s <= TTL_S_MAX:
            raise ValueError("A push waits for at most 28 days.")

    def __repr__(self) -> str:
        return f"Push({self.target!r})"


class NotPushed(Exception):
    """It has not left. What the fields mean stands in the contract."""

    def __init__(
        self, code: str, *, gone: bool = False, permanent: bool = False, retry_s: float | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.gone = gone
        self.permanent = permanent
        self.retry_s = retry_s


class Pusher(Protocol):
    """Pushes to targets of one kind. Many at once are fine."""

    async def send(self, push: Push) -> None:
        """As the contract says. Raises NotPushed."""

    async def close(self) -> None:
        """Lets go of its connections."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What arrives at our own service worker. The apps of `apns` and `fcm` find the same names, where their
    services let them choose.
    """

    topic: str
    title: str = ""
    body: str = ""
    badge: int | None = None
    data: dict[str, str] = {}
    withdraw: bool = False


def payload(push: Push) -> bytes:
    """The `Said` of a push, as JSON; of a withdrawn one without words. Raises NotPushed where it is too large
    for any of the services.
    """
    title, body = ("", "") if push.withdraw else (push.title, push.body)
    said = Said(
        topic=push.topic, title=title, body=body, badge=push.badge, data=push.data, withdraw=push.withdraw
    )
    content = msgspec.json.encode(said)
    if len(content) > PAYLOAD_BYTES_MAX:
        raise NotPushed("too_large", permanent=True)
    return content
