"""Serves the demo's club to be looked at: nobody says anything by chance. `python -m screens.club FOLDER SIGN_INS`

Says one line of JSON once it answers: its address and as many secrets to sign in by. Its clock is the one that
it is started with.
"""

import asyncio
import os
import random
import sys
import urllib.request
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import uvloop

from clubroom.app import hosting, local, logs
from clubroom.app.demo import Demo, demo_settings, folder, sign_in_link
from clubroom.app.demo.calendar import moment
from clubroom.app.demo.folder import Made
from clubroom.app.demo.lively import Lively
from clubroom.app.demo.make import make
from clubroom.app.demo.people import ME
from clubroom.app.settings import Settings
from clubroom.dba.embedded.cluster import ENVIRONMENT

WRITES = ("amelie", "rosa")
"""Who is writing in the club all the time."""
TYPES_AGAIN_S = 3.0
CLOCK = ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC")
"""The database has the same: only its clock counts."""


class Opened(msgspec.Struct):
    """`code` lets into the club. `secrets` sign in once each; `choir` is the club's group, `rooms` are those in it by key."""

    url: str
    code: str
    choir: int
    rooms: dict[str, int]
    talks: dict[str, int]
    secrets: list[str]


async def serve(data: Path, sign_ins: int) -> None:
    """Until it is told to stop."""
    environment = {**os.environ, "CLUBROOM_DATA": str(data)}
    ENVIRONMENT.update({name: os.environ[name] for name in CLOCK if name in os.environ})
    made = folder.opened(data, fresh=False)
    settings = demo_settings(environment, data)
    logs.set_up(settings.log, settings.log_level)
    if made is None:
        made = await make(settings, print_nothing, datetime.now())
        folder.finish(data, made)
    quiet = Quiet(settings, made, sign_ins)
    try:
        await local.serve(settings, print_nothing, quiet.open)
    finally:
        await quiet.end()


def print_nothing(_: str) -> None:
    """What a server says to whoever starts it."""


class Quiet(Demo):
    """Everybody is there; two of them are writing, and never done."""

    def __init__(self, settings: Settings, made: Made, sign_ins: int) -> None:
        super().__init__(settings, made)
        self.sign_ins = sign_ins

    async def _open(self, url: str) -> None:
        host, port = local.reached(self.settings.host), int(url.rpartition(":")[2])

        await hosting.add(self.settings, f"{ME}@demo.example.org")
        token, made = self._mint(ME), self.made
        links = [await asyncio.to_thread(sign_in_link, host, port, token) for _ in range(self.sign_ins)]
        code = await asyncio.to_thread(_code, f"http://{host}:{port}/api/groups/{made.choir}/code", token)
        secrets = [link.partition("#")[2] for link in links]
        opened = Opened(url, code, made.choir, made.rooms, made.talks, secrets)
        print(msgspec.json.encode(opened).decode(), flush=True)  # noqa: T201
        now, rng = moment(datetime.now()), random.Random(1)  # noqa: S311
        lively = Lively(made, f"ws://{host}:{port}/socket", self._mint, now, rng)
        async with asyncio.TaskGroup() as group:
            for phone in lively.phones.values():
                group.create_task(phone.stay_online())
            group.create_task(self._write(lively))

    async def _write(self, lively: Lively) -> None:
        while True:
            await asyncio.sleep(TYPES_AGAIN_S)
            for key in WRITES:
                lively.phones[key].type_in(self.made.choir)


def _code(url: str, token: str) -> str:
    asked = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})  # noqa: S310 - our own
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return msgspec.json.decode(answer.read(), type=_Invitation).code


class _Invitation(msgspec.Struct):
    code: str


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        uvloop.run(serve(Path(sys.argv[1]).resolve(), int(sys.argv[2])))
