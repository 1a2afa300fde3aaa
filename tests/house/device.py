"""A device on the socket, as any client is built: it applies only what follows its cursor, and pulls gaps."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from house.frames import described
from house.uuid7 import uuid7

PATIENCE_S = 10.0
Frame = dict[str, Any]


class Device:
    """One socket. `frames` is everything it heard; `log` the actions it applied, by group."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[Frame] = []
        self.log: dict[int, list[Frame]] = {}
        self.cursors: dict[int, int] = {}
        self.close_code: int | None = None
        self.told_code: int | None = None  # by a gateway that can send no close code of ours
        self._changed = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url: str, **options: Any) -> "Device":
        """A socket that has said nothing yet."""
        address = url.replace("http", "ws", 1) + "/socket"
        return cls(await connect(address, compression=None, max_size=None, ping_interval=None, **options))

    async def hello(
        self, token: str, cursors: dict[int, int] | None = None, epoch: str | None = None
    ) -> Frame:
        """Says hello; returns the welcome once everything was replayed. Without cursors it starts live."""
        self.cursors = dict(cursors or {})
        await self.send(type="hello", version=1, token=token, epoch=epoch, cursors=self.cursors)
        await self.until(lambda: self.heard("live") and self.heard("welcome"))
        welcome = self.heard("welcome")[-1]
        for group, head in welcome["groups"].items():
            self.cursors.setdefault(int(group), head)
        return welcome

    async def send(self, **frame: Any) -> None:
        """One frame."""
        await self.connection.send(msgspec.json.encode(frame).decode())

    async def send_raw(self, data: str | bytes) -> None:
        """Whatever bytes."""
        await self.connection.send(data)

    async def post(self, group: int, text: str, message_id: UUID | None = None) -> Frame:
        """Sends a message and waits for the answer: an ack, or an error for this id."""
        name = message_id or uuid7()
        before = len(self.frames)
        await self.send(type="post", group=group, id=str(name), text=text)

        def answers() -> list[Frame]:
            return [
                f for f in self.frames[before:] if f["type"] in ("ack", "error") and f.get("id") == str(name)
            ]

        await self.until(answers)
        return answers()[0]

    def heard(self, kind: str) -> list[Frame]:
        """All frames of a type."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def actions(self, group: int) -> list[Frame]:
        """All actions of a group as they came, unfiltered."""
        return [a for f in self.heard("actions") if f["group"] == group for a in f["actions"]]

    async def until(self, holds: Callable[[], Any], within_s: float = PATIENCE_S) -> None:
        """Waits for frames until the condition holds."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(lambda: holds() or self.close_code is not None)
        if self._reading.done() and not holds():
            self._reading.result()  # what came was not as it should be
        assert holds(), f"closed with {self.close_code}; last heard: {self.frames[-3:]}"

    async def closed(self, within_s: float = PATIENCE_S) -> int:
        """Waits for the end; the close code."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(lambda: self.close_code is not None)
        assert self.close_code is not None
        return self.close_code

    async def leave(self) -> None:
        """Closes from this side."""
        await self.connection.close()
        await self._reading

    async def vanish(self) -> None:
        """Ends without a word."""
        self.connection.transport.abort()
        await self._reading

    async def _read(self) -> None:
        try:
            with contextlib.suppress(ConnectionClosed):
                async for data in self.connection:
                    frame = described(msgspec.json.decode(data))
                    self.frames.append(frame)
                    self._hear(frame)
                    async with self._changed:
                        self._changed.notify_all()
        finally:  # also where a frame was not as it should be: whoever waits has waited long enough
            async with self._changed:
                self.close_code = self.told_code or self.connection.close_code or 1006
                self._changed.notify_all()

    def _hear(self, frame: Frame) -> None:
        match frame["type"]:
            case "actions":
                self._take(frame)
            case "reset":
                self.cursors.pop(frame["group"], None)
            case "error" if frame["code"].isdigit():
                self.told_code = int(frame["code"])

    def _take(self, frame: Frame) -> None:
        group = frame["group"]
        cursor = self.cursors.get(group, frame["from"] - 1)
        for action in frame["actions"]:
            if action["seq"] > cursor:
                assert action["seq"] == cursor + 1, f"hole in {group}: {cursor} → {action['seq']}"
                cursor = action["seq"]
                self.log.setdefault(group, []).append(action)
        self.cursors[group] = cursor
