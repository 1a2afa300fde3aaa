"""The postmaster as a process: start it, find one that outlived its server, wait for it, end it.

A pid file proves nothing (after a crash its number may belong to a stranger), so a process counts as our
postmaster only if it is a `postgres` that works in our cluster's folder. From then on it is held by a pidfd,
which never comes to mean another process.
"""

import asyncio
import os
import select
import signal
import subprocess
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from clubroom.dba.embedded.cluster import DURABLE, ENVIRONMENT, reason_in
from clubroom.dba.embedded.errors import EmbeddedError, NoAnswer, StillInUse
from clubroom.dba.embedded.place import PORT, Place

READY_SECONDS_MAX = 120.0
LOG_BYTES_MAX = 10 * 1024 * 1024
_POLL_SECONDS = 0.01
_PSQL_NOT_CONNECTED = 2


class Postmaster:
    """A living postmaster: our child, or adopted."""

    def __init__(self, pid: int, child: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self._child = child
        self._descriptor = os.pidfd_open(pid)
        weakref.finalize(self, os.close, self._descriptor)

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended, at most so long. True if it has."""
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        ended = bool(poll.poll(max(0, round(seconds * 1000))))
        if ended and self._child is not None:
            self._child.wait()
        return ended

    async def ended(self) -> None:
        """Return as soon as it has ended."""
        loop = asyncio.get_running_loop()
        seen = asyncio.Event()
        loop.add_reader(self._descriptor, seen.set)
        try:
            await seen.wait()
        finally:
            loop.remove_reader(self._descriptor)
        self.wait(0)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if it has ended."""
        if not self.wait(0):
            signal.pidfd_send_signal(self._descriptor, number)

    @property
    def is_child(self) -> bool:
        """Started by this process."""
        return self._child is not None


def find_postmaster(place: Place) -> Postmaster | None:
    """The one that runs on this cluster. What a dead one left that would stop the next is cleared away."""
    pid = _pid_in_file(place)
    if pid is not None and _works_in(pid, place.cluster):
        return Postmaster(pid)
    if pid is not None and Path(f"/proc/{pid}").exists():
        place.pid_file.unlink(
            missing_ok=True
        )  # a stranger's pid, which PostgreSQL would take for a postmaster
    for left in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (place.sockets / left).unlink(missing_ok=True)
    return None


def launch(place: Place) -> Postmaster:
    """Start one, in a session of its own: Ctrl-C must reach the server alone, which then stops it."""
    user, group, extra_groups = place.as_account()
    if place.log.exists() and place.log.stat().st_size > LOG_BYTES_MAX:
        place.log.replace(place.log.with_suffix(".log.1"))
    with place.log.open("ab") as log:
        place.give(place.log)
        child = subprocess.Popen(  # noqa: S603
            [place.program("postgres"), "-D", place.cluster, *DURABLE],
            user=user, group=group, extra_groups=extra_groups, umask=0o077, cwd=place.home, env=ENVIRONMENT,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    return Postmaster(child.pid, child)


def await_ready(place: Place, postmaster: Postmaster, cancelled: Callable[[], bool]) -> bool:
    """Wait until it takes connections; False if it ends instead. After a crash it repairs first."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not postmaster.wait(_POLL_SECONDS):
        if _status_in_file(place, postmaster.pid) == "ready":
            return True
        if cancelled():
            raise EmbeddedError("Stopped before PostgreSQL was ready.")
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"PostgreSQL was not ready after {READY_SECONDS_MAX:.0f} s. Its log: {place.log}"
            )
    return False


def why_it_ended(place: Place, log_from: int) -> EmbeddedError:
    """What the log says since `log_from`. `StillInUse` = worth another try soon."""
    with place.log.open("rb") as log:
        log.seek(log_from)
        reason = reason_in(log.read(64 * 1024).decode(errors="replace"))
    if "still in use" in reason or "lock file" in reason:
        return StillInUse(f"What an earlier PostgreSQL left in {place.home} is still in use: {reason}")
    return EmbeddedError(f"PostgreSQL could not start in {place.home}: {reason}. Its log: {place.log}")


def end_leftovers(place: Place) -> None:
    """End what a killed postmaster left running: without it they serve nobody and keep the next one out."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _works_in(int(entry.name), place.cluster):
            Postmaster(int(entry.name)).tell(signal.SIGKILL)


def ask(place: Place, sql: str | Path, *, database: str = "postgres") -> str:
    """Run SQL as the superuser, a text or a file, and return what it printed."""
    what = ["--file", str(sql)] if isinstance(sql, Path) else ["--command", sql]
    where = {
        "PGHOST": str(place.sockets), "PGPORT": str(PORT), "PGUSER": "postgres", "PGDATABASE": database,
        "PGCONNECT_TIMEOUT": "10", "HOME": "/nonexistent",
    }  # fmt: skip
    command: list[str | Path] = [
        place.program("psql"),
        "--no-psqlrc",
        "--quiet",
        "--no-align",
        "--tuples-only",
        *what,
    ]
    asked = subprocess.run(  # noqa: S603
        [*command, "--set", "ON_ERROR_STOP=1"], env=ENVIRONMENT | where, cwd="/", stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode != 0:
        kind = NoAnswer if asked.returncode == _PSQL_NOT_CONNECTED else EmbeddedError
        raise kind(f"PostgreSQL runs in {place.home} but does not answer: {reason_in(asked.stderr)}")
    return asked.stdout.strip()


def is_stopping(place: Place, postmaster: Postmaster) -> bool:
    """Somebody told it to stop, and it has not ended yet."""
    return _status_in_file(place, postmaster.pid) == "stopping"


def log_size(place: Place) -> int:
    """Where the log ends now: what comes after it belongs to the next start."""
    size = place.log.stat().st_size if place.log.exists() else 0
    return 0 if size > LOG_BYTES_MAX else size


def _works_in(pid: int, cluster: Path) -> bool:
    try:
        program = Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)")
        return program == "postgres" and Path(f"/proc/{pid}/cwd").samefile(cluster)
    except OSError:  # it has ended, or is somebody else's
        return False


def _pid_in_file(place: Place) -> int | None:
    lines = _lines_in_file(place)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _status_in_file(place: Place, pid: int) -> str | None:
    """The eighth line: starting, ready or stopping."""
    lines = _lines_in_file(place)
    return lines[7].strip() if len(lines) > 7 and lines[0].strip() == str(pid) else None


def _lines_in_file(place: Place) -> list[str]:
    try:
        return place.pid_file.read_text().splitlines()
    except FileNotFoundError:
        return []
