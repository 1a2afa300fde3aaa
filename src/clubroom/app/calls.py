"""Every HTTP call, counted, timed and logged, and nothing told of what was asked: a call is known by the
template of its route, so that neither log nor metrics ever hold a code or the number of a group.
"""

import logging
import secrets
import time
from collections import Counter

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from clubroom.app.logs import call_id
from clubroom.histogram import Histogram

log = logging.getLogger(__name__)

CALL_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # few: there is one for every route
NO_ROUTE = "none"
NO_STATUS = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"
FOR_MACHINES = frozenset({"/api/health", "/metrics"})  # asked so often that nobody wants to read it


class Calls:
    """What was asked of one server. A label is one of our routes, a method we know, or a status: few."""

    def __init__(self) -> None:
        self.answered: Counter[tuple[str, ...]] = Counter()  # route, method, status
        self.seconds: dict[tuple[str, ...], Histogram] = {}  # route, method

    def counted(self, app: ASGIApp) -> ASGIApp:
        """The same application, watched from outside of everything it does."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            status = NO_STATUS

            async def sending(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = str(message["status"])
                await send(message)

            call_id.set(secrets.token_hex(6))
            begun = time.perf_counter()
            try:
                await app(scope, receive, sending)
            finally:
                self._answered(scope, status, time.perf_counter() - begun)

        return watched

    def _answered(self, scope: HTTPScope, status: str, seconds: float) -> None:
        route = str(scope.get("path_template", NO_ROUTE))
        method = scope["method"] if scope["method"] in METHODS else OTHER_METHOD
        self.answered[route, method, status] += 1
        self.seconds.setdefault((route, method), Histogram(*CALL_S)).observe(seconds)
        told = route.startswith("/api/") and route not in FOR_MACHINES
        fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.log(logging.INFO if told else logging.DEBUG, "A call was answered.", extra={"fields": fields})
