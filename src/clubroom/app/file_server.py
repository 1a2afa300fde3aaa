"""Serves the files of the data folder on their own port."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn

from clubroom.app.beat import log_end
from clubroom.app.patience import PatientWithFiles
from clubroom.ports.blobs.folder_server import FolderServer

STOP_S = 5


@contextlib.asynccontextmanager
async def served(app: FolderServer, listening: list[socket.socket]) -> AsyncIterator[None]:
    """Until the block ends; uploads that are under way then get a moment."""
    server = _Server(
        uvicorn.Config(
            app,
            http=PatientWithFiles,
            ws="none",
            lifespan="off",
            access_log=False,  # it would log what opens a file
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_S,
        )
    )
    task = asyncio.create_task(server.serve(listening), name="files")
    task.add_done_callback(log_end)
    try:
        yield
    finally:
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """The app's server hears the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None."""
        yield
