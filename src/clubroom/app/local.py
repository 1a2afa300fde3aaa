"""One process with everything in it: HTTP and sockets on one port, PostgreSQL embedded or by DATABASE_URL."""

import asyncio
import contextlib
import errno
import gc
import resource
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial

import uvicorn

from clubroom import wire
from clubroom.app import files, http, metrics
from clubroom.app.beat import Beat, log_end
from clubroom.app.calls import Calls
from clubroom.app.patience import Patient
from clubroom.app.rooms import Rooms
from clubroom.app.settings import SettingError, Settings
from clubroom.app.sockets import GOAWAY_MS, Sockets
from clubroom.dba import checks, profiles, pushing, reading
from clubroom.dba.bus import NotifyBus
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.notification.looking import Looking
from clubroom.notification.presence import Watch
from clubroom.notification.worker import Worker
from clubroom.ports.blobs import Blobs
from clubroom.ports.bus import Bus
from clubroom.ports.gateway.local import LocalGateway
from clubroom.ports.pages import Pages

PORTS_TRIED = 20
NO_POOLER = (
    "CLUBROOM_POOLER=1 is for functions. A server that holds sockets listens to its database and prepares "
    "what it asks: give it a DATABASE_URL that leads there without a pooler of transactions."
)
GARBAGE_EVERY = 20_000  # objects made; with Python's 700, looking took a seventh of a busy server's time
Say = Callable[[str], None]


class Process(Rooms):
    """One server. `app` is the ASGI application, `gateway` holds its sockets. Without a `bus` it tells other
    servers by NOTIFY. `files` is what serves on `files_port`, if anything does; a test may bring `blobs` and
    `pages` of its own.
    """

    def __init__(
        self,
        settings: Settings,
        db: Database,
        port: int,
        bus: Bus | None = None,
        files_port: int = 0,
        blobs: Blobs | None = None,
        pages: Pages | None = None,
    ) -> None:
        server = secrets.token_urlsafe(12)
        lying, self.files = (blobs, None) if blobs else files.prepared(settings, port, files_port)
        super().__init__(settings, db, port, lying, server, lambda: self.sockets.epoch, pages)
        db.committed = self.hub.committed
        self.sockets = Sockets(
            self.hub,
            db,
            self.pointers,
            self.tokens.verify,
            self.tokens.is_ended,
            self.store,
            settings.posts_a_second,
            settings.heartbeat_ms / 1000,
        )
        self.bus = bus or NotifyBus(db, server)
        self.hub.carry = self.bus.tell
        self.watch = Watch(self.hub, self.presence, partial(profiles.invisible_of, db))
        looking = Looking(self.sockets.showing, partial(pushing.tell_looking, db, server))
        self.beat = Beat(db, self.sockets, self.tokens, self.pointers, self.watch, looking)
        origins = settings.origins(port)
        self.gateway = LocalGateway(self.sockets, allowed_origin=origins.__contains__, trust=self.trust)
        self.worker = Worker(self.jobs())
        self.calls = Calls()
        counted = metrics.routes(metrics.registry(self), settings.metrics_token, self._only_here())
        everything = [handler for handlers in self.routes().values() for handler in handlers]
        self.app = self.calls.counted(http.answering_head(self.application([*everything, *counted])))

    async def start(self) -> None:
        """Before the first request."""
        await reading.database_now(self.db)
        await self.beat.same_epoch()
        self.lane.start()
        self._running = [
            asyncio.create_task(self.beat.run(), name="beat"),
            asyncio.create_task(self.bus.run(self.hub.hear), name="bus"),
            asyncio.create_task(self.worker.run(), name="worker"),
        ]
        for task in self._running:
            task.add_done_callback(log_end)

    async def stop(self) -> None:
        """After the last one: what was taken on is finished, nothing is lost."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.file_work.close()
        await self.previewing.close()
        await self.sockets.finish()
        with contextlib.suppress(Unavailable):
            await self.pushing.finish()
        await self.lane.stop()
        with contextlib.suppress(Unavailable):
            await self.pointers.flush()
        await self.watch.end()
        await self.hub.close()
        await self.blobs.close()
        if self.auth.issuer is not None:
            await self.auth.issuer.close()

    def _only_here(self) -> bool:
        behind = self.settings.proxies or self.settings.edge_secret
        return self.auth.settings.only_here and not behind


class Server(uvicorn.Server):
    """uvicorn, but sockets are told before it stops listening."""

    def __init__(self, config: uvicorn.Config, process: Process, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.process = process
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then says so."""
        await super().startup(sockets)
        if self.started:
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """SIGTERM and SIGINT arrive here."""
        last_word = wire.encode(wire.Goaway(in_ms=GOAWAY_MS, why="restart"))
        await self.process.gateway.drain(last_word, why="restart")
        await super().shutdown(sockets)
        # uvicorn would raise them again: SIGTERM would end us, SIGINT cancel us, before `Process.stop` ran
        # and PostgreSQL was stopped
        self._captured_signals.clear()


async def serve(settings: Settings, say: Say, ready: Callable[[str], None]) -> None:
    """Runs until it is told to stop. `ready` is given the address once it answers. Raises SettingError,
    EmbeddedError, or DatabaseUnfit.
    """
    if settings.pooler:
        raise SettingError(NO_POOLER)
    _allow_many_sockets()
    listening = listen(settings, say)
    port = listening[0].getsockname()[1]
    for_files = listen_for_files(settings, port, say)
    files_port = for_files[0].getsockname()[1] if for_files else 0
    async with database(settings, say) as db:
        process = Process(settings, db, port, files_port=files_port)
        config = uvicorn.Config(
            process.app,
            ws=process.gateway.protocol,
            http=Patient,
            loop="uvloop",
            lifespan="off",
            access_log=False,
            log_config=None,  # see app/logs.py
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
        server = Server(config, process, lambda: ready(settings.url(port)))
        await process.start()
        _collect_seldom()
        try:
            async with files.serving(process.files, for_files):
                await server.serve(listening)
        finally:
            await process.stop()


@contextlib.asynccontextmanager
async def database(settings: Settings, say: Say, *, forwards: bool | None = None) -> AsyncIterator[Database]:
    """The database, migrated and found fit to serve. `forwards` as in `migrate`."""
    async with (
        postgres(settings, say) as (owner, app),
        opened(owner, app, say, settings, forwards=forwards) as db,
    ):
        yield db


@contextlib.asynccontextmanager
async def postgres(settings: Settings, say: Say) -> AsyncIterator[tuple[str, str]]:
    """The DSNs of the owner and of the role that serves; the embedded one is started, watched and stopped."""
    if settings.database_url is not None:
        yield settings.database_url, settings.database_url
        return
    say("Starting the database")
    embedded = await asyncio.to_thread(EmbeddedPostgres.start, settings.data, say=say)
    watching = asyncio.create_task(embedded.watch(), name="watch PostgreSQL")
    try:
        yield embedded.owner_dsn, embedded.app_dsn
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.to_thread(embedded.stop)


@contextlib.asynccontextmanager
async def opened(
    owner_dsn: str, app_dsn: str, say: Say, settings: Settings, *, forwards: bool | None = None
) -> AsyncIterator[Database]:
    """Migrates as the owner, serves as the role that may only execute functions. `forwards` as in `migrate`.
    Raises DatabaseUnfit.
    """
    with checks.reaching():
        two_roles = await migrate(owner_dsn, say, forwards=forwards)
        role = checks.APP_ROLE if two_roles and owner_dsn == app_dsn else None
        db = await Database.open(app_dsn, role=role, pooler=settings.pooler)
    try:
        await checks.require_fit(db, durable_by_other_means=settings.database_is_durable)
        yield db
    finally:
        await db.close()


def _allow_many_sockets() -> None:
    """Each socket is a file; the usual 1,024 would turn people away long before the memory does."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _collect_seldom() -> None:
    """What is here by now stays, and is not looked through for garbage again. What comes later is looked at
    less often than usual: each message is a task and some futures, and most have gone by the next look.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_EVERY)


def listen(settings: Settings, say: Say) -> list[socket.socket]:
    """Sockets on the wanted port, or on the next free one. Raises SettingError."""
    wanted = settings.port
    return _first_free(settings.host, wanted, say, f"Port {wanted} is taken; using")


def listen_for_files(settings: Settings, port: int, say: Say) -> list[socket.socket]:
    """As `listen`, where files are served beside an app on `port`; none if a bucket serves them."""
    if settings.bucket is not None:
        return []
    wanted = files.wanted_port(settings, port)
    return _first_free(settings.host, wanted, say, f"Port {wanted} is taken; files are on")


def _first_free(host: str | None, wanted: int, say: Say, other: str) -> list[socket.socket]:
    ports = range(wanted, min(wanted + PORTS_TRIED, 65_536))
    for port in ports:
        found = bound(host, port)
        if found:
            if port != wanted:
                say(f"{other} {port}")
            return found
    raise SettingError(f"The ports {ports[0]} to {ports[-1]} are all taken.")


def bound(host: str | None, port: int) -> list[socket.socket]:
    """All addresses or none: half of localhost would serve half of the browsers. Raises SettingError."""
    found: list[socket.socket] = []
    for name in [host] if host is not None else ["127.0.0.1", "::1"]:
        try:
            family = socket.AF_INET6 if ":" in name else socket.AF_INET
            found.append(socket.create_server((name, port), family=family, backlog=2048))
        except OSError as error:
            if family is socket.AF_INET6 and host is None and error.errno in _NO_IPV6:
                continue
            for one in found:
                one.close()
            if error.errno != errno.EADDRINUSE:
                raise SettingError(f"Cannot listen on {name}, port {port}: {error.strerror}.") from error
            return []
    return found


def reached(host: str | None) -> str:
    """Where a server that listens on `host` answers on this computer."""
    return {None: "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host or "")


_NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}
