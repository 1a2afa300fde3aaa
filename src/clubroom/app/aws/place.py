"""What a function is told by its environment."""

from collections.abc import Mapping
from functools import partial

import msgspec

from clubroom.app.settings import SettingError, Settings, from_environment
from clubroom.ports.gateway.aws import SERVICE as SOCKETS
from clubroom.ports.gateway.aws import ManagementApi
from clubroom.ports.signing.aws import Credentials, HeaderSigner
from clubroom.ports.waking import Waker
from clubroom.ports.waking.sqs import QUEUE, QueueBell


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """`credentials` are the function's own, lent by AWS."""

    settings: Settings
    dsn: str
    gateway: str
    queue: str
    credentials: Credentials

    def waker(self) -> Waker:
        """What wakes the worker."""
        return QueueBell(self.queue, self.credentials)

    def sockets(self) -> ManagementApi:
        """Whoever holds the sockets."""
        return ManagementApi(self.gateway, HeaderSigner(self.credentials, SOCKETS))


def place_of(environment: Mapping[str, str]) -> Place:
    """Raises SettingError."""
    settings = from_environment(environment, make=False)
    needed = partial(_needed, environment)
    if not settings.secret:
        raise SettingError("A function needs CLUBROOM_SECRET: openssl rand -hex 32 makes one.")
    if settings.public_url is None:
        raise SettingError("A function needs PUBLIC_URL.")
    queue = needed("CLUBROOM_WAKE_QUEUE")
    if not QUEUE.fullmatch(queue):
        raise SettingError("CLUBROOM_WAKE_QUEUE is the URL of a queue.")
    return Place(
        settings=settings,
        dsn=needed("DATABASE_URL"),
        gateway=needed("CLUBROOM_GATEWAY").rstrip("/"),
        queue=queue,
        credentials=Credentials(
            key_id=needed("AWS_ACCESS_KEY_ID"),
            key=needed("AWS_SECRET_ACCESS_KEY"),
            region=needed("AWS_REGION"),
            token=environment.get("AWS_SESSION_TOKEN") or None,
        ),
    )


def _needed(environment: Mapping[str, str], name: str) -> str:
    found = environment.get(name)
    if not found:
        raise SettingError(f"A function needs {name}.")
    return found
