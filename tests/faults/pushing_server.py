"""The server, with a push service of the tests: `pushing_server.py <certificate> <fault>`.

Its faults are mistakes that real push workers have made. None of it is anywhere in src.
"""

import ssl
import sys
from functools import partial
from ipaddress import ip_address
from typing import Any

from clubroom.app import pushers
from clubroom.app.__main__ import main
from clubroom.dba import pushing
from clubroom.dba.pushing import Closed
from clubroom.notification import courier, pushes
from clubroom.notification.pushes import Pushing
from clubroom.ports.push.web_push import WebPusher
from house.pause import pause

HELD_UP_S = 1.0
LEASE_S = 5  # of whoever was killed; a test has less patience


def plain() -> None:
    """No fault."""


def marked_before_the_call() -> None:
    """What is taken counts as sent at once, so that nothing is ever sent twice."""
    sound: Any = Pushing._send

    async def send(job: Pushing, one: Any, *said: Any) -> None:
        await pushing.close(job.db, [Closed(one.id, one.seq, "pushed")])
        await pause(HELD_UP_S)
        await sound(job, one, *said)

    replaced: Any = Pushing
    replaced._send = send


FAULTS = {each.__name__: each for each in (plain, marked_before_the_call)}

if __name__ == "__main__":
    certificate, fault, *arguments = sys.argv[1:]
    trusted = ssl.create_default_context(cafile=certificate)
    pushes.LEASE_S = courier.LEASE_S = LEASE_S
    replaced: Any = pushers
    replaced.WebPusher = partial(
        WebPusher, trusted=trusted, besides=lambda address: ip_address(address).is_loopback
    )
    FAULTS[fault]()
    sys.exit(main(arguments))
