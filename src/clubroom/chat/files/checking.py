"""What was brought is looked at, and what is found good is published: the worker's job.

Killed between any two steps nothing is lost: until the database says `ready` nobody has the address of what
was written, and it is written again, the same bytes; what is left in quarantine after that is swept.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from clubroom.chat.files.document import is_what_it_says
from clubroom.chat.files.picture import Pictures, Refused
from clubroom.chat.files.room import Files, every_key, published, unseen
from clubroom.dba import files as stored
from clubroom.dba.files import Published, Taken
from clubroom.ports.blobs import BlobsError

log = logging.getLogger(__name__)

LEASE_S = 60
TRIES_MAX = 5
STORE_AWAY_S = 5.0
AGAIN_S = 2.0  # doubled each time
WEBP = "image/webp"


class Checking:
    """One file at a time, everybody's in turn. A job of the worker; several may run at once."""

    def __init__(
        self, files: Files, pictures: Pictures, *, moment: Callable[[], datetime | None] = lambda: None
    ) -> None:
        self.files = files
        self.pictures = pictures
        self.moment = moment

    async def __call__(self) -> bool:
        """Looks at one; whether more may wait."""
        db = self.files.database
        at = self.moment()
        taken = await stored.take(db, lease_s=LEASE_S, tries_max=TRIES_MAX, moment=at)
        if taken is None:
            await self.pictures.rest()
            return False
        try:
            await self._look(taken)
        except BlobsError as error:
            log.warning("The store did not do it: %s.", error.code)
            counted = error.code != "away"
            await stored.postpone(db, taken.id, STORE_AWAY_S, counted=counted, moment=at)
        except ChildProcessError:
            wait_s = AGAIN_S * 2 ** (taken.tries - 1)
            await stored.postpone(db, taken.id, wait_s, counted=True, moment=at)
        return True

    async def _look(self, file: Taken) -> None:
        blobs, db = self.files.blobs, self.files.database
        data = await blobs.read(unseen(file.id), most=file.length + 1)
        if data is None or len(data) != file.length:
            await self._refuse(file.id, "not_as_asked")
            return
        try:
            found = await (self._image(file, data) if file.kind == "image" else self._document(file, data))
        except Refused as refused:
            await self._refuse(file.id, refused.code)
            return
        if await stored.ready(db, file.id, found):
            await blobs.delete([unseen(file.id)])
        else:
            await blobs.delete(every_key(file.id))

    async def _image(self, file: Taken, data: bytes) -> Published:
        picture = await self.pictures.look(data, file.type, file.purpose)
        for size, made in picture.sizes.items():
            await self.files.blobs.write(published(file.id, size), made, type=WEBP)
        return Published(
            sizes=tuple(picture.sizes),
            bytes=sum(map(len, picture.sizes.values())),
            width=picture.width,
            height=picture.height,
            placeholder=picture.placeholder,
        )

    async def _document(self, file: Taken, data: bytes) -> Published:
        if not is_what_it_says(data, file.type):
            raise Refused("wrong_type")
        await self.files.blobs.write(published(file.id, "original"), data, type=file.type)
        return Published(sizes=("original",), bytes=len(data))

    async def _refuse(self, file: UUID, why: str) -> None:
        await stored.refuse(self.files.database, file, why)
        await self.files.blobs.delete([unseen(file)])
