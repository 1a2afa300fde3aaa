"""The gateway of AWS: API Gateway holds the sockets, and is spoken to by its management API (contract:
`RemoteGateway`). A socket that is gone is told by 410, or by the name of the error, `GoneException`.
"""

import asyncio
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from clubroom.errors import TooLarge, Unavailable
from clubroom.ports.calling import Answer, Caller, NoAnswer
from clubroom.ports.signing.aws import HeaderSigner

SERVICE: Final = "execute-api"
MESSAGE_BYTES_MAX = 128 * 1024
TIMEOUT_S = 5.0
RETRY_MS = 1_000
GONE = "GoneException"


class ManagementApi:
    """`endpoint` is the stage's own, without a slash at its end; without a `signer` for a gateway on this
    machine, which asks for no signature.
    """

    def __init__(
        self, endpoint: str, signer: HeaderSigner | None = None, caller: Caller | None = None
    ) -> None:
        self.endpoint = endpoint
        self.signer = signer
        self.caller = caller or Caller()

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
        await self.caller.close()

    async def _ask(self, method: str, connection: str, payload: bytes) -> bool:
        url = f"{self.endpoint}/{quote('@connections', safe='')}/{quote(connection, safe='')}"
        headers = self.signer.signed(method, url, payload, {}) if self.signer is not None else {}
        try:
            async with asyncio.timeout(TIMEOUT_S):
                answer = await self.caller.call(method, url, headers, payload)
        except (NoAnswer, TimeoutError) as error:
            raise Unavailable(retry_ms=RETRY_MS) from error
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return True
        if _gone(answer):
            return False
        raise Unavailable(f"The gateway answered {answer.status}.", retry_ms=RETRY_MS)


def _gone(answer: Answer) -> bool:
    told = answer.headers.get("x-amzn-errortype", "")
    return answer.status == HTTPStatus.GONE or GONE in told or GONE.encode() in answer.body
