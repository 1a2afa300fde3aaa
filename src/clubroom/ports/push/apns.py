"""Apple's push service, for a native shell: HTTP/2, and a token that we sign ourselves.

Its rules: one token for all calls, not renewed more often than every 20 minutes and not older than 60. The
shell finds `topic`, `data`, `badge` and `withdraw` beside `aps`; withdrawing is a push in the background, and
those may come late.
"""

import ssl
import time
from collections.abc import Callable
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from clubroom.ports.calling import Answer, Caller
from clubroom.ports.push import SEND_S, NotPushed, Push, Urgency, payload
from clubroom.ports.push.sending import gone, refusal, require, sending

PRODUCTION = "https://api.push.apple.com"
TOKEN_S_MIN = 20 * 60
TOKEN_S_MAX = 40 * 60
PRIORITIES: dict[Urgency, str] = {"high": "10", "normal": "5", "low": "1"}
IN_THE_BACKGROUND = "5"
OK, BAD_REQUEST, FORBIDDEN, GONE = 200, 400, 403, 410


class ApnsKey(msgspec.Struct, frozen=True, kw_only=True):
    """What Apple gives a developer: `private_key` is the text of the .p8 file."""

    team: str
    key_id: str
    private_key: str
    bundle: str

    def __repr__(self) -> str:
        return f"ApnsKey({self.bundle})"


class _Reason(msgspec.Struct):
    reason: str = ""


class ApnsPusher:
    """`base_url` is another one for apps that are being developed."""

    def __init__(
        self,
        key: ApnsKey,
        *,
        base_url: str = PRODUCTION,
        trusted: ssl.SSLContext | None = None,
        send_s: float = SEND_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = SignedToken(key, clock)
        self.bundle = key.bundle
        self.base_url = base_url
        self.caller = Caller(trusted=trusted, only_http2=True)
        self.send_s = send_s
        self.clock = clock

    async def send(self, push: Push) -> None:
        """As the contract says."""
        require(push.target, "apns")
        content = notification(push)
        async with sending(self.send_s):
            answer = await self._asked(push, content)
        if answer.status == OK:
            return
        reason = _reason(answer)
        if answer.status == GONE or (answer.status == BAD_REQUEST and reason == "BadDeviceToken"):
            raise gone()
        if reason == "ExpiredProviderToken":  # our clock is wrong, which the host may set right
            raise NotPushed("refused")
        raise refusal(answer, self.clock())

    async def close(self) -> None:
        """Lets go of its connections."""
        await self.caller.close()

    async def _asked(self, push: Push, content: bytes) -> Answer:
        url = f"{self.base_url}/3/device/{push.target.address}"
        headers = self._headers(push)
        signed = self.token.current()
        answer = await self.caller.call("POST", url, headers | {"authorization": f"bearer {signed}"}, content)
        if answer.status != FORBIDDEN or _reason(answer) != "ExpiredProviderToken":
            return answer
        newer = self.token.instead_of(signed)
        if newer == signed:
            return answer
        return await self.caller.call("POST", url, headers | {"authorization": f"bearer {newer}"}, content)

    def _headers(self, push: Push) -> dict[str, str]:
        return {
            "apns-topic": self.bundle,
            "apns-collapse-id": push.topic,
            "apns-expiration": str(int(self.clock()) + push.ttl_s if push.ttl_s else 0),
            "apns-priority": IN_THE_BACKGROUND if push.withdraw else PRIORITIES[push.urgency],
            "apns-push-type": "background" if push.withdraw else "alert",
            "content-type": "application/json",
        }


class SignedToken:
    """The one token of this place."""

    def __init__(self, key: ApnsKey, clock: Callable[[], float]) -> None:
        self._signing = ECKey.import_key(key.private_key)
        self._key = key
        self._clock = clock
        self._made_at = 0.0
        self._token = ""

    def current(self) -> str:
        """Made anew when it is 40 minutes old."""
        return self._token if self._age_s() < TOKEN_S_MAX else self._made()

    def instead_of(self, refused: str) -> str:
        """A newer one, unless a new one would be refused for being one too many."""
        return self._token if self._token != refused or self._age_s() < TOKEN_S_MIN else self._made()

    def _age_s(self) -> float:
        return self._clock() - self._made_at if self._token else TOKEN_S_MAX

    def _made(self) -> str:
        self._made_at = self._clock()
        header = {"alg": "ES256", "kid": self._key.key_id}
        self._token = jwt.encode(header, {"iss": self._key.team, "iat": int(self._made_at)}, self._signing)
        return self._token


def notification(push: Push) -> bytes:
    """The body of the call. Raises NotPushed where it is too large."""
    payload(push)
    beside: dict[str, Any] = {"topic": push.topic}
    if push.data:
        beside["data"] = push.data
    if push.badge is not None:
        beside["badge"] = push.badge
    if push.withdraw:
        # With a badge in `aps` it would count as one that is shown.
        return msgspec.json.encode({"aps": {"content-available": 1}, "withdraw": True, **beside})
    aps: dict[str, Any] = {"alert": {"title": push.title, "body": push.body}, "thread-id": push.topic}
    if push.badge is not None:
        aps["badge"] = push.badge
    if push.urgency == "high":
        aps["sound"] = "default"
    return msgspec.json.encode({"aps": aps, **beside})


def _reason(answer: Answer) -> str:
    try:
        return msgspec.json.decode(answer.body, type=_Reason).reason
    except msgspec.DecodeError:
        return ""
