"""What the demo's people bring along goes the way of all files: asked for, put into the store, looked at."""

import asyncio
import random
from collections.abc import Sequence

from clubroom import wire
from clubroom.app.demo.brought import SCORE, Brought
from clubroom.app.demo.sheet_music import sheet_music
from clubroom.app.demo.uuid7 import uuid7
from clubroom.chat.files import asking
from clubroom.chat.files.room import Files, unseen
from clubroom.chat.files.work import FileWork
from clubroom.claims import Claims

PDF = "application/pdf"


class Bringer:
    """`close` it when nobody brings anything any more."""

    def __init__(self, files: Files, rng: random.Random) -> None:
        self.files = files
        self.rng = rng
        self.work = FileWork(files)

    async def bring(
        self, who: Claims, group: int, things: Sequence[Brought], at: float
    ) -> list[wire.NewImage]:
        """As a message names them. `at` = seconds of the epoch, of which their ids tell."""
        return [await self._bring(who, group, thing, at) for thing in things]

    async def close(self) -> None:
        """No process is left behind."""
        await self.work.close()

    async def _bring(self, who: Claims, group: int, thing: Brought, at: float) -> wire.NewImage:
        name, kind, data = await asyncio.to_thread(_made, thing.what)
        new = wire.NewFile(
            id=uuid7(at, self.rng), purpose="message", type=kind, length=len(data), name=name, group=group
        )
        await asking.ask(self.files, who, new)
        await self.files.blobs.write(unseen(new.id), data, type=kind)
        await asking.uploaded(self.files, who, new.id)
        await self.work.lanes[0]()
        found = await asking.one(self.files, who, new.id)
        assert found.state == "ready", found.refused
        return wire.NewImage(id=new.id, alt=thing.alt)


def _made(what: str) -> tuple[str, str, bytes]:
    """Its name, its type and its bytes."""
    if what == SCORE:
        return (
            "Last page, slowly.pdf",
            PDF,
            sheet_music("Last page", "slowly - very slowly - for four voices"),
        )
    from clubroom.app.demo.drawing import PICTURES, jpeg  # noqa: PLC0415 - only whoever makes a demo pays for it

    return f"{what}.jpg", "image/jpeg", jpeg(PICTURES[what]())
