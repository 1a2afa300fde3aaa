"""Presence in Redis, or in whatever else speaks its protocol (7 or newer; contract: ports/presence).

Keys begin with `clubroom:` and the name of this place, so that several places may share one store:

* `…:on:<server>`, a hash: each person who is on that server, and how they are here. The key is the lease as
  well, so that both end together. One field with no name keeps it while nobody is there.
* `…:servers`, a set: the names of servers. Those whose lease is over are dropped when somebody looks.

Each call is one script, so that nobody sees half of another's. The scripts make the names of keys themselves:
not for a Redis Cluster, which one set of a few thousand people does not need.

Redis knows nothing of groups: who of those online is in one, the database is asked (`members`).
"""

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis, SSLConnection
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from clubroom.errors import Unavailable
from clubroom.ports.presence import Online, State, together
from clubroom.ports.presence.redis_server import RedisServer

ANSWER_S = 1.0
CONNECTIONS_MAX = 4
RETRY_MS = 1_000

Members = Callable[[int, int, Mapping[int, State], int], Awaitable[Online]]
"""(who, group, people, limit) → who of these people is in the group. Raises NotFound to outsiders."""

RENEW = """
redis.call('SADD', KEYS[2], ARGV[1])
local known = redis.call('EXISTS', KEYS[1])
redis.call('HSET', KEYS[1], '', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return known
"""
# ARGV: this server, how many came, each of them with their state, then whoever went.
MOVE = """
local came = tonumber(ARGV[2])
local asked = {}
local held = redis.call('EXISTS', KEYS[1]) == 1
for i = 3, 2 + 2 * came, 2 do
  asked[#asked + 1] = ARGV[i]
  if held then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
for i = 3 + 2 * came, #ARGV do
  asked[#asked + 1] = ARGV[i]
  redis.call('HDEL', KEYS[1], ARGV[i])
end
local elsewhere = {}
for _, server in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if server ~= ARGV[1] then
    for _, person in ipairs(asked) do
      local state = redis.call('HGET', KEYS[3] .. server, person)
      if state then
        elsewhere[#elsewhere + 1] = person
        elsewhere[#elsewhere + 1] = state
      end
    end
  end
end
return elsewhere
"""
LOOK = """
local found = {}
for _, server in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local people = redis.call('HGETALL', KEYS[2] .. server)
  if #people == 0 then redis.call('SREM', KEYS[1], server) end
  for _, one in ipairs(people) do found[#found + 1] = one end
end
return found
"""
LEAVE = """
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])
"""


class RedisPresence:
    """One server's part of who is online. `server` is a name that no other has, `place` one that all have."""

    def __init__(self, address: RedisServer, place: str, server: str, members: Members) -> None:
        self.server = server
        self.members = members
        self._redis = client(address)
        self._names = f"clubroom:{place}:on:"
        self._servers = f"clubroom:{place}:servers"
        self._mine = self._names + server
        self._looking = asyncio.Lock()
        self._next: asyncio.Future[dict[int, State]] | None = None

    def beside(self, server: str) -> "RedisPresence":
        """The part of another server, over the same connections."""
        other = copy.copy(self)
        other.server, other._mine = server, self._names + server
        return other

    async def renew(self, ttl_s: float) -> bool:
        """See the contract."""
        known = await self._run(RENEW, [self._mine, self._servers], self.server, int(ttl_s * 1000))
        return bool(known)

    async def move(self, came: Mapping[int, State], went: Collection[int]) -> dict[int, State]:
        """See the contract."""
        said = [int(word) for pair in came.items() for word in pair]
        keys = [self._mine, self._servers, self._names]
        return _people(await self._run(MOVE, keys, self.server, len(came), *said, *went))

    async def leave(self) -> None:
        """See the contract."""
        await self._run(LEAVE, [self._mine, self._servers], self.server)

    async def here(self) -> set[int]:
        """See the contract."""
        return set(await self._everybody())

    async def online(self, who: int, group: int, limit: int) -> Online:
        """See the contract."""
        people = await self._everybody()
        seen = {key: state for key, state in people.items() if state is not State.HIDDEN}
        return await self.members(who, group, seen, limit)

    async def close(self) -> None:
        """See the contract."""
        await self._redis.aclose()

    async def _everybody(self) -> dict[int, State]:
        """All who ask while one look is under way share the next: no answer is older than its question, and
        there is one look at a time, however many clients ask.
        """
        if self._next is None:
            self._next = asyncio.ensure_future(self._look())
            self._next.add_done_callback(_taken)
        return await asyncio.shield(self._next)

    async def _look(self) -> dict[int, State]:
        async with self._looking:
            self._next = None
            return _people(await self._run(LOOK, [self._servers, self._names]))

    async def _run(self, script: str, keys: list[str], *arguments: str | int) -> Any:
        async with answering():
            asked: Any = self._redis.eval(script, len(keys), *keys, *arguments)
            return await asked


@asynccontextmanager
async def answering() -> AsyncIterator[None]:
    """Bounds what is asked of Redis, and tells in our words what it meets."""
    try:
        async with asyncio.timeout(ANSWER_S):
            yield
    except (RedisError, OSError) as error:
        raise Unavailable(retry_ms=RETRY_MS) from error


def client(address: RedisServer) -> Redis:
    """Connects when it is first asked something. No call is tried again by itself: a breath comes every two
    seconds.
    """
    pool = BlockingConnectionPool(
        connection_class=SSLConnection if address.encrypted else Connection,
        host=address.host,
        port=address.port,
        db=address.number,
        username=address.user,
        password=address.password,
        max_connections=CONNECTIONS_MAX,
        timeout=ANSWER_S,
        socket_timeout=ANSWER_S,
        socket_connect_timeout=ANSWER_S,
        retry=Retry(NoBackoff(), 0),
        client_name="clubroom",
    )
    return Redis.from_pool(pool)


async def greet(address: RedisServer) -> None:
    """Whether it answers and runs what it is sent. Raises Unavailable, caused by what it met."""
    redis = client(address)
    try:
        async with answering():
            asked: Any = redis.eval(LOOK, 2, "clubroom:nowhere:servers", "clubroom:nowhere:on:")
            await asked
    finally:
        await redis.aclose()


def _taken(look: asyncio.Future[dict[int, State]]) -> None:
    """What it met is told to those who wait for it; that they may all have gone is no fault."""
    if not look.cancelled():
        look.exception()


def _people(flat: list[bytes]) -> dict[int, State]:
    """From names and states in turn, as Lua gives them; of one whom several servers name, taken together."""
    found: dict[int, State] = {}
    for name, said in zip(flat[::2], flat[1::2], strict=True):
        if name:
            key, state = int(name), State(int(said))
            found[key] = together((found[key], state)) if key in found else state
    return found
