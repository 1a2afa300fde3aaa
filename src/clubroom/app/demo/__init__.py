"""`clubroom demo`: the real server with a lively, invented club, in a data folder of its own."""

import asyncio
import http.client
import logging
import os
import random
import sys
import webbrowser
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from clubroom.app import local, logs
from clubroom.app.demo import folder
from clubroom.app.demo.calendar import moment
from clubroom.app.demo.folder import Device, Made
from clubroom.app.demo.lively import Lively
from clubroom.app.demo.make import make
from clubroom.app.demo.people import ME, PEOPLE
from clubroom.app.settings import Settings, from_environment
from clubroom.auth.keys import Keys
from clubroom.auth.tokens import Tokens

log = logging.getLogger(__name__)

LINK_TIMEOUT_S = 10
AFTER_THE_LINK = """\
  The link signs you in as {name}, once, within 10 minutes. For another one end this with Ctrl-C and run
  `clubroom demo` again: the club stays as it is. `clubroom demo --fresh` makes it anew."""


async def serve(environment: Mapping[str, str], say: local.Say, *, fresh: bool) -> None:
    """Makes the clubs where there are none yet, then serves them until it is told to stop.

    Raises SettingError, EmbeddedError.
    """
    data = folder.named(environment)
    made = folder.opened(data, fresh=fresh)
    settings = demo_settings(environment, data)
    logs.set_up(settings.log, settings.log_level)
    if made is None:
        made = await make(settings, say, datetime.now())
        folder.finish(data, made)
    demo = Demo(settings, made)
    try:
        await local.serve(settings, say, demo.open)
    finally:
        await demo.end()


def demo_settings(environment: Mapping[str, str], data: Path) -> Settings:
    """As for `serve`, but a demo keeps all in its own folder, and is looked at on this computer."""
    own = {"CLUBROOM_DATA": str(data), "DATABASE_URL": "", "PUBLIC_URL": ""}
    own |= {f"CLUBROOM_B2_{part}": "" for part in ("ENDPOINT", "BUCKET", "KEY_ID", "KEY")}
    return from_environment({**environment, **own})


class Demo:
    """What goes on beside the server, in the same process."""

    def __init__(self, settings: Settings, made: Made) -> None:
        self.settings = settings
        self.made = made
        self.tokens = Tokens(Keys(settings.secret))
        self.tokens.belong_to(made.epoch)
        self.devices = {device.key: device for device in [made.me, *made.lively]}
        self._opening: asyncio.Task[None] | None = None

    def open(self, url: str) -> None:
        """The server answers at `url` now."""
        self._opening = asyncio.create_task(self._open(url), name="demo")
        self._opening.add_done_callback(_tell_failure)

    async def end(self) -> None:
        """Everybody goes home."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)

    async def _open(self, url: str) -> None:
        host, port = local.reached(self.settings.host), urlsplit(url).port or 80
        link = await asyncio.to_thread(sign_in_link, host, port, self._mint(ME))
        name = PEOPLE[ME].name
        print(f"Clubroom is open: {link}", flush=True)  # noqa: T201
        print(AFTER_THE_LINK.format(name=name), flush=True)  # noqa: T201
        if _somebody_looks():
            await asyncio.to_thread(webbrowser.open, link)
        now = moment(datetime.now())
        rng = random.Random()  # noqa: S311 - what is said next
        await Lively(self.made, f"ws://{_in_url(host)}:{port}/socket", self._mint, now, rng).run()

    def _mint(self, key: str) -> str:
        device: Device = self.devices[key]
        return self.tokens.mint(device.user, device.number, device.session, device.groups)


def _tell_failure(opening: asyncio.Task[None]) -> None:
    """The server serves on without the demo's members, but not in silence."""
    if not opening.cancelled() and (error := opening.exception()) is not None:
        log.error("The demo's members could not come.", exc_info=error)


def sign_in_link(host: str, port: int, token: str) -> str:
    """A fresh link, asked for over HTTP as the member's own device would."""
    connection = http.client.HTTPConnection(host, port, timeout=LINK_TIMEOUT_S)
    try:
        connection.request("POST", "/api/sign-in-links", headers={"authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        assert answer.status == 201, answer.status
        return msgspec.json.decode(answer.read(), type=_Link).url
    finally:
        connection.close()


class _Link(msgspec.Struct):
    url: str


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _somebody_looks() -> bool:
    display = (
        sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return bool(display) and sys.stdout.isatty()
