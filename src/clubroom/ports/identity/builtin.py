"""Passwords by Argon2id, in a few threads of their own."""

import asyncio
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib.hashers.argon2 import Argon2Hasher

from clubroom.errors import Unavailable

T = TypeVar("T")

# OWASP's first choice for a server: 19 MiB, two passes, about 30 ms
MEMORY_KIB = 19_456
PASSES = 2
THREADS_MAX = 4
WAITING_MAX = 256
RETRY_MS = 2_000


class Argon2Passwords:
    """At most as many hashes at once as there are cores, at most 256 waiting."""

    def __init__(self, *, threads: int | None = None, waiting_max: int = WAITING_MAX) -> None:
        count = threads or min(THREADS_MAX, os.cpu_count() or 1)
        self._hasher = Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="passwords")
        self._waiting = 0
        self._waiting_max = waiting_max
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    async def hashed(self, password: str) -> str:
        """As the contract says."""
        return await self._in_thread(lambda: self._hasher.hash(password))

    async def matches(self, password: str, stored: str | None) -> bool:
        """As the contract says."""
        matched = await self._in_thread(lambda: self._hasher.verify(password, stored or self._nobody))
        return matched and stored is not None

    def close(self) -> None:
        """Ends the threads; what is under way is finished."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._waiting_max:
            raise Unavailable(retry_ms=RETRY_MS)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
