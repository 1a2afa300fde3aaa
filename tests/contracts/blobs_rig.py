"""Both stores as the contract's tests need them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import uvicorn

from clubroom.app.patience import PatientWithFiles
from clubroom.ports.blobs import Blobs, Ticket
from clubroom.ports.blobs.b2 import B2
from clubroom.ports.blobs.folder import Folder
from clubroom.ports.blobs.folder_server import FolderServer
from house.b2_guard import guarded
from house.server import NO_AUTHORITIES

APP = "https://club.example"
SECRET = b"s" * 32


@dataclass
class Rig:
    """`signing(clock)` is the same store with another clock. `data` = where its bytes lie on this disk.
    `connections` = how many the store has open, as far as it can be seen.
    """

    store: Blobs
    http: httpx.AsyncClient
    signing: Callable[[Callable[[], datetime]], Blobs]
    data: Path
    strict: bool
    connections: Callable[[], int]

    async def put(self, ticket: Ticket, data: bytes, **headers: str) -> httpx.Response:
        """As a browser does, or with other headers."""
        return await self.http.put(ticket.url, headers=ticket.headers | headers, content=data)

    async def nothing_lies_there(self) -> bool:
        """Nor is anything left of what was begun, as far as the store lets one see."""
        return await self.store.found("") == []


@asynccontextmanager
async def folder_serving(
    folder: Path, origins: frozenset[str] = frozenset({APP})
) -> AsyncIterator[tuple[Folder, uvicorn.Server]]:
    """Files, and the server that the app starts for them."""
    listening = socket.create_server(("127.0.0.1", 0))
    store = Folder(folder, SECRET, f"http://127.0.0.1:{listening.getsockname()[1]}")
    store.prepare()
    config = uvicorn.Config(
        FolderServer(store, origins),
        http=PatientWithFiles,
        lifespan="off",
        access_log=False,
        log_config=None,
        ws="none",
        server_header=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield store, server
    finally:
        server.should_exit = True
        await serving
        await store.close()


@asynccontextmanager
async def folder_rig(tmp_path: Path) -> AsyncIterator[Rig]:
    folder = tmp_path / "files"
    async with folder_serving(folder) as (store, server), httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        yield Rig(
            store=store,
            http=http,
            signing=lambda clock: Folder(folder, SECRET, store.origin, clock=clock),
            data=folder,
            strict=True,
            connections=lambda: len(server.server_state.connections),
        )


@asynccontextmanager
async def b2_rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with (
        guarded(tmp_path, origins=frozenset({APP})) as guard,
        httpx.AsyncClient(verify=NO_AUTHORITIES) as http,
    ):
        store = B2(guard.bucket)
        try:
            yield Rig(
                store=store,
                http=http,
                signing=lambda clock: B2(guard.bucket, clock=clock),
                data=tmp_path,
                strict=False,
                connections=lambda: 0,
            )
        finally:
            await store.close()
        assert guard.refused == []
