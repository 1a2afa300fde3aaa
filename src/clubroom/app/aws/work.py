"""Everything that no request waits for: woken by the queue after a commit, and by the clock each minute."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from clubroom.app.aws.function import Function
from clubroom.app.aws.sockets import sockets_of
from clubroom.app.aws.web import rooms_of
from clubroom.app.forwarding import Forwarding
from clubroom.app.remote_sockets import RemoteSockets
from clubroom.dba import forwards
from clubroom.errors import Unavailable
from clubroom.notification.decision import REMOTE_WAIT_S
from clubroom.notification.pushes import Pushing
from clubroom.notification.worker import Job
from clubroom.ports.waking import LATER

WORKS_S = 45.0  # of the minute until the next one begins
SOON_S = 20
AGAIN_S = REMOTE_WAIT_S + 1

log = logging.getLogger(__name__)


class Worker:
    """Does each job until nothing of it waits. Several may run at once: jobs take what they work on."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self._sockets: RemoteSockets
        self._pushing: Pushing
        self._forwarding: Forwarding
        self._jobs: Mapping[str, Job] = {}

    def __call__(self, event: dict[str, Any], _: Any) -> None:
        """Messages of the queue are done with in any case: the clock comes by itself. They say no more than
        whether somebody committed something just now. Only then it is worth coming once more: if those who
        come later asked for that, too, each message of a lively evening would keep somebody coming all night.
        """
        records = event.get("Records")
        fresh = records is not None and any(record["body"] != LATER for record in records)
        try:
            self.function.run(self._work(swept=records is None, fresh=fresh))
        except Unavailable:
            log.warning("The database does not answer. The clock comes again.")

    async def _work(self, *, swept: bool, fresh: bool) -> None:
        await self._ready()
        until = time.monotonic() + WORKS_S
        await self._alone("forwards", self._forwarding, until)
        at_once = [self._alone(name, job, until) for name, job in self._jobs.items()]
        if swept:
            at_once.append(self._alone("sweep of sockets", self._sockets.sweep, until))
        await asyncio.gather(*at_once)
        await self._alone("pushes on their way", self._pushes_rest, until)
        if fresh and await forwards.tellings_wait(self._sockets.db, SOON_S):
            await self.function.wake(AGAIN_S)

    async def _pushes_rest(self) -> bool:
        """Behind this call nothing goes on, and a push that is not marked would go out once more."""
        await self._pushing.come_to_rest()
        return False

    async def _alone(self, name: str, job: Job, until: float) -> None:
        """Whatever one of them meets keeps no other from its work."""
        try:
            while await job() and time.monotonic() < until:
                continue
        except Unavailable:
            log.warning("The job %s waits: something does not answer.", name)
        except Exception:
            log.exception("The job %s failed.", name)

    async def _ready(self) -> None:
        function = self.function
        db = await function.database()
        if not self._jobs:
            rooms = function.begin(rooms_of(function, db))
            self._sockets = sockets_of(function, rooms)
            self._pushing = rooms.pushing
            self._forwarding = Forwarding(db, self._sockets.publish)
            self._jobs = rooms.jobs()
        await function.look()
