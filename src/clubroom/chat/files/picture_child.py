"""A process that looks at one image after the other, and can do nothing else: it opens no file and no socket,
has little memory and little time. What it makes of an image has no byte of the original in it.

It imports nothing of ours but `framing`, so that it starts fast and stays small. On stdin comes, for each
image, a header of JSON and its bytes; on stdout goes a header of JSON, and the bytes of each size.
"""

import base64
import io
import json
import os
import resource
import struct
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps, ImageSequence

from clubroom.chat.files.framing import LENGTHS

MEMORY_BYTES = 290 << 20  # all of it: code, image, and what is made of it
LESS_URGENT = 10
CPU_S = 10  # for one image
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
BEGINNINGS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
WEBP_COPIES = 4  # its decoder holds so many times more than the others
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LIES_ON_ITS_SIDE = 5  # and all above
THUMB, SCREEN = 480, 2048  # of the longer side
EMOTE = 128
STRIP_PIXELS = 1 << 20
PROFILE_BYTES_MAX = 4 << 20
PLACEHOLDERS = ((16, 40), (16, 15), (12, 15), (8, 10), (4, 0))  # longer side, quality: the first that fits
PLACEHOLDER_CHARACTERS_MAX = 300
DURATION_MS, DURATION_MS_MIN, DURATION_MS_MAX = 100, 20, 10_000
Size = tuple[int, int]
CROPPED: Mapping[str, tuple[Size, Size]] = {
    "avatar": ((96, 96), (512, 512)),
    "picture": ((96, 96), (512, 512)),
    "cover": ((768, 256), (1536, 512)),
}
"""Of these purposes only the middle is kept, of this shape: the size of its `thumb`, and of its `screen`."""


class Refused(Exception):
    """Its one argument says why."""


def look(data: bytes, asked: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """What is told of the image, and its sizes."""
    kind = asked["type"]
    if not data.startswith(BEGINNINGS[kind]) or (kind == "image/webp" and data[8:12] != b"WEBP"):
        raise Refused("wrong_type")
    image = Image.open(io.BytesIO(data), formats=[FORMATS[kind]])
    pixels = image.width * image.height
    if pixels > asked["pixels_max"] // (WEBP_COPIES if kind == "image/webp" else 1):
        raise Refused("too_many_pixels")
    if asked["purpose"] == "emote":
        return _emote(image, asked)
    if asked["purpose"] in CROPPED:
        small, large = CROPPED[asked["purpose"]]
        screen = _upright(image, max(large), large)
        thumb = _smaller(screen, max(small))
    else:
        screen = _upright(image, SCREEN)
        thumb = _smaller(screen, THUMB)
    if asked["purpose"] == "preview":
        return _told(thumb, {"thumb": _webp(thumb)})
    return _told(screen, {"thumb": _webp(thumb), "screen": _webp(screen)})


def _told(image: Image.Image, sizes: dict[str, bytes]) -> tuple[dict[str, Any], list[bytes]]:
    lengths = {size: len(made) for size, made in sizes.items()}
    told = {
        "width": image.width,
        "height": image.height,
        "placeholder": _placeholder(image),
        "sizes": lengths,
    }
    return told, list(sizes.values())


def _upright(image: Image.Image, longest: int, box: Size | None = None) -> Image.Image:
    """As it is meant to be seen: small, turned, in sRGB, and without anything but its pixels; with a `box`
    its middle in that shape.
    """
    orientation = _orientation(image)
    lying = box if box is None or orientation < LIES_ON_ITS_SIDE else (box[1], box[0])
    if image.format == "JPEG":  # decodes no more than is needed
        ratio = min(1.0, _needed(image.size, longest, lying))
        image.draft(None, (max(1, int(image.width * ratio)), max(1, int(image.height * ratio))))
    turn = UPRIGHT.get(orientation)
    profile = image.info.get("icc_profile")
    image.load()
    factor = max(1, int(1 / _needed(image.size, longest, lying)))
    image = _shrunk(image, factor, (0, 0, *image.size) if lying is None else _middle(image.size, lying))
    image = _in_srgb(image, profile)
    if turn is not None:
        image = image.transpose(turn)
    if box is None:
        return _smaller(image, longest)
    ratio = min(1.0, image.width / box[0], image.height / box[1])
    size = max(1, round(box[0] * ratio)), max(1, round(box[1] * ratio))
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def _needed(size: Size, longest: int, box: Size | None) -> float:
    """How many times smaller it may become: its longer side fits, or it still fills the box."""
    if box is None:
        return longest / max(size)
    return max(box[0] / size[0], box[1] / size[1])


def _middle(size: Size, box: Size) -> tuple[int, int, int, int]:
    """As much of it as has the shape of the box: left, top, right, bottom."""
    width = max(1, min(size[0], round(size[1] * box[0] / box[1])))
    height = max(1, min(size[1], round(size[0] * box[1] / box[0])))
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return left, top, left + width, top + height


def _orientation(image: Image.Image) -> int:
    """1 where nothing, or nonsense, is said of it."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, OSError, struct.error):
        return 1  # what a hostile header says; the pixels may be good


def _shrunk(image: Image.Image, factor: int, part: tuple[int, int, int, int]) -> Image.Image:
    """A part of it, by a whole number, strip by strip: converted as a whole a large image would be there
    three times.
    """
    mode = _working_mode(image)
    left, upper, right, lower = part
    small = Image.new(mode, (-(-(right - left) // factor), -(-(lower - upper) // factor)))
    step = max(1, STRIP_PIXELS // (right - left) // factor) * factor
    for top in range(upper, lower, step):
        strip = image.crop((left, top, right, min(top + step, lower)))
        small.paste(strip.convert(mode).reduce(factor), (0, (top - upper) // factor))
    return small


def _working_mode(image: Image.Image) -> str:
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return "RGBA" if image.mode in ("L", "RGB") and "transparency" in image.info else image.mode
    if image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return "RGBA"
    return "RGB" if image.mode in ("P", "1", "YCbCr", "LAB", "HSV") else "L"


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Wrong colours are better than none: a profile that is no good is not used."""
    plain = image.convert("RGBA" if image.mode == "RGBA" else "RGB")
    if not profile or len(profile) > PROFILE_BYTES_MAX:
        return plain
    source = image.convert("RGB") if image.mode == "RGBA" else image
    try:
        mapped = ImageCms.profileToProfile(
            source, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return plain
    if mapped is None:
        return plain
    if image.mode == "RGBA":
        mapped.putalpha(image.getchannel("A"))
    return mapped


def _smaller(image: Image.Image, longest: int) -> Image.Image:
    ratio = longest / max(image.size)
    if ratio >= 1:
        return image
    size = max(1, round(image.width * ratio)), max(1, round(image.height * ratio))
    return image.resize(size, Image.Resampling.LANCZOS)


def _emote(image: Image.Image, asked: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    frames = getattr(image, "n_frames", 1)
    if frames > asked["frames_max"] or frames * image.width * image.height > asked["pixels_max"]:
        raise Refused("too_many_frames")
    if frames == 1:
        still = _upright(image, EMOTE)
        return _told(still, {"thumb": _webp(still)})
    pictures, durations = [], []
    for place, frame in enumerate(ImageSequence.Iterator(image)):
        if place == 0 and image.info.get("default_image"):
            continue  # of a PNG what is shown where it cannot move
        pictures.append(_small_frame(frame))
        told = int(frame.info.get("duration") or DURATION_MS)  # a WebP tells it when its frame is decoded
        durations.append(min(DURATION_MS_MAX, max(DURATION_MS_MIN, told)))
    moving = io.BytesIO()
    pictures[0].save(
        moving, "WEBP", save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=80,
        method=2, **_NOTHING_ELSE,
    )  # fmt: skip
    return _told(pictures[0], {"thumb": _webp(pictures[0]), "screen": moving.getvalue()})


def _small_frame(frame: Image.Image) -> Image.Image:
    factor = max(1, max(frame.size) // EMOTE)
    return _smaller(_shrunk(frame, factor, (0, 0, *frame.size)).convert("RGBA"), EMOTE)


def _webp(image: Image.Image, quality: int = 82, method: int = 2) -> bytes:
    made = io.BytesIO()
    image.save(made, "WEBP", quality=quality, method=method, **_NOTHING_ELSE)
    return made.getvalue()


def _placeholder(image: Image.Image) -> str:
    """In base64; on white, for what is seen through costs more bytes than colours do."""
    flat = image
    if image.mode == "RGBA":
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A"))
    for longest, quality in PLACEHOLDERS:
        said = base64.b64encode(_webp(_smaller(flat, longest), quality, method=6)).decode()
        if len(said) <= PLACEHOLDER_CHARACTERS_MAX:
            break
    return said


_SRGB = ImageCms.createProfile("sRGB")
_NOTHING_ELSE: dict[str, Any] = {"exif": b"", "icc_profile": b"", "xmp": b""}


def warm_up() -> None:
    """Whatever is loaded when it is first needed is loaded now: afterwards no file can be opened."""
    profile = ImageCms.ImageCmsProfile(_SRGB).tobytes()
    frames = [Image.new("RGB", (3, 2), colour) for colour in ("red", "green")]
    for kind, name in FORMATS.items():
        made = io.BytesIO()
        moving = {"save_all": True, "append_images": frames[1:]} if name != "JPEG" else {}
        frames[0].save(made, name, icc_profile=profile, **moving)
        for purpose in ("message", "avatar", "cover", "emote", "preview"):
            look(made.getvalue(), {"type": kind, "purpose": purpose, "pixels_max": 99, "frames_max": 9})


def shut_in() -> None:
    """From here on there is what is asked and told, and no more."""
    os.nice(LESS_URGENT)  # than whatever somebody waits for
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    if sys.platform == "linux":  # elsewhere it cannot be set so low
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _some_time() -> None:
    """So much for the next image; whoever needs more is ended."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    upto = int(usage.ru_utime + usage.ru_stime) + 1 + CPU_S
    resource.setrlimit(resource.RLIMIT_CPU, (upto, resource.RLIM_INFINITY))


def _judged(data: bytes, asked: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        return look(data, asked)
    except Refused as refused:
        return {"refused": refused.args[0]}, []
    except (MemoryError, Image.DecompressionBombError):
        return {"refused": "too_many_pixels"}, []
    except Exception:  # noqa: BLE001 - whatever a decoder says of these bytes, they are no good
        return {"refused": "broken"}, []


def serve(asked_in: BinaryIO, told_to: BinaryIO) -> None:
    """Until nobody asks any more."""
    while head := asked_in.read(LENGTHS.size):
        header, length = LENGTHS.unpack(head)
        asked = json.loads(asked_in.read(header))
        _some_time()
        told, sizes = _judged(asked_in.read(length), asked)
        said = json.dumps(told).encode()
        told_to.write(LENGTHS.pack(len(said), sum(map(len, sizes))) + said)
        for made in sizes:
            told_to.write(made)
        told_to.flush()


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = 20_000_000  # beyond twice that nothing is opened, whatever is asked
    warm_up()
    shut_in()
    serve(sys.stdin.buffer, sys.stdout.buffer)
