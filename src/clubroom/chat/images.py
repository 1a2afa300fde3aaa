"""The images and documents that a message names."""

from collections.abc import Sequence

import msgspec

from clubroom import errors, wire
from clubroom.actions import MessageImage
from clubroom.dba import files as stored
from clubroom.dba.pool import Database
from clubroom.wire.text import checked_lines

NONE_THAT_FITS = "[]"


async def shown_images(db: Database, who: int, images: Sequence[wire.NewImage]) -> list[MessageImage] | None:
    """As the log tells of them, in order; None = they are not all there. Whether this message may name them
    is judged when it is stored, and not before: it may have been sent already, and its images be gone since.

    Raises InvalidField, InvalidText, TextTooLong.
    """
    if len(images) > wire.IMAGES_A_MESSAGE_MAX:
        raise errors.InvalidField(f"images: at most {wire.IMAGES_A_MESSAGE_MAX}")
    if len({image.id for image in images}) < len(images):
        raise errors.InvalidField("images: each of them once")
    alts = [checked_lines(image.alt, wire.ALT_CODE_POINTS_MAX) for image in images]
    found = {one.id: one for one in await stored.to_post(db, who, [image.id for image in images])}
    if len(found) < len(images):
        return None
    shown = [
        msgspec.structs.replace(found[image.id], alt=alt) for image, alt in zip(images, alts, strict=True)
    ]
    if len(msgspec.json.encode(shown)) > wire.IMAGES_OF_A_MESSAGE_BYTES_MAX:
        raise errors.TextTooLong("What is said of all the images together is too long.")
    return shown


def named_images(shown: Sequence[MessageImage] | None) -> str:
    """As `post_with_images` asks for them."""
    if shown is None:
        return NONE_THAT_FITS
    return msgspec.json.encode([{"id": image.id, "alt": image.alt} for image in shown]).decode()
