"""The rooms of one server, joined: everything but what holds its sockets and what runs its jobs. `app/local`
puts one process around it, `app/aws` functions that run for one call each.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from litestar.types import ControllerRouterHandler

from clubroom.app import http, readers
from clubroom.app.core import Core
from clubroom.app.jobs import jobs
from clubroom.app.pushers import pushers
from clubroom.app.settings import Settings
from clubroom.app.signing_in import auth_of, host_of
from clubroom.auth import http as auth_http
from clubroom.auth.clubs import shown_club
from clubroom.auth.reading import http as reading_http
from clubroom.chat import http as chat_http
from clubroom.chat.events import calendar_http
from clubroom.chat.events.calendar import Calendars
from clubroom.chat.files import http as files_http
from clubroom.chat.files import showing_http
from clubroom.chat.files.room import Files
from clubroom.chat.files.work import FileWork
from clubroom.chat.previews.fetching import Previewing
from clubroom.chat.reporting import http as reporting_http
from clubroom.dba.pool import Database
from clubroom.fe import http as fe_http
from clubroom.host import http as host_http
from clubroom.host.place import Hosting
from clubroom.notification import http as notification_http
from clubroom.notification import push_http
from clubroom.notification.decision import Decision
from clubroom.notification.pushes import Pushing
from clubroom.notification.worker import Job
from clubroom.ports.blobs import Blobs
from clubroom.ports.gateway.behind import Trust
from clubroom.ports.pages import Pages

Service = Literal["auth", "chat", "notification", "fe"]


class Rooms(Core):
    """`epoch` tells which database this is, once somebody has asked it. A test may bring `pages` of its
    own.
    """

    def __init__(
        self,
        settings: Settings,
        db: Database,
        port: int,
        blobs: Blobs,
        server: str,
        epoch: Callable[[], str],
        pages: Pages | None = None,
    ) -> None:
        super().__init__(settings, db, server)
        self.port = port
        self.trust = Trust(settings.proxies, settings.edge_secret)
        self.blobs = blobs
        self.epoch = epoch
        self.decision = Decision(db, self._here)
        self.pushing = Pushing(db, pushers(settings, self.keys))
        self.auth = auth_of(settings, db, self.keys, self.tokens, port, blobs)
        self.file_work = FileWork(Files(db, blobs, self.chat.pace))
        if pages is None and settings.link_previews:
            pages = Pages()
        ours = urlsplit(settings.url(port)).hostname or ""
        self.previewing = Previewing(self.file_work.files, pages, ours=ours)

    def routes(self) -> Mapping[Service, Sequence[ControllerRouterHandler]]:
        """What answers HTTP, by the service that it belongs to."""
        settings, keys = self.settings, self.keys
        return {
            "auth": [
                auth_http.router(self.auth),
                *reading_http.routes(readers.reading(settings, self.db, keys, self.port)),
            ],
            "chat": [
                *chat_http.routes(self.chat),
                *calendar_http.routes(Calendars(self.db, keys.calendar_macs, settings.url(self.port))),
                *reporting_http.routes(self.chat),
                *files_http.routes(self.file_work.files),
                *showing_http.routes(self.file_work.files),
                *host_http.routes(Hosting(self.db, settings.data if settings.database_url is None else None)),
            ],
            "notification": [
                *notification_http.routes(self.db, self.pointers, self.presence, self.epoch),
                *push_http.routes(self.db, keys.application_server_key, self.pushing.pushers),
            ],
            "fe": fe_http.routes(self._site()),
        }

    def _site(self) -> fe_http.Site:
        origin = self.settings.url(self.port)
        files = fe_http.load(self.settings.web)
        return fe_http.Site(
            files=fe_http.without_gaps(files, self.settings.operator, origin),
            blobs=self.blobs.origin,
            origin=origin,
            shown=lambda code, peer: shown_club(code, peer, self.auth),
        )

    def application(self, handlers: Sequence[ControllerRouterHandler]) -> Any:
        """The ASGI application that answers for these."""
        host = host_of(self.settings, self.port, self.auth)
        return http.application(handlers, self.tokens.verify, host, self.trust)

    def jobs(self) -> Mapping[str, Job]:
        """Work that no request waits for."""
        return jobs(self.settings, self.auth, self.decision, self.pushing, self.file_work, self.previewing)

    async def _here(self) -> Collection[int]:
        """Also whoever has come to this server since it told of them last, or does not want to be seen."""
        return {*await self.presence.here(), *self.hub.people}
