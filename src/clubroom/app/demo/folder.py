"""The demo's data folder. It is a demo's only with our mark in it: nothing else is ever reused or deleted."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import msgspec

from clubroom.app.files import FOLDER
from clubroom.app.settings import SettingError
from clubroom.dba.embedded import remove

DEFAULT = "data/demo"
MARK = "demo.json"
UNFINISHED = "demo-unfinished"


class Device(msgspec.Struct, frozen=True):
    """A signed-in device of somebody in the demo: what their tokens are minted from."""

    key: str
    user: str
    number: int
    session: UUID
    groups: list[int]


class Made(msgspec.Struct, frozen=True):
    """What is kept beside the database: its epoch, the clubs, the choir's rooms by their key, the
    conversations of the demo's member by whom they are with, as whom it opens, and who is lively.
    """

    epoch: str
    choir: int
    chess: int
    rooms: dict[str, int]
    talks: dict[str, int]
    me: Device
    lively: list[Device]


def named(environment: Mapping[str, str]) -> Path:
    """The folder that is asked for; never the one of `clubroom serve`."""
    return Path(environment.get("CLUBROOM_DATA") or DEFAULT).resolve()


def opened(data: Path, *, fresh: bool) -> Made | None:
    """What an earlier run made, or None with the folder prepared for making. Raises SettingError."""
    finished, unfinished = data / MARK, data / UNFINISHED
    if data.exists() and any(data.iterdir()) and not (finished.exists() or unfinished.exists()):
        raise SettingError(
            f"{data} holds something else than a demo. Set CLUBROOM_DATA to a folder of its own."
        )
    if finished.exists() and not fresh:
        return _read(finished)
    if finished.exists() or unfinished.exists():
        unfinished.touch()
        remove(data)
        finished.unlink(missing_ok=True)
        (data / "secret").unlink(missing_ok=True)
        shutil.rmtree(data / FOLDER, ignore_errors=True)
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    unfinished.touch()
    return None


def _read(mark: Path) -> Made:
    try:
        return msgspec.json.decode(mark.read_bytes(), type=Made)
    except msgspec.DecodeError as error:
        raise SettingError("This demo was made by another version: make it anew with --fresh.") from error


def finish(data: Path, made: Made) -> None:
    """From now on it is reused as it is."""
    kept = data / MARK
    kept.touch(mode=0o600)
    kept.write_bytes(msgspec.json.format(msgspec.json.encode(made)))
    (data / UNFINISHED).unlink()
