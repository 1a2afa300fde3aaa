"""What the machine is, in general words, and how fast its disk can promise anything."""

import os
import platform
import time
from pathlib import Path
from time import perf_counter

import msgspec

from bench.figure import median

LOOK_S = 2.0
FLUSHES = 200
FLUSH_BYTES = 8 * 1024


class Machine(msgspec.Struct, frozen=True):
    """`flush_ms` is the median time until 8 KiB more at the end of a file are on disk: a commit needs one.
    `taken` is how much of the machine others used while we did nothing.
    """

    system: str
    processor: str
    cores: int
    memory_gb: float
    file_system: str
    flush_ms: float
    taken: float


def machine(folder: Path) -> Machine:
    """This one; its disk is measured in `folder`."""
    return Machine(
        system=f"{platform.system()} {platform.release().split('-')[0]}",
        processor=_field("/proc/cpuinfo", "model name"),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(int(_field("/proc/meminfo", "MemTotal").split()[0]) / 1024**2, 1),
        file_system=_file_system(folder.resolve()),
        flush_ms=round(_flush_ms(folder), 2),
        taken=round(_taken(), 2),
    )


def resident_bytes(pid: int) -> int:
    """What a process has in memory."""
    return int(_field(f"/proc/{pid}/status", "VmRSS").split()[0]) * 1024


def cpu_s(pid: int) -> float:
    """What a process has needed of a core so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _flush_ms(folder: Path) -> float:
    path = folder / "flush"
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(FLUSHES):
            begun = perf_counter()
            file.write(bytes(FLUSH_BYTES))
            os.fdatasync(file.fileno())
            took.append(perf_counter() - begun)
    path.unlink()
    return 1_000 * median(took)


def _taken() -> float:
    """Whatever is not idle while we sleep."""
    before = _ticks()
    time.sleep(LOOK_S)
    idle, every = (after - then for after, then in zip(_ticks(), before, strict=True))
    return 1 - idle / every


def _ticks() -> tuple[int, int]:
    """Idle ones, and all."""
    every = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return every[3] + every[4], sum(every)


def _file_system(folder: Path) -> str:
    """Of the longest mount point above it."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    above = [(point, kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(above, key=lambda mount: len(mount[0]))[1]


def _field(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0")
