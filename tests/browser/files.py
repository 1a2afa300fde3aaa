"""Pictures that people bring to a browser, and a file server behind a line that a test may cut."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec
from PIL import Image
from playwright.async_api import FilePayload

from browser.viewer import Viewer
from clubroom.app.settings import DIST, Settings
from clubroom.dba.pool import Database
from house.line import Line, Streams, to_port
from house.pause import pause
from house.server import House, running
from house.within import within

PICTURE = "img:not(.under)"
"""Not what stands in its place until it is there."""
PATIENCE_S = 20


def photo(colour: str, width: int = 1_200, height: int = 800) -> FilePayload:
    """As a camera writes one."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def large_photo(name: str = "large.jpg") -> FilePayload:
    """Some hundreds of kilobytes that no browser makes smaller."""
    out = io.BytesIO()
    Image.frombytes("RGB", (500, 400), Random(7).randbytes(500 * 400 * 3)).save(out, "JPEG", quality=92)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


@asynccontextmanager
async def house_with_a_line(database: Database, settings: Settings) -> AsyncIterator[tuple[House, Line]]:
    """With the built client; only what comes from the file server, and goes there, takes this line."""
    port = 0

    async def reach(near: Streams) -> Streams:
        return await to_port(port)(near)

    line = Line(reach)
    await line.lay()
    url = f"http://localhost:{line.port}"
    own = msgspec.structs.replace(settings, web=DIST, files_url=url)
    try:
        async with running(database, own, in_folder=True) as house:
            port = house.files_port
            yield house, line
    finally:
        await line.close()


def asked_files(viewer: Viewer) -> list[dict[str, Any]]:
    """What this window asks to bring from now on."""
    asked: list[dict[str, Any]] = []

    def heard(request: Any) -> None:
        if request.method == "POST" and request.url.endswith("/api/files"):
            asked.append(request.post_data_json)

    viewer.page.on("request", heard)
    return asked


async def store_is_clear_of(house: House, file: str) -> None:
    """Waits until nothing of it lies in the store, nor anything half written."""
    blobs = house.process.file_work.files.blobs
    async with within(PATIENCE_S, "the store was cleared"):
        while any(file in one.key for one in await blobs.found("")):
            await pause(0.05)
