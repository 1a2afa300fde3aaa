"""A device for a gateway that loses, delays and shuffles: as docs/protocol.md asks, it applies only what
follows its cursor, gives what is missing half a second, and then pulls it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection

from house.device import Device, Frame

HELD_S = 0.5
Pull = Callable[[int, int], Awaitable[list[Frame]]]
"""(group, after) → the actions after that seq"""


class PatientDevice(Device):
    """`pull` asks by HTTP."""

    def __init__(self, connection: ClientConnection) -> None:
        super().__init__(connection)
        self.pull: Pull
        self._lacks: dict[int, int] = {}  # group → the head it was told
        self._pulls: dict[int, asyncio.Task[None]] = {}

    async def leave(self) -> None:
        await self._stop_pulling()
        await super().leave()

    async def vanish(self) -> None:
        await self._stop_pulling()
        await super().vanish()

    async def _stop_pulling(self) -> None:
        for task in self._pulls.values():
            task.cancel()
        await asyncio.gather(*self._pulls.values(), return_exceptions=True)

    def _hear(self, frame: Frame) -> None:
        super()._hear(frame)
        if frame["type"] in ("pong", "behind"):
            for group, head in frame["heads"].items():
                self._told(int(group), head)

    def _take(self, frame: Frame) -> None:
        group = frame["group"]
        self.cursors.setdefault(group, frame["from"] - 1)
        self._apply(group, frame["actions"])
        self._told(group, frame["to"])

    def _apply(self, group: int, actions: list[dict[str, Any]]) -> None:
        for action in actions:
            if action["seq"] == self.cursors[group] + 1:
                self.cursors[group] += 1
                self.log.setdefault(group, []).append(action)

    def _told(self, group: int, head: int) -> None:
        self.cursors.setdefault(group, head)
        self._lacks[group] = max(head, self._lacks.get(group, 0))
        running = self._pulls.get(group)
        if self._is_lacking(group) and (running is None or running.done()):
            self._pulls[group] = asyncio.create_task(self._catch_up(group))

    def _is_lacking(self, group: int) -> bool:
        return self.cursors[group] < self._lacks[group]

    async def _catch_up(self, group: int) -> None:
        with contextlib.suppress(TimeoutError):
            await self.until(lambda: not self._is_lacking(group), HELD_S)
        while self._is_lacking(group) and self.close_code is None:
            self._apply(group, await self.pull(group, self.cursors[group]))
        async with self._changed:
            self._changed.notify_all()
