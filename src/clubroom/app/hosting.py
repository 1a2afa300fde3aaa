"""What whoever owns the database does at the command line: makes hosts, lists clubs, suspends one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from clubroom import wire
from clubroom.app.files import blobs_of
from clubroom.app.settings import SettingError, Settings
from clubroom.chat.files.marking import mark
from clubroom.dba import checks, migrate, place
from clubroom.dba.embedded.visit import visited
from clubroom.errors import NotFound
from clubroom.ports.blobs import BlobsError

NOBODY = "Nobody here is known as {}: give the e-mail address that they sign in with, or their user id."


@contextmanager
def owner(settings: Settings) -> Iterator[str]:
    """The owner's way to the database, whether a server runs or not. Raises SettingError, DatabaseUnfit."""
    if settings.database_url is not None:
        with checks.reaching():
            yield settings.database_url
        return
    with visited(settings.data) as visit:
        if visit is None:
            raise SettingError("There is no database here yet: the first start makes it.")
        with checks.reaching():
            yield visit.owner_dsn


async def add(settings: Settings, known_as: str) -> str:
    """What to say then. Raises SettingError for nobody."""
    with owner(settings) as dsn:
        name = await place.add_host(dsn, known_as)
    if name is None:
        raise SettingError(NOBODY.format(known_as))
    return f"{name} runs this place from now on."


async def remove(settings: Settings, known_as: str) -> str:
    """As `add`."""
    with owner(settings) as dsn:
        name = await place.remove_host(dsn, known_as)
    if name is None:
        raise SettingError(f"{known_as} is no host here.")
    return f"{name} runs this place no more."


async def hosts(settings: Settings) -> str:
    """Line by line."""
    with owner(settings) as dsn:
        found = await place.hosts(dsn)
    lines = [f"{one.user}  {one.name}  {one.email or ''}".rstrip() for one in found]
    return "\n".join(lines) or "Nobody is a host yet: clubroom host add <e-mail address>"


async def clubs(settings: Settings) -> str:
    """Line by line; never what is said there."""
    with owner(settings) as dsn:
        lines = [_line(club) async for club in place.all_clubs(dsn)]
    return "\n".join(lines) or "There are no clubs yet."


def _line(club: wire.HostedClub) -> str:
    last = datetime.fromisoformat(club.last_at).astimezone(UTC).date() if club.last_at else "never"
    state = "  suspended" if club.suspended else "  deleted" if club.deleted else ""
    told = f"{club.members:>6} members {club.messages:>9} messages  last {last}"
    return f"{club.group:>8} {told}  {club.name}{state}"


async def suspend(settings: Settings, club: int, *, off: bool) -> str:
    """What to say then. Raises SettingError for no club."""
    try:
        with owner(settings) as dsn:
            await place.suspend_as_owner(dsn, wire.possible_group(club), suspend=not off)
    except NotFound:
        raise SettingError(f"There is no club {club}: see clubroom clubs.") from None
    return f"The club {club} is {'open again' if off else 'suspended: it is read, and nothing more'}."


async def adopt_files(settings: Settings) -> str:
    """What lies in the store belongs to this database. Raises SettingError."""
    with owner(settings) as dsn:
        epoch = await migrate.epoch(dsn)
    store = blobs_of(settings, settings.port)
    try:
        await mark(store, epoch)
    except BlobsError as error:
        raise SettingError("The store of images and files does not answer, or lets nobody write.") from error
    finally:
        await store.close()
    return "Images and files belong to this database now. What lies there and is not in it goes within a day."
