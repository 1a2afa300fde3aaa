"""Images that tests make themselves: good ones, and ones that somebody would make to do harm."""

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageFile

GPS = b"52.5200N 13.4050E"
ORIENTATION = 0x0112


def image(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **saved: Any) -> bytes:
    """With a red left and a blue right half, so that one sees how it stands."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    made = io.BytesIO()
    picture.convert(mode).save(made, kind, **saved)
    return made.getvalue()


def noise(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **saved: Any) -> bytes:
    """No two pixels that stand beside each other are alike, which takes each decoder as long as can be."""
    tile = Image.frombytes("RGB", (256, 256), random.Random(1).randbytes(256 * 256 * 3))
    picture = Image.new("RGB", size)
    for left in range(0, size[0], 256):
        for top in range(0, size[1], 256):
            picture.paste(tile, (left, top))
    made = io.BytesIO()
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 3 * size[0] * size[1])  # a progressive one needs it
    picture.save(made, kind, **saved)
    return made.getvalue()


def told_where(orientation: int = 6, size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo that lies on its side, and says where and with what it was taken, in four places."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = GPS.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return image(
        size=size, exif=exif, icc_profile=profile, comment=GPS, xmp=b"<x:xmpmeta>" + GPS + b"</x:xmpmeta>"
    )


def moving(
    kind: str = "GIF", frames: int = 5, size: tuple[int, int] = (64, 64), *, lasts: int | list[int] = 50
) -> bytes:
    """Each frame is another one, and `lasts` so many milliseconds."""
    pictures = [Image.new("RGB", size, (n * 7 % 256, n * 3 % 256, n % 256)) for n in range(frames)]
    made = io.BytesIO()
    pictures[0].save(made, kind, save_all=True, append_images=pictures[1:], duration=lasts, loop=0)
    return made.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """It says that it is so large; its pixels are a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def huge_gif(width: int, height: int) -> bytes:
    """A small one that calls its canvas so large."""
    made = bytearray(image("GIF", (4, 4)))
    made[6:10] = struct.pack("<HH", width, height)
    return bytes(made)


def huge_webp(width: int, height: int) -> bytes:
    """An extended one with such a canvas."""
    made = bytearray(moving("WEBP", 2))
    assert made[12:16] == b"VP8X"
    made[24:27] = (width - 1).to_bytes(3, "little")
    made[27:30] = (height - 1).to_bytes(3, "little")
    return bytes(made)


def opened(webp: bytes) -> Image.Image:
    """As a browser would."""
    picture = Image.open(io.BytesIO(webp))
    picture.load()
    return picture
