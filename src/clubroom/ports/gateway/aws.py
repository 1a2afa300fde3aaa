"""The gateway of AWS: API Gateway holds the sockets, and is spoken to by its management API (contract:
`RemoteGateway`). A socket that is gone is told by 410, or by the name of the error, `GoneException`.
"""

from collections.abc import Generator
from http import HTTPStatus
from urllib.parse import quote

import httpx

from clubroom.errors import TooLarge, Unavailable

MESSAGE_BYTES_MAX = 128 * 1024
TIMEOUT_S = 5.0
CONNECTIONS_MAX = 50
RETRY_MS = 1_000
GONE = "GoneException"


class ManagementApi:
    """`endpoint` is the stage's own, without a slash at its end; `sign` puts its signature into a request."""

    def __init__(self, endpoint: str, sign: httpx.Auth | None = None) -> None:
        self.endpoint = endpoint
        self.http = httpx.AsyncClient(
            auth=sign or Unsigned(), timeout=TIMEOUT_S, limits=httpx.Limits(max_connections=CONNECTIONS_MAX)
        )

    async def post(self, connection: str, payload: bytes) -> bool:
        """See the contract. Raises TooLarge before it asks."""
        if len(payload) > MESSAGE_BYTES_MAX:
            raise TooLarge
        return await self._ask("POST", connection, payload)

    async def end(self, connection: str) -> None:
        """See the contract."""
        await self._ask("DELETE", connection, b"")

    async def close(self) -> None:
        """Lets go of its connections."""
        await self.http.aclose()

    async def _ask(self, method: str, connection: str, payload: bytes) -> bool:
        url = f"{self.endpoint}/@connections/{quote(connection, safe='')}"
        try:
            answer = await self.http.request(method, url, content=payload)
        except httpx.HTTPError as error:
            raise Unavailable(retry_ms=RETRY_MS) from error
        if answer.is_success:
            return True
        if answer.status_code == HTTPStatus.GONE or GONE in answer.headers.get("x-amzn-errortype", ""):
            return False
        raise Unavailable(f"The gateway answered {answer.status_code}.", retry_ms=RETRY_MS)


class Unsigned(httpx.Auth):
    """For a gateway on this machine, which asks for no signature."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request as it is."""
        yield request
