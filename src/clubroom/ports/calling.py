"""Calls out of this place, to servers that others run.

On the floor of httpx, which is httpcore: no cookies, no redirects, no proxies out of the environment, no
password files, nothing unpacked, and no line of a log that tells the address.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

import httpcore
import msgspec
from h2.exceptions import H2Error

ANSWER_BYTES_MAX = 16 * 1024
CONNECT_S = 5.0
KEPT_S = 60.0
UPTO_BYTES_MAX = 16
CONNECTIONS_MAX = 100
EXTENSIONS = {"timeout": {"connect": CONNECT_S}}
FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    H2Error,
    OSError,
    UnicodeError,  # a name that no look-up takes
)


class Answer(msgspec.Struct, frozen=True):
    """`headers` in lower case; of the body its beginning, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class NoAnswer(Exception):
    """Nobody answered, or nobody whom we trust. Without words: those of libraries may repeat an address."""


class _Line:
    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self.pool = pool
        self.asked = 0
        self.left = False


class Caller:
    """Keeps its connections for a minute. `backend` decides who can be reached. `only_http2`: all calls to a
    host share one connection, and where one fails or hangs the next ones get a new one; a connection that
    died silently would swallow them all.
    """

    def __init__(
        self,
        *,
        trusted: ssl.SSLContext | None = None,
        backend: httpcore.AsyncNetworkBackend | None = None,
        only_http2: bool = False,
    ) -> None:
        self.trusted = trusted or ssl.create_default_context()
        self.backend = backend
        self.only_http2 = only_http2
        self._line = self._new_line()

    async def call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        *,
        bytes_max: int = ANSWER_BYTES_MAX,
        upto: re.Pattern[bytes] | None = None,
    ) -> Answer:
        """The answer, whatever it is, and at most `bytes_max` of its body; it ends, too, soon after `upto`
        has come, at most `UPTO_BYTES_MAX` long. How long all that may take is said around it.

        Raises NoAnswer, and what `backend` raises of its own.
        """
        line = self._line
        line.asked += 1
        try:
            # The headers in a list: httpcore takes any mapping for one of bytes.
            asked = line.pool.stream(
                method,
                url,
                headers=list(headers.items()),
                content=None if method == "GET" else content,
                extensions=EXTENSIONS,
            )
            return await _answered(asked, bytes_max, upto)
        except FAILURES:
            self._leave(line)
            raise NoAnswer from None
        except asyncio.CancelledError:
            self._leave(line)
            raise
        finally:
            line.asked -= 1
            if line.left and not line.asked:
                await line.pool.aclose()

    async def close(self) -> None:
        """Lets go of its connections."""
        await self._line.pool.aclose()

    def _leave(self, line: _Line) -> None:
        if self.only_http2 and line is self._line:
            line.left = True
            self._line = self._new_line()

    def _new_line(self) -> _Line:
        return _Line(
            httpcore.AsyncConnectionPool(
                ssl_context=self.trusted,
                max_connections=CONNECTIONS_MAX,
                keepalive_expiry=KEPT_S,
                http1=not self.only_http2,
                http2=self.only_http2,
                network_backend=self.backend,
            )
        )


async def _answered(
    asked: AbstractAsyncContextManager[httpcore.Response], bytes_max: int, upto: re.Pattern[bytes] | None
) -> Answer:
    async with asked as response:
        body = bytearray()
        async for part in response.aiter_stream():
            new_from = max(0, len(body) - UPTO_BYTES_MAX)
            body += part
            if len(body) >= bytes_max or (upto is not None and upto.search(body, new_from)):
                break
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, told, bytes(body[:bytes_max]))
