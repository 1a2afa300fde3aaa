"""One server a data folder: whoever holds the lock on `lock` in it. The kernel drops it with the process."""

import fcntl
import os
from pathlib import Path

from clubroom.dba.embedded.errors import DataFolderInUse


class DataFolderLock:
    """The held lock. It is gone with `release`, or with the process, however that ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, data: Path) -> "DataFolderLock":
        """Take it at once or raise `DataFolderInUse`."""
        descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).strip()
            os.close(descriptor)
            raise DataFolderInUse(data, int(holder) if holder.isdigit() else None) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        """Let the next server have the folder. The file stays: removing it would race with the next."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
