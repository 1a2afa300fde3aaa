"""Google's push service for a native shell: FCM v1, with a token that a service account asks for.

The shell finds `topic`, `badge`, `withdraw` and what is in `data` among its data, all of it as text. For a
phone that is away FCM keeps at most four collapse keys: of a fifth conversation it may hear only when it is
opened.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey

from clubroom.ports.calling import Answer, Caller
from clubroom.ports.push import SEND_S, NotPushed, Push, payload
from clubroom.ports.push.sending import LATER, gone, refusal, require, sending

PRODUCTION = "https://fcm.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_S = 3_600
EARLIER_S = 300
OK, UNAUTHORIZED, NOT_FOUND = 200, 401, 404


class FcmAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What is used of the JSON file that the console gives: it decodes as this."""

    project_id: str
    private_key_id: str
    private_key: str
    client_email: str
    token_uri: str

    def __repr__(self) -> str:
        return f"FcmAccount({self.project_id})"


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: int


class _Detail(msgspec.Struct, rename="camel"):
    error_code: str = ""


class _Error(msgspec.Struct):
    details: list[_Detail] = []


class _Refused(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


class FcmPusher:
    """`base_url` is for tests; where tokens are asked for stands in the account."""

    def __init__(
        self,
        account: FcmAccount,
        *,
        base_url: str = PRODUCTION,
        trusted: ssl.SSLContext | None = None,
        send_s: float = SEND_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.caller = Caller(trusted=trusted, only_http2=True)
        self.token = GrantedToken(account, self.caller, clock)
        self.url = f"{base_url}/v1/projects/{account.project_id}/messages:send"
        self.send_s = send_s
        self.clock = clock

    async def send(self, push: Push) -> None:
        """As the contract says."""
        require(push.target, "fcm")
        content = message(push)
        async with sending(self.send_s):
            answer = await self._asked(content)
        if answer.status == OK:
            return
        if answer.status == NOT_FOUND and "UNREGISTERED" in _codes(answer):
            raise gone()
        raise refusal(answer, self.clock())

    async def close(self) -> None:
        """Lets go of its connections."""
        await self.caller.close()

    async def _asked(self, content: bytes) -> Answer:
        granted = await self.token.current()
        answer = await self._asked_with(granted, content)
        if answer.status != UNAUTHORIZED:
            return answer
        return await self._asked_with(await self.token.instead_of(granted), content)

    async def _asked_with(self, granted: str, content: bytes) -> Answer:
        headers = {"Authorization": f"Bearer {granted}", "Content-Type": "application/json"}
        return await self.caller.call("POST", self.url, headers, content)


class GrantedToken:
    """The one token of this place: asked for once, however many wait for it."""

    def __init__(self, account: FcmAccount, caller: Caller, clock: Callable[[], float]) -> None:
        self._signing = RSAKey.import_key(account.private_key)
        self._account = account
        self._caller = caller
        self._clock = clock
        self._asking = asyncio.Lock()
        self._until = 0.0
        self._token = ""

    async def current(self) -> str:
        """Asked for anew five minutes before it ends. Raises NotPushed, and NoAnswer."""
        async with self._asking:
            return self._token if self._clock() < self._until else await self._asked_for()

    async def instead_of(self, refused: str) -> str:
        """A newer one; whoever asks for it second gets the same. Raises as above."""
        async with self._asking:
            return self._token if self._token != refused else await self._asked_for()

    async def _asked_for(self) -> str:
        form = urlencode({"grant_type": GRANT, "assertion": self._assertion()}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._caller.call("POST", self._account.token_uri, headers, form)
        if answer.status in LATER:
            raise refusal(answer, self._clock())
        try:
            granted = msgspec.json.decode(answer.body, type=_Granted)
        except msgspec.DecodeError:
            raise NotPushed(
                "refused"
            ) from None  # a wrong account, or a wrong clock: the host may set it right
        self._token = granted.access_token
        self._until = self._clock() + granted.expires_in - EARLIER_S
        return self._token

    def _assertion(self) -> str:
        account, now = self._account, int(self._clock())
        claims = {
            "iss": account.client_email,
            "scope": SCOPE,
            "aud": account.token_uri,
            "iat": now,
            "exp": now + ASSERTION_S,
        }
        return jwt.encode({"alg": "RS256", "kid": account.private_key_id}, claims, self._signing)


def message(push: Push) -> bytes:
    """The body of the call. Raises NotPushed where it is too large."""
    payload(push)
    data = push.data | {"topic": push.topic}
    if push.badge is not None:
        data["badge"] = str(push.badge)
    android: dict[str, Any] = {"collapse_key": push.topic, "ttl": f"{push.ttl_s}s"}
    made: dict[str, Any] = {"token": push.target.address, "data": data, "android": android}
    if push.withdraw:
        data["withdraw"] = "true"
        android["priority"] = "NORMAL"
    else:
        made["notification"] = {"title": push.title, "body": push.body}
        android["priority"] = "HIGH" if push.urgency == "high" else "NORMAL"
        android["notification"] = {"tag": push.topic}  # by it the newer takes the place of the older
    return msgspec.json.encode({"message": made})


def _codes(answer: Answer) -> set[str]:
    try:
        told = msgspec.json.decode(answer.body, type=_Refused)
    except msgspec.DecodeError:
        return set()
    return {detail.error_code for detail in told.error.details}
