"""The contract of ports/waking: it says only that there may be something to do, and holds up nobody."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from clubroom.errors import Unavailable
from clubroom.ports.signing.aws import Credentials
from clubroom.ports.waking import AFTER_S_MAX, ANSWER_S
from clubroom.ports.waking.sqs import QUEUE, QueueBell
from house.api_gateway import reached
from house.functions import CREDENTIALS, HttpApi, Lambda

PATH = "/000000000000/wakes"


class Woken:
    """The worker, as far as it matters here."""

    def __init__(self) -> None:
        self.events: list[dict[str, object]] = []

    def __call__(self, event: dict[str, object], _: object) -> None:
        self.events.append(event)


@pytest.fixture
async def woken() -> Woken:
    return Woken()


@pytest.fixture
async def queue(woken: Woken) -> AsyncIterator[HttpApi]:
    worker = Lambda(lambda: woken)
    api = HttpApi({"worker": worker})
    async with reached(api) as url:
        api.url = url
        yield api
        await api.finish()
    await worker.end()


async def test_whoever_is_woken_is_called_and_told_nothing_else(queue: HttpApi, woken: Woken) -> None:
    bell = QueueBell(queue.url + PATH, CREDENTIALS)
    await bell.wake()
    await queue.finish()
    assert woken.events == [{"Records": [{"body": "wake"}]}]
    await bell.close()


async def test_one_may_be_woken_later_and_many_times(queue: HttpApi) -> None:
    bell = QueueBell(queue.url + PATH, CREDENTIALS)
    for after_s in (16, 0, AFTER_S_MAX):
        await bell.wake(after_s)
    assert queue.wakes == [16, 0, AFTER_S_MAX]
    await bell.close()


async def test_another_key_wakes_nobody(queue: HttpApi) -> None:
    bell = QueueBell(
        queue.url + PATH, Credentials(key_id="AKIDEXAMPLE", key="another", region=CREDENTIALS.region)
    )
    with pytest.raises(Unavailable):
        await bell.wake()
    assert queue.wakes == []
    await bell.close()


async def test_a_queue_that_is_away_is_told_in_our_words() -> None:
    bell = QueueBell(f"http://127.0.0.1:1{PATH}", CREDENTIALS)
    with pytest.raises(Unavailable):
        await bell.wake()
    await bell.close()


async def test_a_queue_that_hangs_holds_up_nobody_for_long() -> None:
    ends = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ends.wait()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        bell = QueueBell(f"http://127.0.0.1:{port}{PATH}", CREDENTIALS)
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            await bell.wake()
        assert time.monotonic() - begun >= ANSWER_S
        await bell.close()
        ends.set()


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://sqs.eu-central-1.amazonaws.example/123456789012/wakes", True),
        ("http://127.0.0.1:4577/000000000000/wakes", True),
        ("https://sqs.eu-central-1.amazonaws.example/", False),
        ("https://user@sqs.example/1/wakes", False),
        ("sqs.example/1/wakes", False),
    ],
)
def test_the_address_of_a_queue_is_told_from_what_is_none(url: str, is_one: bool) -> None:
    assert bool(QUEUE.fullmatch(url)) is is_one
