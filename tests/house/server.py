"""The real server in the loop of the tests, on a port of its own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn

from clubroom.app import files
from clubroom.app.local import Process, Server
from clubroom.app.patience import Patient
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.ports.bus import Bus
from clubroom.ports.pages import Pages
from house.blobs import MemoryBlobs
from house.fresh import FreshState
from house.person import Json, Person
from house.uuid7 import uuid7

PASSWORD = "correct horse battery"
# A server ends what was idle for five seconds; whoever would use it in that very moment is cut.
KEPT = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)
# Reading the authorities takes 30 ms, each time; no house here has a certificate.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class House:
    """A running server, and the people who came through its door."""

    def __init__(
        self, process: Process, url: str, blobs: MemoryBlobs | None = None, files_port: int = 0
    ) -> None:
        self.process = process
        self.files_port = files_port
        self.blobs = blobs or MemoryBlobs()
        self.url = url
        self.fresh = FreshState()
        self.people: list[Person] = []

    def http(self) -> httpx.AsyncClient:
        """Somebody who is not signed in."""
        return httpx.AsyncClient(base_url=self.url, timeout=30, verify=NO_AUTHORITIES, limits=KEPT)

    async def person(self, name: str = "Ann", *, with_email: bool = False) -> Person:
        """A new account, by default with a name and nothing else."""
        http = self.http()
        account: Json = {"name": name}
        if with_email:
            account |= {"email": f"{uuid7()}@example.org", "password": PASSWORD}
        response = await http.post("/api/accounts", json=account)
        assert response.status_code == 201, response.text
        person = Person(http, response.json(), self.fresh.look)
        self.people.append(person)
        return person

    async def club(self, *names: str) -> tuple[int, list[Person]]:
        """A club whose owner is the first; the others have joined it by its code."""
        owner = await self.person(names[0], with_email=True)
        made = await owner.create_club()
        others = [await self.person(name) for name in names[1:]]
        for other in others:
            await other.join(made["code"])
        return made["group"], [owner, *others]

    async def everyone_leaves(self) -> None:
        """Closes what the test opened."""
        people, self.people = self.people, []
        devices = [device for person in people for device in person.devices]
        # all of them, whatever one of them had heard: a connection that stays keeps the loop from its end
        left = await asyncio.gather(*(device.leave() for device in devices), return_exceptions=True)
        for person in people:
            await person.http.aclose()
        for error in left:
            if error is not None:
                raise error


@asynccontextmanager
async def running(
    db: Database,
    settings: Settings,
    bus: Bus | None = None,
    *,
    in_folder: bool = False,
    pages: Pages | None = None,
) -> AsyncIterator[House]:
    """Serves on a free port until the block ends. Files lie in memory, or `in_folder` as people have them."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port = listening.getsockname()[1]
    for_files = socket.create_server(("127.0.0.1", 0))
    told_before = db.committed
    blobs = MemoryBlobs()
    stores: Any = {"files_port": for_files.getsockname()[1]} if in_folder else {"blobs": blobs}
    process = Process(settings, db, port, bus, pages=pages, **stores)
    told_now = db.committed
    config = uvicorn.Config(
        process.app,
        ws=process.gateway.protocol,
        http=Patient,
        lifespan="off",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
    )
    ready = asyncio.Event()
    server = Server(config, process, ready.set)
    await process.start()
    serving = asyncio.create_task(server._serve([listening]))
    try:
        await ready.wait()
        async with files.serving(process.files, [for_files]):
            yield House(process, f"http://localhost:{port}", blobs, for_files.getsockname()[1])
    finally:
        for_files.close()
        server.should_exit = True
        await serving
        await process.stop()
        if db.committed == told_now:  # whoever served from these connections before serves on, …
            db.committed = told_before  # … unless somebody else has begun meanwhile
