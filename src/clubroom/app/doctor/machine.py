"""What the computer gives: the data folder, room on its disk, the secret, open files, the built client."""

import os
import pwd
import resource
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from clubroom.app.doctor.finding import Finding, good, warning, wrong
from clubroom.app.settings import SECRET_FILE, SettingError, Settings, kept_secret

FREE_BYTES_LITTLE = 1_000_000_000
FREE_BYTES_MIN = 100_000_000
OPEN_FILES_MIN = 4_096
OPEN_FILES_OWN = 100  # what a server holds open beside sockets
OTHERS = 0o077


def findings(settings: Settings) -> Iterator[Finding]:
    """Without asking the database or the network."""
    if settings.ephemeral:
        yield good("data_folder", "Nothing has to stay on this disk: all that must last is elsewhere.")
    else:
        yield _data_folder(settings.data)
    for folder in _disks(settings.data):
        yield room(folder, shutil.disk_usage(folder).free)
    if not settings.secret:  # else it was given in the environment
        yield _secret(settings)
    yield open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    yield _client(settings.web)


def _data_folder(data: Path) -> Finding:
    user = _user()
    if not _exists(data):
        if os.access(_nearest(data), os.W_OK | os.X_OK):
            return warning(
                "data_folder",
                f"There is no data folder {data} yet.",
                "The first start makes it. If yours is elsewhere, name it in CLUBROOM_DATA, or run this "
                "where you start Clubroom.",
            )
        return wrong(
            "data_folder",
            f"The data folder {data} cannot be made: {user} may not write in {_nearest(data)}.",
            "Name a folder in CLUBROOM_DATA that this user may write in.",
        )
    if not data.is_dir():
        return wrong("data_folder", f"{data} is no folder.", "Name one in CLUBROOM_DATA.")
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return wrong(
            "data_folder",
            f"The user {user} may not write in the data folder {data}.",
            "Run Clubroom, and this, as the user whose it is; or the disk is read-only.",
        )
    return good("data_folder", f"The data folder is {data}, and can be written.")


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # in a container, say
        return str(os.geteuid())


def _nearest(path: Path) -> Path:
    """The folder above it that exists."""
    return next(above for above in path.parents if _exists(above))


def _exists(path: Path) -> bool:
    """For all that we may see."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _disks(data: Path) -> list[Path]:
    """A folder on each disk that is written to."""
    if not os.access(data, os.X_OK):
        return [data if _exists(data) else _nearest(data)]
    location = data / "postgres-location"
    folders = [data]
    if location.exists() and (home := Path(location.read_text().strip())).exists():
        folders.append(home)
    return list({folder.stat().st_dev: folder for folder in reversed(folders)}.values())


def room(folder: Path, free: int) -> Finding:
    """Whether so many bytes will do."""
    says = f"On the disk of {folder} {_size(free)} are free"
    if free < FREE_BYTES_MIN:
        return wrong("disk", f"{says}: soon nobody can send anything.", "Make room now.")
    if free < FREE_BYTES_LITTLE:
        return warning("disk", f"{says}.", "Make room soon: on a full disk nobody can send anything.")
    return good("disk", f"{says}.")


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count // 1_000_000} MB"


def _secret(settings: Settings) -> Finding:
    path = settings.data / SECRET_FILE
    try:
        if not path.exists():
            return _no_secret(settings, path)
        kept_secret(path)
        mode = stat.S_IMODE(path.stat().st_mode)
    except SettingError as error:
        return wrong("secret", str(error))
    except OSError as error:
        return wrong(
            "secret", f"The secret {path} cannot be read: {error.strerror}.", "Run this as its owner."
        )
    if mode & OTHERS:
        return wrong(
            "secret",
            f"Other users of this computer may get at the secret {path}, and with it sign in as anybody.",
            f"chmod 600 {path}",
        )
    return good(
        "secret", f"The secret is in {path}, for its owner alone. Keep a copy of it with each backup."
    )


def _no_secret(settings: Settings, path: Path) -> Finding:
    has_database = any((settings.data / name).exists() for name in ("postgres", "postgres-location"))
    if not (has_database or settings.database_url):
        return good("secret", "There is no secret yet: the first start makes it.")
    says = f"The secret {path} is missing."
    todo = (
        "Put it back from a backup before you start Clubroom: a start makes a new one, and then nobody is "
        "signed in any more, and no club code works."
    )
    if has_database:
        return wrong("secret", says, todo)
    return warning("secret", says, f"If this database has been used before: {todo[0].lower()}{todo[1:]}")


def open_files(most: int) -> Finding:
    """Whether so many will do: each person who is connected takes one."""
    if most == resource.RLIM_INFINITY:
        return good("open_files", "The system sets no limit to how many people are connected at once.")
    says = f"The system lets about {max(0, most - OPEN_FILES_OWN):,} people be connected at once"
    if most < OPEN_FILES_MIN:
        return warning(
            "open_files", f"{says}.", "If your clubs are larger, raise the limit of open files: ulimit -Hn."
        )
    return good("open_files", f"{says}.")


def _client(web: Path) -> Finding:
    if not (web / "index.html").is_file():
        return wrong("client", "The web page is not built: browsers would find nothing.", "Run: make web")
    return good("client", "The web page is built.")
