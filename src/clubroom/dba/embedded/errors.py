"""What can keep the embedded PostgreSQL from running, as sentences for the person who started Clubroom."""

import errno
from pathlib import Path


class EmbeddedError(Exception):
    """The embedded database cannot be used; the text says why and what helps."""


class DataFolderInUse(EmbeddedError):
    """Another server has this data folder. `pid` names it, where it said so."""

    def __init__(self, data: Path, pid: int | None) -> None:
        self.holder = f"process {pid}" if pid else "another process"
        super().__init__(
            f"The data folder {data} is in use by {self.holder}. "
            "Stop that server first, or set CLUBROOM_DATA to another folder."
        )
        self.pid = pid


class StillInUse(EmbeddedError):
    """What a killed PostgreSQL left behind has not gone yet: trying again soon makes sense."""


class NoAnswer(EmbeddedError):
    """PostgreSQL runs and took no connection: it may be ending, or repairing itself after a child's crash."""


def from_os_error(error: OSError, path: Path) -> EmbeddedError:
    """Say in plain words what the system refused; `path` stands in where the system names no file."""
    where = error.filename or path
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return EmbeddedError(f"The disk is full: there is no room to write {where}.")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return EmbeddedError(f"There is no right to use {where}. Check who owns it.")
    if error.errno == errno.EROFS:
        return EmbeddedError(f"The disk is read-only: {where} cannot be written.")
    return EmbeddedError(f"{where}: {error.strerror or error}.")
