"""The real server in a hurry: `files_server.py <fault> serve`. Whoever was killed over a file is followed by
the next after two seconds, not two minutes, and the store is swept all the time.

One of the faults sown into it is `ready_before_written`: the database says `ready`, and then comes the store.
"""

import sys
from typing import Any

from clubroom.app.__main__ import main
from clubroom.chat.files import checking, sweeping
from clubroom.chat.files.checking import Checking
from clubroom.chat.files.room import published, unseen
from clubroom.dba import files as stored
from clubroom.dba.files import Published
from house.pause import pause

LEASE_S = 2
SWEEP_EVERY_S = 0.2
HELD_UP_S = 3.0


def plain() -> None:
    """No fault."""


def ready_before_written() -> None:
    """Whoever asks is told that it is there while it is on its way."""
    replaced: Any = Checking

    async def look(job: Checking, file: Any) -> None:
        data = await job.files.blobs.read(unseen(file.id), most=file.length + 1)
        assert data is not None
        picture = await job.pictures.look(data, file.type, file.purpose)
        told = Published(
            sizes=tuple(picture.sizes),
            bytes=sum(map(len, picture.sizes.values())),
            width=picture.width,
            height=picture.height,
            placeholder=picture.placeholder,
        )
        await stored.ready(job.files.database, file.id, told)
        await pause(HELD_UP_S)
        for size, made in picture.sizes.items():
            await job.files.blobs.write(published(file.id, size), made, type=checking.WEBP)
        await job.files.blobs.delete([unseen(file.id)])

    replaced._look = look


FAULTS = {each.__name__: each for each in (plain, ready_before_written)}

if __name__ == "__main__":
    checking.LEASE_S = sweeping.LEASE_S = LEASE_S
    hurried: Any = sweeping.Sweeping.__init__
    hurried.__kwdefaults__ |= {"every_s": SWEEP_EVERY_S, "first_s": 0.0}
    sweeping.FIRST_SWEEP_S = SWEEP_EVERY_S
    FAULTS[sys.argv.pop(1)]()
    sys.exit(main())
