"""Which HTTP call belongs to which function, for whoever deploys them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute

from clubroom.app import files
from clubroom.app.rooms import Rooms, Service
from clubroom.app.settings import SECRET_BYTES, Settings
from clubroom.dba.pool import Database

PORT = 443
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
Call = tuple[str, str]
"""Method and path, which has {names} in it."""

_TYPED = re.compile(r"{(\w+):\w+}")


def routes() -> Mapping[Service, list[Call]]:
    """By service, sorted; what no other has is for `fe`, whatever it is. Asks no database."""
    nobody: Any = None
    settings = Settings(data=Path("data"), secret=bytes(SECRET_BYTES))
    rooms = Rooms(
        settings, Database(nobody, lambda _: None), PORT, files.blobs_of(settings, PORT), "", lambda: ""
    )
    everywhere = _calls(rooms.application([]))
    return {
        service: sorted(_calls(rooms.application(handlers)) - everywhere, key=lambda call: call[::-1])
        for service, handlers in rooms.routes().items()
    }


def _calls(application: Litestar) -> set[Call]:
    return {
        (method, _TYPED.sub(r"{\1}", route.path_format))
        for route in application.routes
        if isinstance(route, HTTPRoute)
        for method in METHODS & set(route.methods)
    }
