"""What becomes of images, good ones and hostile ones, in the process that looks at them."""

import asyncio
import base64
import io
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clubroom import wire
from clubroom.chat.files.picture import Pictures, Refused
from house.pictures import (
    GPS,
    huge_gif,
    huge_png,
    huge_webp,
    image,
    moving,
    noise,
    opened,
    told_where,
)
from house.within import within

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MEMORY_KB = 300_000


@pytest.fixture(scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    child = Pictures()
    yield child
    await child.close()


def peak_kb(pictures: Pictures) -> int:
    """The most memory that the child ever had."""
    assert pictures.child is not None
    status = Path(f"/proc/{pictures.child.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def seen_from_outside(pid: int) -> tuple[int, list[str], bytes]:
    """How many files it has open, how many it may have, and what it knows of where it runs."""
    process = Path(f"/proc/{pid}")
    limits = (process / "limits").read_text().splitlines()
    most = next(line.split()[3:5] for line in limits if line.startswith("Max open files"))
    return len(list((process / "fd").iterdir())), most, (process / "environ").read_bytes()


def shown_for(moving: Image.Image) -> list[int]:
    """How long each frame stays, in milliseconds."""
    lasts = []
    for place in range(getattr(moving, "n_frames", 1)):
        moving.seek(place)
        moving.load()
        lasts.append(moving.info["duration"])
    return lasts


async def refused(pictures: Pictures, data: bytes, kind: str, purpose: wire.Purpose = "message") -> str:
    with pytest.raises(Refused) as caught:
        await pictures.look(data, TYPES[kind], purpose)
    return caught.value.code


@pytest.mark.parametrize("kind", TYPES)
async def test_an_image_becomes_webp_of_two_sizes_and_a_tiny_one(pictures: Pictures, kind: str) -> None:
    mode = "P" if kind == "GIF" else "RGB"
    found = await pictures.look(image(kind, (3000, 1500), mode), TYPES[kind], "message")
    assert (found.width, found.height) == (2048, 1024)
    sizes = {size: opened(made) for size, made in found.sizes.items()}
    assert {size: (one.format, one.size) for size, one in sizes.items()} == {
        "thumb": ("WEBP", (480, 240)),
        "screen": ("WEBP", (2048, 1024)),
    }
    tiny = opened(base64.b64decode(found.placeholder))
    assert max(tiny.size) <= 16
    assert len(found.placeholder) <= 300


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
async def test_every_kind_of_pixels_is_seen(pictures: Pictures, mode: str) -> None:
    found = await pictures.look(image("PNG", (300, 200), mode), "image/png", "message")
    assert opened(found.sizes["screen"]).size == (300, 200)


async def test_a_small_image_stays_as_small_as_it_is(pictures: Pictures) -> None:
    found = await pictures.look(image(size=(20, 1)), "image/jpeg", "message")
    assert opened(found.sizes["screen"]).size == (20, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_stands_upright_and_says_nothing_of_where_it_was_taken(
    pictures: Pictures, orientation: int
) -> None:
    data = told_where(orientation)
    assert data.count(GPS) == 3
    found = await pictures.look(data, "image/jpeg", "message")
    lies = orientation >= 5
    for made in [*found.sizes.values(), base64.b64decode(found.placeholder)]:
        assert GPS not in made
        assert not {b"EXIF", b"XMP ", b"ICCP"} & {made[at : at + 4] for at in range(len(made))}
        assert not opened(made).getexif()
    screen = opened(found.sizes["screen"]).convert("RGB")
    assert screen.size == ((480, 640) if lies else (640, 480))
    red = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}
    place = {"left": (9, 200), "right": (-9, 200), "top": (200, 9), "bottom": (200, -9)}[red[orientation]]
    pixel = screen.getpixel((place[0] % screen.width, place[1] % screen.height))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200 > pixel[2]


async def test_what_is_seen_through_stays_so(pictures: Pictures) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(made, "PNG")
    found = await pictures.look(made.getvalue(), "image/png", "message")
    assert opened(found.sizes["thumb"]).getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("size", [(900, 600), (3000, 200), (200, 3000), (40, 30)])
async def test_of_a_cover_the_middle_is_kept_three_times_as_wide_as_high(
    pictures: Pictures, size: tuple[int, int], orientation: int
) -> None:
    found = await pictures.look(told_where(orientation, size), "image/jpeg", "cover")
    seen = size if orientation == 1 else size[::-1]
    large, small = (opened(found.sizes[name]) for name in ("screen", "thumb"))
    width = min(1536, seen[0], seen[1] * 3)
    for made, wanted in ((large, width), (small, min(768, width))):
        assert abs(made.width - wanted) <= 2
        assert abs(made.height - wanted / 3) <= 1
    assert (found.width, found.height) == large.size
    pixels = large.convert("RGB")
    ends = pixels.getpixel((1, 1)), pixels.getpixel((large.width - 2, large.height - 2))
    reds = [pixel[0] > 128 for pixel in ends if isinstance(pixel, tuple)]
    assert sorted(reds) == [False, True], "the border between red and blue is in the middle"


async def test_a_cover_out_of_a_tall_image_of_forty_million_pixels_takes_no_more_memory(
    pictures: Pictures,
) -> None:
    made = io.BytesIO()
    Image.new("RGB", (3_000, 13_300), "red").save(made, "PNG")
    found = await pictures.look(made.getvalue(), "image/png", "cover")
    assert opened(found.sizes["screen"]).size == (1536, 512)
    assert peak_kb(pictures) < MEMORY_KB


async def test_an_avatar_is_square_and_an_emote_moves(pictures: Pictures) -> None:
    found = await pictures.look(image(size=(900, 600)), "image/jpeg", "avatar")
    assert {size: opened(made).size for size, made in found.sizes.items()} == {
        "thumb": (96, 96),
        "screen": (512, 512),
    }
    for kind in ("GIF", "WEBP", "PNG"):
        emote = await pictures.look(
            moving(kind, 5, (256, 128), lasts=[50, 60, 70, 80, 90]), TYPES[kind], "emote"
        )
        still, moved = opened(emote.sizes["thumb"]), opened(emote.sizes["screen"])
        assert (still.size, getattr(still, "n_frames", 1)) == ((128, 64), 1)
        assert (moved.size, getattr(moved, "n_frames", 1)) == ((128, 64), 5)
        assert shown_for(moved) == [50, 60, 70, 80, 90]
    alone = await pictures.look(image("PNG", (300, 300)), "image/png", "emote")
    assert [opened(made).size for made in alone.sizes.values()] == [(128, 128)]


async def test_of_a_moving_emote_nothing_stays_but_its_frames(pictures: Pictures) -> None:
    """Nor the picture that a PNG shows where it cannot move, nor a time that is as good as for ever."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("white", "red", "blue")]
    saved: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": 60_000}
    exif = Image.Exif()
    exif[0x010F] = GPS.decode()
    gif, png = io.BytesIO(), io.BytesIO()
    frames[0].save(gif, "GIF", comment=GPS, **saved)
    frames[0].save(png, "PNG", default_image=True, exif=exif, **saved)
    for kind, made, first, many in (("GIF", gif, 255, 3), ("PNG", png, 0, 2)):
        data = made.getvalue()
        assert GPS in data
        found = await pictures.look(data, TYPES[kind], "emote")
        assert not any(GPS in size or b"EXIF" in size for size in found.sizes.values())
        moved = opened(found.sizes["screen"])
        assert getattr(moved, "n_frames", 1) == many
        assert shown_for(moved) == [10_000] * many
        pixel = opened(found.sizes["thumb"]).convert("RGB").getpixel((32, 32))
        assert isinstance(pixel, tuple)
        assert abs(pixel[2] - first) < 20


@pytest.mark.parametrize("kind", TYPES)
async def test_what_is_something_else_than_it_says_is_refused(pictures: Pictures, kind: str) -> None:
    for other in {*TYPES} - {kind}:
        assert (
            await refused(pictures, image(other, mode="P" if other == "GIF" else "RGB"), kind) == "wrong_type"
        )
    for data in (SVG, b"", b"%PDF-1.7", b"<html>", b"\0" * 500, b"RIFF\0\0\0\0AVI "):
        assert await refused(pictures, data, kind) == "wrong_type"


@pytest.mark.parametrize("kind", TYPES)
async def test_half_an_image_is_refused(pictures: Pictures, kind: str) -> None:
    data = image(kind, (900, 700), "P" if kind == "GIF" else "RGB")
    assert await refused(pictures, data[: len(data) // 2], kind) == "broken"
    assert await refused(pictures, data[:30], kind) == "broken"


async def test_of_a_file_that_is_two_things_only_the_image_stays(pictures: Pictures) -> None:
    script = b"<script>alert(1)</script>"
    for kind, told in TYPES.items():
        data = image(kind, mode="P" if kind == "GIF" else "RGB") + script + b"PK\x03\x04"
        found = await pictures.look(data, told, "message")
        assert not any(script in made or b"PK\x03\x04" in made for made in found.sizes.values())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PNG", huge_png(50_000, 50_000)),
        ("PNG", huge_png(6_400, 6_400)),
        ("GIF", huge_gif(65_535, 65_535)),
        ("WEBP", huge_webp(16_000, 16_000)),
    ],
    ids=["png", "png-just-too-large", "gif", "webp"],
)
async def test_a_bomb_is_refused_before_it_is_decoded(pictures: Pictures, kind: str, data: bytes) -> None:
    await pictures.look(image(), "image/jpeg", "message")
    before = peak_kb(pictures)
    child = pictures.child
    code = await refused(pictures, data, kind)
    assert code in ("too_many_pixels", "broken")
    await pictures.look(image(), "image/jpeg", "message")
    assert pictures.child is not child  # whatever it left behind went with it
    assert peak_kb(pictures) < min(before + 50_000, MEMORY_KB)


async def test_frames_without_end_are_refused(pictures: Pictures) -> None:
    assert await refused(pictures, moving("GIF", 200), "GIF", "emote") == "too_many_frames"
    assert await refused(pictures, moving("PNG", 121, (16, 16)), "PNG", "emote") == "too_many_frames"
    assert await refused(pictures, moving("WEBP", 30, (1200, 1200)), "WEBP", "emote") == "too_many_frames"


async def test_the_largest_that_is_taken_needs_no_more_memory_than_there_is(pictures: Pictures) -> None:
    await pictures.close()
    for kind, mode in (("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK")):
        found = await pictures.look(image(kind, (8_000, 5_000), mode), TYPES[kind], "message")
        assert (found.width, found.height) == (2048, 1280)
    assert peak_kb(pictures) < MEMORY_KB


@pytest.mark.parametrize(
    ("kind", "size", "saved"),
    [
        ("JPEG", (8_000, 5_000), {"quality": 90}),
        ("JPEG", (8_000, 5_000), {"quality": 90, "progressive": True, "subsampling": 0}),
        ("PNG", (8_000, 5_000), {"compress_level": 1}),
        ("WEBP", (3_600, 2_700), {"quality": 80}),
        ("GIF", (8_000, 5_000), {}),
    ],
    ids=["jpeg", "progressive", "png", "webp", "gif"],
)
async def test_no_image_has_more_than_300_mb(
    pictures: Pictures, kind: str, size: tuple[int, int], saved: dict[str, Any]
) -> None:
    """As fine as a camera sees; the process may refuse it, but it neither grows nor dies."""
    await pictures.close()
    await pictures.look(image(), "image/jpeg", "message")
    child = pictures.child
    try:
        found = await pictures.look(noise(kind, size, **saved), TYPES[kind], "message")
        assert max(found.width, found.height) == 2048
    except Refused as refusal:
        assert saved.get("progressive"), refusal.code  # its decoder holds all of it, six times
        await pictures.look(image(), "image/jpeg", "message")
        return
    assert pictures.child is child
    assert peak_kb(pictures) < MEMORY_KB


async def test_a_profile_that_is_no_good_is_not_used(pictures: Pictures) -> None:
    for profile in (b"nonsense", b"\0" * 128, b"\xff" * 4_000):
        for kind, mode in (("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("WEBP", "RGB")):
            data = image(kind, mode=mode, icc_profile=profile)
            assert (await pictures.look(data, TYPES[kind], "message")).width == 640


async def test_whoever_kills_the_process_hurts_one_look(pictures: Pictures) -> None:
    await pictures.look(image(), "image/jpeg", "message")
    assert pictures.child is not None
    os.kill(pictures.child.pid, signal.SIGKILL)
    await pictures.child.wait()
    assert (await pictures.look(image(), "image/jpeg", "message")).width == 640
    looking = asyncio.create_task(pictures.look(image("PNG", (6_000, 6_000)), "image/png", "message"))
    await asyncio.sleep(0)
    os.kill(pictures.child.pid, signal.SIGKILL)
    with pytest.raises(ChildProcessError):
        await looking
    assert (await pictures.look(image(), "image/jpeg", "message")).width == 640


async def test_whoever_takes_too_long_is_ended() -> None:
    hurried = Pictures(look_s=0.001)
    with pytest.raises(ChildProcessError):
        await hurried.look(image(), "image/jpeg", "message")
    assert hurried.child is None


async def test_the_process_opens_nothing_and_ends_with_the_server(pictures: Pictures) -> None:
    await pictures.look(image(), "image/jpeg", "message")
    assert pictures.child is not None
    open_files, most, environment = seen_from_outside(pictures.child.pid)
    assert (open_files, most, environment) == (3, ["3", "3"], b"")
    child, pictures.child = pictures.child, None
    assert child.stdin is not None
    child.stdin.close()
    async with within(10, "the process ended"):
        await child.wait()


async def test_an_idle_process_gives_its_memory_back() -> None:
    idle = Pictures(idle_s=0)
    await idle.look(image(), "image/jpeg", "message")
    await idle.rest()
    assert idle.child is None
