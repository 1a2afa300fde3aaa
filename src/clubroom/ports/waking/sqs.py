"""A queue of AWS as the bell (contract: ports/waking): its messages say nothing."""

import asyncio
import re
from typing import Final
from urllib.parse import urlsplit

import msgspec

from clubroom.errors import Unavailable
from clubroom.ports.calling import Caller, NoAnswer
from clubroom.ports.signing.aws import Credentials, HeaderSigner
from clubroom.ports.waking import AFTER_S_MAX, ANSWER_S, LATER, NOW

SERVICE: Final = "sqs"
SEND: Final = "AmazonSQS.SendMessage"
TYPE: Final = "application/x-amz-json-1.0"
QUEUE = re.compile(r"https?://[^/?#@]+(/[A-Za-z0-9_.-]+){2,6}")
RETRY_MS = 1_000
OK = 200

_encode = msgspec.json.Encoder().encode


class QueueBell:
    """`queue` is its URL, as the queue's owner was told it."""

    def __init__(self, queue: str, credentials: Credentials, caller: Caller | None = None) -> None:
        parts = urlsplit(queue)
        self.queue = queue
        self.endpoint = f"{parts.scheme}://{parts.netloc}/"
        self.signer = HeaderSigner(credentials, SERVICE)
        self.caller = caller or Caller()

    async def wake(self, after_s: int = 0) -> None:
        """See the contract."""
        assert 0 <= after_s <= AFTER_S_MAX
        said = {"QueueUrl": self.queue, "MessageBody": LATER if after_s else NOW, "DelaySeconds": after_s}
        content = _encode(said)
        headers = self.signer.signed(
            "POST", self.endpoint, content, {"content-type": TYPE, "x-amz-target": SEND}
        )
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self.caller.call("POST", self.endpoint, headers, content)
        except (NoAnswer, TimeoutError) as error:
            raise Unavailable(retry_ms=RETRY_MS) from error
        if answer.status != OK:
            raise Unavailable(f"The queue answered {answer.status}.", retry_ms=RETRY_MS)

    async def close(self) -> None:
        """See the contract."""
        await self.caller.close()
