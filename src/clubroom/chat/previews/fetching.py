"""The first link of each message is looked at, and what its page says of itself is shown: the worker's job.

Killed between any two steps nothing is lost: what was taken is taken by the next when the lease is over, and
what is shown is written in one transaction with the action that says so. A picture that is in the store by
then, and that nothing shows, goes in a day like any file that nobody uses.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import msgspec

from clubroom.actions import LinkPreview, MessageImage
from clubroom.chat.files.checking import WEBP
from clubroom.chat.files.picture import Pictures, Refused
from clubroom.chat.files.room import Files, published
from clubroom.chat.previews.first_link import first_link
from clubroom.chat.previews.page import Page, read_page
from clubroom.dba import previews as stored
from clubroom.dba.files import Published
from clubroom.dba.previews import Taken
from clubroom.errors import Unavailable
from clubroom.ports.blobs import BlobsError
from clubroom.ports.pages import FETCH_S, NoPage, Pages, host_of, plain_address

log = logging.getLogger(__name__)

AT_ONCE = 8
LEASE_S = 120
TRIES_MAX = 3
AGAIN_S = 10.0  # three times as long each time
FAILS_MAX = 3
GIVEN_UP_S = 3_600
BUSY_S = LEASE_S
BUSY_AGAIN_S = 3.0
HOST_AGAIN_S = 20.0
PAGES_AN_AUTHOR_AN_HOUR = 30
PAGES_A_HOST_A_MINUTE = 20
PICTURES_AN_AUTHOR_AN_HOUR = 60
KNOWN_S = 24 * 3_600
KNOWN_WITHOUT_S = 300  # its picture could not be had, or not be kept for whoever linked to it first
PAGES_KEPT_MAX = 20_000
FORGOTTEN_AT_ONCE = 500
THUMB = "thumb"
THUMB_BYTES_MAX = 2_000_000
_BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class Previewing:
    """Some messages at a time. A job of the worker. Without `pages` nothing is fetched: whatever is posted or
    edited then shows nothing; nor do links to `ours`, the host of this place. `close` it when it has ended.
    """

    def __init__(
        self,
        files: Files,
        pages: Pages | None,
        *,
        ours: str = "",
        moment: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.files = files
        self.pages = pages
        self.ours = ours
        self.moment = moment
        self.pictures = Pictures(look_s=FETCH_S)

    async def __call__(self) -> bool:
        """Looks at some; whether more may wait."""
        taken = await stored.take(
            self.files.database, AT_ONCE, lease_s=LEASE_S, tries_max=TRIES_MAX, moment=self.moment()
        )
        if not taken:
            await self.pictures.rest()
            return False
        for error in await asyncio.gather(*map(self._look, taken), return_exceptions=True):
            if isinstance(error, Unavailable) or not isinstance(error, Exception | None):
                raise error
            if error is not None:  # one that fails by a mistake of ours holds up no other
                log.error("What a link shows was not found out.", exc_info=error)
        return len(taken) == AT_ONCE

    async def forget(self) -> bool:
        """What was found a day ago is fetched anew. Whether more may be forgotten."""
        return await stored.forget_pages(
            self.files.database, FORGOTTEN_AT_ONCE, PAGES_KEPT_MAX, moment=self.moment()
        )

    async def close(self) -> None:
        """No process and no connection is left behind."""
        await self.pictures.close()
        if self.pages is not None:
            await self.pages.close()

    async def _look(self, taken: Taken) -> None:
        db, link = self.files.database, first_link(taken.text)
        if self.pages is None or link is None or link == taken.removed:
            await stored.settle(db, taken)
            return
        try:
            address = plain_address(link)
        except NoPage:
            address = ""
        if not address or host_of(address) == self.ours:
            await stored.settle(db, taken)
            return
        await self._open(self.pages, taken, link, address)

    async def _open(
        self, pages: Pages, taken: Taken, link: str, address: str, known: "_Known | None" = None
    ) -> None:
        """`known` = what was found there, but its picture is gone: there may be another one."""
        db = self.files.database
        opened = await stored.open_page(
            db,
            _hashed(address),
            host_of(address),
            taken.author,
            fresh=known is not None,
            busy_s=BUSY_S,
            author_hour_max=PAGES_AN_AUTHOR_AN_HOUR,
            host_minute_max=PAGES_A_HOST_A_MINUTE,
            moment=self.moment(),
        )
        if opened.state == "go":
            await self._fetch(pages, taken, link, address)
        elif opened.state == "busy":
            await stored.postpone(db, taken, BUSY_AGAIN_S, counted=False, moment=self.moment())
        elif opened.state == "host":
            await stored.postpone(db, taken, HOST_AGAIN_S, counted=False, moment=self.moment())
        elif opened.state == "known" and opened.page is not None and known is None:
            await self._show_known(pages, taken, link, address, msgspec.convert(opened.page, _Known))
        elif known is not None:
            await self._show(taken, link, known.page, None)
        else:
            await stored.settle(db, taken)

    async def _show_known(self, pages: Pages, taken: Taken, link: str, address: str, known: "_Known") -> None:
        """Each message has its own picture, which goes with it."""
        image = known.image
        if image is not None:
            try:
                data = await self.files.blobs.read(published(image.id, THUMB), most=THUMB_BYTES_MAX)
            except BlobsError:
                data = b""
            if data is None:  # the message that it was fetched for is gone
                await self._open(pages, taken, link, address, known)
                return
            image = await self._kept(taken, image, data) if data else None
        await self._show(taken, link, known.page, image)

    async def _fetch(self, pages: Pages, taken: Taken, link: str, address: str) -> None:
        db, key = self.files.database, _hashed(address)
        try:
            found = await pages.page(address)
        except NoPage as error:
            await self._failed(taken, key, later=error.later)
            return
        page = await asyncio.to_thread(read_page, found)
        image = await self._pictured(pages, taken, page.picture) if page is not None else None
        known = msgspec.json.encode(_Known(page, image)) if page is not None else None
        whole = page is None or image is not None or not page.picture
        seconds = KNOWN_S if whole else KNOWN_WITHOUT_S
        await stored.close_page(db, key, known, seconds=seconds, moment=self.moment())
        if page is None:
            await stored.settle(db, taken)
        else:
            await self._show(taken, link, page, image)

    async def _failed(self, taken: Taken, key: bytes, *, later: bool) -> None:
        db, at, given_up = self.files.database, self.moment(), True
        if later:
            given_up = await stored.page_failed(
                db, key, again_s=AGAIN_S, fails_max=FAILS_MAX, given_up_s=GIVEN_UP_S, moment=at
            )
        else:
            await stored.close_page(db, key, None, seconds=KNOWN_S, moment=at)
        if given_up:
            await stored.settle(db, taken)
        else:
            await stored.postpone(db, taken, AGAIN_S, counted=False, moment=at)

    async def _show(self, taken: Taken, link: str, page: Page, image: MessageImage | None) -> None:
        preview = LinkPreview(
            url=link, title=page.title, description=page.description, site=page.site, image=image
        )
        await stored.show(self.files.database, taken, link, preview, moment=self.moment())

    async def _pictured(self, pages: Pages, taken: Taken, address: str) -> MessageImage | None:
        """In the store; None = there is none that could be shown."""
        if not address:
            return None
        try:
            data = await pages.picture(address)
            kind = next((kind for begins, kind in _BEGINNINGS.items() if data.startswith(begins)), None)
            if kind is None:
                return None
            picture = await self.pictures.look(data, kind, "preview")
        except (NoPage, Refused, ChildProcessError):
            return None
        image = MessageImage(
            id=uuid4(),
            kind="image",
            width=picture.width,
            height=picture.height,
            placeholder=picture.placeholder,
        )
        return await self._kept(taken, image, picture.sizes[THUMB])

    async def _kept(self, taken: Taken, image: MessageImage, data: bytes) -> MessageImage | None:
        """In the store, under a name of its own; None = there is no room."""
        kept = msgspec.structs.replace(image, id=uuid4())
        made = Published(
            sizes=(THUMB,),
            bytes=len(data),
            width=image.width,
            height=image.height,
            placeholder=image.placeholder,
        )
        room = await stored.keep_picture(
            self.files.database,
            taken.message,
            kept.id,
            made,
            self.files.limits,
            hour_max=PICTURES_AN_AUTHOR_AN_HOUR,
            moment=self.moment(),
        )
        if not room:
            return None
        try:
            await self.files.blobs.write(published(kept.id, THUMB), data, type=WEBP)
        except BlobsError as error:
            log.warning("The store did not do it: %s.", error.code)
            return None
        return kept


class _Known(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a page for a day."""

    page: Page
    image: MessageImage | None = None


def _hashed(address: str) -> bytes:
    return hashlib.sha256(address.encode()).digest()
