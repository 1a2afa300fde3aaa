"""The demo's club in a process of its own, whose clock begins at a moment that is always the same."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from screens.club import Opened

ZONE = "Europe/Berlin"
NOW = datetime(2026, 11, 25, 18, 24, tzinfo=ZoneInfo(ZONE))
FAKETIME = "usr/lib/*/faketime/libfaketime.so.1"
PATIENCE_S = 30
OPENS_WITHIN_S = 120


class Club:
    """A running one; `stop` ends it before its time."""

    def __init__(self, process: subprocess.Popen[str], opened: Opened) -> None:
        self.process = process
        self.opened = opened

    def stop(self) -> None:
        """As whoever runs it would."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_S)


@contextmanager
def club(data: Path, sign_ins: int) -> Iterator[Club]:
    """In the folder `data`, made at NOW where there is none yet."""
    library = next(Path("/").glob(FAKETIME), None)
    assert library is not None, "This needs Debian's package libfaketime."
    clock = {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{(NOW - datetime.now(UTC)).total_seconds():+.0f}",  # the same for the database's
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": ZONE,
        "PORT": str(_free_port()),
        "HOST": "127.0.0.1",
    }
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "screens.club", str(data), str(sign_ins)],
        env={**os.environ, **clock}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    late = threading.Timer(OPENS_WITHIN_S, process.kill)
    late.start()
    try:
        assert process.stdout is not None
        line = next((one for one in process.stdout if one.startswith("{")), "")
        late.cancel()
        assert line, "The club did not open."
        yield Club(process, msgspec.json.decode(line, type=Opened))
    finally:
        late.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_S)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
