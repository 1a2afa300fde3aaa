"""Make a cluster and write its settings. Both are complete or not there: a temporary name, then a rename."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from clubroom.dba.embedded.errors import EmbeddedError
from clubroom.dba.embedded.place import Place

# Sent means on disk. On the command line, so that no ALTER SYSTEM takes it back.
DURABLE = ("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on")
SETTINGS = {
    # Only who may enter the socket's folder, and is its owner or root, gets in (pg_hba.conf asks the kernel).
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Enough for a club of thousands, small enough for a laptop.
    "max_connections": "40",
    "shared_buffers": "128MB",
    "jit": "off",
    # Never a statement, a parameter or the text of a message: the error itself goes to whoever asked.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "lc_messages": "C",
}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def ensure_cluster(place: Place) -> bool:
    """Make the cluster unless it is there, and write its settings. True if it was made now."""
    for unfinished in place.home.glob("unfinished-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    fresh = not place.cluster.exists()
    if fresh:
        _make(place)
    _check_version(place)
    _write_settings(place, place.cluster)
    return fresh


def reason_in(said: str) -> str:
    """The line that tells most among what one of PostgreSQL's programs said."""
    if "No space left on device" in said:
        return "the disk is full"
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it said nothing"]
    telling = [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR|error|could not)\b", line)]
    return (telling or lines)[-1]


def _make(place: Place) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=place.home))
    place.give(unfinished)
    user, group, extra_groups = place.as_account()
    made = subprocess.run(  # noqa: S603
        [
            place.program("initdb"), "--pgdata", unfinished, "--username", "postgres", "--auth", "peer",
            "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin",
            "--builtin-locale", "C.UTF-8", "--data-checksums", "--no-instructions",
        ],
        user=user, group=group, extra_groups=extra_groups, umask=0o077, cwd=place.home, env=ENVIRONMENT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        reason = reason_in(made.stderr)
        raise EmbeddedError(f"The database could not be made in {place.home}: {reason}")
    unfinished.rename(place.cluster)
    _sync_folder(place.home)


def _check_version(place: Place) -> None:
    made_by = (place.cluster / "PG_VERSION").read_text().strip()
    asked = subprocess.run(  # noqa: S603
        [place.program("postgres"), "--version"], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    runs = asked.stdout.split()[-1].partition(".")[0]
    if made_by != runs:
        raise EmbeddedError(
            f"The database in {place.cluster} was made by PostgreSQL {made_by}, and this is {runs}. "
            "Start the Clubroom that made it, back it up, and restore the backup here."
        )


def _write_settings(place: Place, cluster: Path) -> None:
    settings = {**SETTINGS, "unix_socket_directories": str(place.sockets)}
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    _write(place, cluster / "postgresql.conf", "# Written by Clubroom at every start.", *lines)
    _write(place, cluster / "pg_hba.conf", "local all all peer map=clubroom")
    people = dict.fromkeys(["root", place.account.pw_name])
    _write(place, cluster / "pg_ident.conf", *(f'clubroom "{name}" all' for name in people))


def _write(place: Place, path: Path, *lines: str) -> None:
    text = "\n".join(lines) + "\n"
    if path.exists() and path.read_text() == text:
        return  # a start needs no room on a full disk
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_text(text)
    fresh.chmod(0o600)
    place.give(fresh)
    fresh.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
