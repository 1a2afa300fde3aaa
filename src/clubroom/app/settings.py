"""What the host decides, from the environment. Every name is told by `clubroom serve --help`."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

import msgspec

SECRET_BYTES = 32
DIST = Path(__file__).parents[3] / "web" / "dist"


class SettingError(Exception):
    """A setting that cannot be used; the message says which, and what would be right."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`host` None = all loopback names. `public_url` has no slash at its end."""

    data: Path
    secret: bytes
    port: int = 8000
    host: str | None = None
    public_url: str | None = None
    database_url: str | None = None
    database_is_durable: bool = False
    create: Literal["open", "word", "closed"] = "open"
    word: str | None = None
    web: Path = DIST

    def url(self, port: int) -> str:
        """Where people find this place, when it is served on `port`."""
        return self.public_url or f"http://localhost:{port}"

    def origins(self, port: int) -> frozenset[str]:
        """Whose pages may open a socket or refresh a token."""
        if self.public_url is not None:
            return frozenset({self.public_url})
        return frozenset(f"http://{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]"))


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Reads and checks. Raises SettingError."""
    data = Path(environment.get("CLUBROOM_DATA") or "data").resolve()
    create = environment.get("CLUBROOM_CREATE") or "open"
    if create not in ("open", "word", "closed"):
        raise SettingError("CLUBROOM_CREATE is open, word or closed.")
    word = environment.get("CLUBROOM_WORD") or None
    if create == "word" and word is None:
        raise SettingError("CLUBROOM_CREATE=word needs the word in CLUBROOM_WORD.")
    return Settings(
        data=data,
        secret=_secret(environment, data),
        port=_port(environment.get("PORT") or "8000"),
        host=environment.get("HOST") or None,
        public_url=_public_url(environment.get("PUBLIC_URL") or None),
        database_url=environment.get("DATABASE_URL") or None,
        database_is_durable=environment.get("CLUBROOM_DATABASE_IS_DURABLE") == "1",
        create=cast("Literal['open', 'word', 'closed']", create),
        word=word,
        web=Path(environment.get("CLUBROOM_WEB") or DIST),
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise SettingError("PORT is a number from 1 to 65535.")
    return int(text)


def _public_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingError("PUBLIC_URL looks like https://club.example, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _secret(environment: Mapping[str, str], data: Path) -> bytes:
    """All keys are derived from one secret: given, or made once and kept in the data folder."""
    given = environment.get("CLUBROOM_SECRET")
    if given:
        try:
            secret = bytes.fromhex(given)
        except ValueError:
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise SettingError("CLUBROOM_SECRET is 64 hexadecimal digits: openssl rand -hex 32 makes one.")
        return secret
    path = data / "secret"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(SECRET_BYTES))
        _first_wins(fresh, path)
    return bytes.fromhex(path.read_text().strip())


def _first_wins(fresh: Path, path: Path) -> None:
    """Two servers that start at once must keep the same secret."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
