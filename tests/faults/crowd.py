"""A club full of clients under one server, and the ways to wait for them."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import cycle, pairwise
from typing import Any

import httpx

from faults.check import Verdict, check
from faults.client import Client, Talk
from faults.server import Server
from house.person import Json, Person
from house.server import NO_AUTHORITIES
from house.uuid7 import uuid7
from house.within import within

WRITERS = 12
READERS = 4
PATIENCE_S = 60.0
SETTLED_S = 15.0
ABANDON_EVERY = 4  # of four writers one leaves with its last message under way
HTTP_S = 5.0
USUAL_TALK = Talk()


class CallByCall(httpx.AsyncHTTPTransport):
    """A connection for each call: a killed server's would be found dead too late. Whose peer dies while the
    connection is made meets a fault of anyio (its socket has no name any more): the call has not arrived.
    """

    def __init__(self) -> None:
        super().__init__(verify=NO_AUTHORITIES, limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except AttributeError as error:
            if error.name != "getpeername":
                raise
            raise httpx.ConnectError("ended while it was made", request=request) from error


async def person(server: Server, name: str, stack: AsyncExitStack, **sign_in: str) -> Person:
    """A new account with a device, gone with the stack."""
    http = httpx.AsyncClient(base_url=server.url, timeout=HTTP_S, transport=CallByCall())
    await stack.enter_async_context(http)
    response = await http.post("/api/accounts", json={"name": name, **sign_in})
    assert response.is_success, response.text
    return Person(http, response.json(), _unwatched)


async def club(server: Server, stack: AsyncExitStack) -> tuple[Person, Json]:
    """A club and its owner."""
    address = f"{uuid7()}@example.org"
    owner = await person(server, "Ann", stack, email=address, password="correct horse battery")
    return owner, await owner.create_club()


class Crowd:
    """Who writes, who only reads. The first is the owner; everybody reads. Each client in turn gets the next
    of `doors`, which are lists of addresses to come in by.
    """

    def __init__(
        self,
        server: Server,
        rng: random.Random,
        doors: Sequence[Sequence[str]],
        talk: Talk,
    ) -> None:
        self.server = server
        self.talk = talk
        self.rng = rng
        self.doors = doors or [[server.url]]
        self.clients: list[Client] = []
        self.written: dict[Client, asyncio.Task[None]] = {}
        self.finished = asyncio.Event()
        self.tail_s = 0.0  # after its acknowledgement the last message took so long to be everywhere
        self._something = asyncio.Event()

    async def come(self, stack: AsyncExitStack) -> None:
        """Everybody joins."""
        owner, made = await club(self.server, stack)
        people = [owner]
        for number in range(1, WRITERS + READERS):
            people.append(await person(self.server, f"Member {number}", stack))
            await people[-1].join(made["code"])
        own = [random.Random(self.rng.random()) for _ in people]
        self.clients = [
            Client(each, made["group"], doors, rng, self._something.set, self.talk)
            for each, rng, doors in zip(people, own, cycle(self.doors), strict=False)
        ]

    @property
    def acked(self) -> int:
        """So far, by all of them."""
        return sum(len(client.diary.acked) for client in self.clients)

    async def more_acks(self, count: int) -> None:
        """The measure of time here: a fault comes after so many more acknowledgements."""
        wanted = self.acked + count
        await self.until(lambda: self.acked >= wanted, f"{count} more messages were acknowledged")

    async def everyone_acked_since(self, moment: float) -> None:
        """Each writer has had an answer after this moment."""
        writers = list(self.written)
        await self.until(
            lambda: all(client.ack_times and client.ack_times[-1] > moment for client in writers),
            "every writer had an answer",
        )

    async def settle(self, settled_s: float = SETTLED_S) -> Verdict:
        """Some leave in the midst of sending, the rest finish; when all is quiet the log is judged."""
        self.finished.set()
        abandoned = list(self.written)[ABANDON_EVERY - 1 :: ABANDON_EVERY]
        for client in abandoned:
            self.written[client].cancel()
        finishing = [task for client, task in self.written.items() if client not in abandoned]
        async with within(PATIENCE_S, "the writers finished"):
            await asyncio.gather(*finishing)
            await self.clients[0].post("The end.")
        acked = asyncio.get_running_loop().time()
        group = self.clients[0].group
        head = max(seq for seq, _ in self.clients[0].diary.acked.values())
        with suppress(
            AssertionError
        ):  # whoever lacks something then lacks it for good: the checker says what
            await self.until(lambda: self.all_have(head), "everybody had everything", settled_s)
        self.tail_s = asyncio.get_running_loop().time() - acked
        log = await self.clients[0].person.actions(group)
        return check(log, [client.diary for client in self.clients])

    def waits(self, since: float) -> list[float]:
        """For each writer, the longest it waited for an acknowledgement after this moment, in seconds."""
        return [_longest([at for at in client.ack_times if at > since], since) for client in self.written]

    def all_have(self, head: int) -> bool:
        """Up to this place in the log."""
        return all(client.cursor >= head for client in self.clients)

    async def until(self, holds: Callable[[], bool], what: str, within_s: float = PATIENCE_S) -> None:
        """Looks after each ack and each action that somebody applied."""
        async with within(within_s, what):
            while not holds():
                self._something.clear()
                await self._something.wait()


@asynccontextmanager
async def writing(
    server: Server,
    rng: random.Random,
    doors: Sequence[Sequence[str]] = (),
    talk: Talk = USUAL_TALK,
) -> AsyncIterator[Crowd]:
    """A crowd at work. A client that fails ends the block."""
    crowd = Crowd(server, rng, doors, talk)
    async with AsyncExitStack() as stack:
        await crowd.come(stack)
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(client.listen()) for client in crowd.clients]
            for client in crowd.clients[:WRITERS]:
                crowd.written[client] = tasks.create_task(client.write(crowd.finished))
            yield crowd
            for task in [*listening, *crowd.written.values()]:
                task.cancel()


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[int(len(values) * 0.95)]


def _longest(moments: list[float], since: float) -> float:
    return max((later - earlier for earlier, later in pairwise([since, *moments])), default=0)


async def _unwatched(_: Person) -> Any:
    """Here the checker watches, not F17."""
