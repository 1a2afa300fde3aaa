"""Where the bytes of images and documents lie: in a bucket where the host names one, else in the data folder.
Files of the folder are served on a port of their own, so that they lie on another origin than the app.
"""

import contextlib
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from clubroom.app.settings import PORT_MAX, SettingError, Settings
from clubroom.auth.keys import files_key
from clubroom.ports.blobs import Blobs
from clubroom.ports.blobs.folder import Folder
from clubroom.ports.blobs.folder_server import FolderServer

FOLDER = "files"


def blobs_of(settings: Settings, port: int, files_port: int = 0) -> Blobs:
    """For a server whose app is on `port` and its files on the other one; 0 = the one that is wanted."""
    if settings.bucket is not None:
        from clubroom.ports.blobs.b2 import B2  # noqa: PLC0415 - only whoever has a bucket pays for it

        return B2(settings.bucket)
    origin = settings.files_url or _beside(settings.url(port), files_port or wanted_port(settings, port))
    return Folder(settings.data / FOLDER, files_key(settings.secret), origin)


def wanted_port(settings: Settings, port: int) -> int:
    """Where files are served beside an app on `port`, if nobody else has that port."""
    return settings.files_port or (port + 1 if port < PORT_MAX else port - 1)


def prepared(settings: Settings, port: int, files_port: int) -> tuple[Blobs, FolderServer | None]:
    """As `blobs_of`, and what serves them, if we do. Raises SettingError."""
    blobs = blobs_of(settings, port, files_port)
    if not isinstance(blobs, Folder):
        return blobs, None
    try:
        blobs.prepare()
    except OSError as error:
        raise SettingError(f"The folder {blobs.folder} cannot be used: {error.strerror}.") from error
    return blobs, FolderServer(blobs, settings.origins(port))


@contextlib.asynccontextmanager
async def serving(app: FolderServer | None, listening: list[socket.socket]) -> AsyncIterator[None]:
    """Until the block ends; uploads that are under way then get a moment."""
    if app is None:
        yield
        return
    from clubroom.app.file_server import served  # noqa: PLC0415 - functions have no server

    async with served(app, listening):
        yield


def _beside(url: str, port: int) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
