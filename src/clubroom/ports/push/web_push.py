"""Web Push, to the push service of whichever browser it is: RFC 8030, encrypted (8291) and signed (8292).

The browser names the address, so it is called as one that somebody else has chosen: `public_only`.

Where a browser wants something shown for each push (all but a few do), a `withdraw` is the service worker's
to answer. One ends the subscription otherwise: to that one none is sent.
"""

import asyncio
import base64
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from clubroom.ports.addresses import Address
from clubroom.ports.calling import Caller
from clubroom.ports.public_only import PublicOnly, Resolve
from clubroom.ports.push import SEND_S, Push, Target, payload
from clubroom.ports.push.sending import gone, refusal, require, sending

TAKEN = frozenset({200, 201, 202, 204})
GONE = frozenset({404, 410})
VAPID_S = 12 * 3_600
ORIGINS_MAX = 200
SHOWS_EACH = ".push.apple.com"


class WebPusher:
    """`key` signs for this place, and `contact` (`mailto:` or `https:`) says whom a push service may write
    to. `besides` is for tests alone.
    """

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        contact: str,
        *,
        trusted: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
        besides: Callable[[Address], bool] | None = None,
        send_s: float = SEND_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.vapid = Vapid(key, contact, clock)
        self.way_out = PublicOnly(resolve=resolve, besides=besides)
        self.caller = Caller(trusted=trusted, backend=self.way_out)
        self.send_s = send_s
        self.clock = clock
        # One, so that a push to thousands leaves the machine to whoever is here.
        self.encrypting = ThreadPoolExecutor(1, thread_name_prefix="encrypt")

    async def send(self, push: Push) -> None:
        """As the contract says."""
        require(push.target, "web")
        said = payload(push)
        if push.withdraw and shows_each(push.target.address):
            return
        async with sending(self.send_s):
            loop = asyncio.get_running_loop()
            content = await loop.run_in_executor(self.encrypting, encrypted, push.target, said)
            headers = {
                "Authorization": self.vapid.header(push.target.address),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(push.ttl_s),
                "Topic": push.topic,
                "Urgency": push.urgency,
            }
            answer = await self.caller.call("POST", push.target.address, headers, content)
        if answer.status in TAKEN:
            return
        raise gone() if answer.status in GONE else refusal(answer, self.clock())

    async def close(self) -> None:
        """Lets go of its connections."""
        await self.caller.close()
        self.way_out.close()
        self.encrypting.shutdown(wait=False, cancel_futures=True)


class Vapid:
    """Says who pushes: a JWT for each origin, good for twelve hours and used for six."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str, clock: Callable[[], float]) -> None:
        self._key = ECKey.import_key(key)
        self._contact = contact
        self._clock = clock
        self._made: dict[str, tuple[float, str]] = {}
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def header(self, endpoint: str) -> str:
        """The value of Authorization for a push to there."""
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}".lower().removesuffix(":443")
        until, value = self._made.get(origin, (0.0, ""))
        if self._clock() < until:
            return value
        if len(self._made) >= ORIGINS_MAX:  # there are a handful of push services; the rest is made up
            self._made.clear()
        now = int(self._clock())
        claims = {"aud": origin, "exp": now + VAPID_S, "sub": self._contact}
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._key)
        value = f"vapid t={token}, k={self._public}"
        self._made[origin] = (now + VAPID_S / 2, value)
        return value


def shows_each(address: str) -> bool:
    """Whether the browser ends a subscription that is pushed to and shows nothing. There, what is read goes
    when Clubroom is opened.
    """
    return (urlsplit(address).hostname or "").endswith(SHOWS_EACH)


def encrypted(target: Target, said: bytes) -> bytes:
    """So that only this browser reads it (RFC 8291), with a key for this once."""
    content: bytes = http_ece.encrypt(
        said,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=base64.urlsafe_b64decode(target.p256dh + "="),
        auth_secret=base64.urlsafe_b64decode(target.auth + "=="),
        version="aes128gcm",
    )
    return content
