"""A network for a server alone, with a cable to ours on which either direction can be cut. Needs root."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

ADDRESSES = range(2, 6)
Direction = Literal["up", "down"]
# In the server's namespace: what comes to one of its addresses goes up, what leaves from one comes down.
HOOKS: dict[Direction, tuple[str, str]] = {"up": ("input", "daddr"), "down": ("output", "saddr")}


@dataclass(frozen=True)
class Network:
    """`name` of the namespace; `addresses` that the server has in it, all reachable from here."""

    name: str
    addresses: list[str]

    async def cut(self, address: str, *directions: Direction) -> None:
        """What comes to this address, or leaves from it, is dropped without a word."""
        for direction in directions:
            hook, field = HOOKS[direction]
            await self._run("nft", "add", "rule", "inet", "cut", hook, "ip", field, address, "drop")

    async def mend(self) -> None:
        """Everything gets through again."""
        for hook, _ in HOOKS.values():
            await self._run("nft", "flush", "chain", "inet", "cut", hook)

    async def make(self, our_address: str) -> None:
        """The cable, the addresses, and a filter that drops nothing yet."""
        ours, theirs = f"{self.name}-a", f"{self.name}-b"
        await _run("ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", self.name)
        await _run("ip", "address", "add", f"{our_address}/24", "dev", ours)
        for address in self.addresses:
            await self._run("ip", "address", "add", f"{address}/24", "dev", theirs)
        await _run("ip", "link", "set", ours, "up")
        await self._run("ip", "link", "set", theirs, "up")
        await self._run("ip", "link", "set", "lo", "up")
        await self._run("nft", "add", "table", "inet", "cut")
        for hook, _ in HOOKS.values():
            chain = f"{{ type filter hook {hook} priority 0; }}"
            await self._run("nft", "add", "chain", "inet", "cut", hook, chain)

    async def _run(self, *command: str) -> None:
        await _run("ip", "netns", "exec", self.name, *command)


@asynccontextmanager
async def network() -> AsyncIterator[Network]:
    """Gone with the block, and the cable with it."""
    number = random.randrange(256)
    made = Network(f"clubroom{number}", [f"10.213.{number}.{last}" for last in ADDRESSES])
    await _run("ip", "netns", "add", made.name)
    try:
        await made.make(f"10.213.{number}.1")
        yield made
    finally:
        await _run("ip", "netns", "delete", made.name)


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 0, f"{' '.join(command)}: {said.decode().strip()}"
