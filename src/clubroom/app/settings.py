"""What the host decides, from the environment. Every name is told by `clubroom serve --help`."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

import msgspec

from clubroom.app import settings_issuer, settings_operator
from clubroom.app.logs import Form, Level
from clubroom.fe.pages import Operator
from clubroom.ports.blobs.bucket import Bucket, bucket_of
from clubroom.ports.gateway.behind import plain_network
from clubroom.ports.identity.oidc_client import OidcClient
from clubroom.ports.mail.smtp import SmtpServer, server_of
from clubroom.ports.presence import redis_server
from clubroom.ports.presence.redis_server import RedisServer

SECRET_BYTES = 32
SECRET_FILE = "secret"  # noqa: S105 - its name in the data folder
NUMBER_MAX = 1_000_000
PORT_MAX = 65_535
HEARTBEAT_MS_MIN, HEARTBEAT_MS_MAX = 100, 600_000
TOKEN_CHARACTERS_MIN = 20
BUCKET = ("ENDPOINT", "BUCKET", "KEY_ID", "KEY")
LEVELS = ("warning", "debug", "info", "error")  # the first is the default
_TOKEN = re.compile(rf"[!-~]{{{TOKEN_CHARACTERS_MIN},}}")
_SECRET = re.compile(rb"[0-9a-fA-F]{%d}" % (2 * SECRET_BYTES))
DIST = next(
    (found for up in (3, 2) if (found := Path(__file__).parents[up] / "web" / "dist").exists()),  # 2: a zip
    Path(__file__).parents[3] / "web" / "dist",
)


VARIABLES = frozenset(
    {
        "PORT",
        "HOST",
        "PUBLIC_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "CLUBROOM_DATA",
        "CLUBROOM_DATABASE_IS_DURABLE",
        "CLUBROOM_POOLER",
        "CLUBROOM_GATEWAY",
        "CLUBROOM_WAKE_QUEUE",
        "CLUBROOM_SECRET",
        "CLUBROOM_CREATE",
        "CLUBROOM_WORD",
        "CLUBROOM_ACCOUNTS_AN_HOUR",
        "CLUBROOM_POSTS_A_SECOND",
        "CLUBROOM_HEARTBEAT_MS",
        "CLUBROOM_PROXIES",
        "CLUBROOM_EDGE_SECRET",
        "CLUBROOM_DISK_IS_EPHEMERAL",
        "CLUBROOM_METRICS_TOKEN",
        "CLUBROOM_MAIL",
        "CLUBROOM_APNS",
        "CLUBROOM_FCM",
        "CLUBROOM_LINK_PREVIEWS",
        "CLUBROOM_READING",
        "CLUBROOM_FILES_PORT",
        "CLUBROOM_FILES_URL",
        "CLUBROOM_B2_ENDPOINT",
        "CLUBROOM_B2_BUCKET",
        "CLUBROOM_B2_KEY_ID",
        "CLUBROOM_B2_KEY",
        "CLUBROOM_LOG",
        "CLUBROOM_LOG_LEVEL",
        *settings_issuer.VARIABLES,
        *settings_operator.VARIABLES,
    }
)


class SettingError(Exception):
    """A setting that cannot be used; the message says which, and what would be right."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`host` None = all loopback names. `public_url` has no slash at its end. `accounts_an_hour` counts what
    one address may make, `posts_a_second` what one person may send in the long run (ten times that at once).
    Clients ping every `heartbeat_ms`. `proxies` are addresses and networks whose X-Forwarded-For is believed,
    `edge_secret` is what the edge knows; `metrics_token` opens /metrics from afar. `mail` None = letters go
    into a folder; `redis` None = who is online is kept in the database; `apns` and `fcm` name files of keys,
    for native apps. `bucket` None = files lie in the data folder and are served on `files_port` (None = the
    one behind `port`), which others reach by `files_url`. `ephemeral` = nothing stays in the data folder.
    Without `link_previews` no page is fetched that somebody has linked to; with `reading` people get tokens
    for gateways that only read. By `issuer` people may sign in besides; `issuer_only`: by nothing else. The
    `operator` is named on pages. For
    functions: `pooler` = the database is reached through a pooler of transactions, `gateway` is the
    management API of whoever holds the sockets, `wake_queue` wakes the worker.
    """

    data: Path
    secret: bytes
    port: int = 8000
    host: str | None = None
    public_url: str | None = None
    database_url: str | None = None
    database_is_durable: bool = False
    pooler: bool = False
    gateway: str | None = None
    wake_queue: str | None = None
    redis: RedisServer | None = None
    create: Literal["open", "word", "closed"] = "open"
    word: str | None = None
    accounts_an_hour: int = 300
    posts_a_second: int = 10
    heartbeat_ms: int = 25_000
    proxies: frozenset[str] = frozenset()
    edge_secret: str | None = None
    ephemeral: bool = False
    metrics_token: str | None = None
    mail: SmtpServer | None = None
    apns: Path | None = None
    fcm: Path | None = None
    bucket: Bucket | None = None
    files_port: int | None = None
    files_url: str | None = None
    link_previews: bool = True
    issuer: OidcClient | None = None
    issuer_only: bool = False
    reading: bool = False
    operator: Operator = Operator()
    log: Form = "plain"
    log_level: Level = "warning"
    web: Path = DIST

    def url(self, port: int) -> str:
        """Where people find this place, when it is served on `port`."""
        return self.public_url or f"http://localhost:{port}"

    def origins(self, port: int) -> frozenset[str]:
        """Whose pages may open a socket or refresh a token."""
        if self.public_url is not None:
            return frozenset({self.public_url})
        return frozenset(f"http://{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]"))


def from_environment(environment: Mapping[str, str], *, make: bool = True) -> Settings:
    """Reads and checks. Raises SettingError. Without `make` it only looks: the secret may be missing."""
    data = Path(environment.get("CLUBROOM_DATA") or "data").resolve()
    ephemeral = _ephemeral(environment)  # before a secret is made that would not last
    create = _one_of(environment, "CLUBROOM_CREATE", "open", "word", "closed")
    word = environment.get("CLUBROOM_WORD") or None
    if create == "word" and word is None:
        raise SettingError("CLUBROOM_CREATE=word needs the word in CLUBROOM_WORD.")
    public_url = _origin("PUBLIC_URL", "https://club.example", environment)
    return Settings(
        data=data,
        secret=_secret(environment, data) if make else _given_secret(environment) or b"",
        port=_number(environment, "PORT", 8_000, PORT_MAX),
        host=environment.get("HOST") or None,
        public_url=public_url,
        database_url=_database_url(environment.get("DATABASE_URL") or None),
        database_is_durable=environment.get("CLUBROOM_DATABASE_IS_DURABLE") == "1",
        pooler=environment.get("CLUBROOM_POOLER") == "1",
        gateway=environment.get("CLUBROOM_GATEWAY") or None,
        wake_queue=environment.get("CLUBROOM_WAKE_QUEUE") or None,
        redis=_redis(environment.get("REDIS_URL") or None),
        create=cast("Literal['open', 'word', 'closed']", create),
        word=word,
        accounts_an_hour=_number(environment, "CLUBROOM_ACCOUNTS_AN_HOUR", 300, NUMBER_MAX),
        posts_a_second=_number(environment, "CLUBROOM_POSTS_A_SECOND", 10, NUMBER_MAX),
        heartbeat_ms=_number(
            environment, "CLUBROOM_HEARTBEAT_MS", 25_000, HEARTBEAT_MS_MAX, HEARTBEAT_MS_MIN
        ),
        proxies=_addresses(environment.get("CLUBROOM_PROXIES") or ""),
        edge_secret=_token(environment, "CLUBROOM_EDGE_SECRET"),
        ephemeral=ephemeral,
        metrics_token=_token(environment, "CLUBROOM_METRICS_TOKEN"),
        mail=_mail(environment.get("CLUBROOM_MAIL") or None),
        apns=_file(environment.get("CLUBROOM_APNS")),
        fcm=_file(environment.get("CLUBROOM_FCM")),
        bucket=_bucket(environment),
        files_port=_files_port(environment),
        files_url=_files_url(environment, public_url),
        issuer=_issuer(environment),
        issuer_only=settings_issuer.only_issuer(environment),
        link_previews=_one_of(environment, "CLUBROOM_LINK_PREVIEWS", "on", "off") == "on",
        reading=_one_of(environment, "CLUBROOM_READING", "off", "on") == "on",
        operator=operator(environment),
        log=cast("Form", _one_of(environment, "CLUBROOM_LOG", "plain", "json")),
        log_level=cast("Level", _one_of(environment, "CLUBROOM_LOG_LEVEL", *LEVELS)),
    )


def _one_of(environment: Mapping[str, str], name: str, *words: str) -> str:
    """The first is the default."""
    word = environment.get(name) or words[0]
    if word not in words:
        raise SettingError(f"{name} is {', '.join(words[:-1])} or {words[-1]}.")
    return word


def _number(environment: Mapping[str, str], name: str, default: int, most: int, least: int = 1) -> int:
    text = environment.get(name) or str(default)
    numeric = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not numeric or not least <= int(text) <= most:
        raise SettingError(f"{name} is a number from {least} to {most}.")
    return int(text)


def _database_url(url: str | None) -> str | None:
    """A sign in the password that should be escaped ends the address there. It is told here, since the driver
    would repeat what it takes for the port.
    """
    if url is not None:
        hosts = re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]
        found = [_HOST_AND_PORT.fullmatch(one) for one in hosts.split(",")]
        if not all(one and int(one["port"] or 0) <= PORT_MAX for one in found):
            raise SettingError(_DATABASE_URL)
    return url


_DATABASE_URL = (
    "DATABASE_URL looks like postgresql://user:password@host:5432/database. In the password / is written as "
    "%2F, # as %23, ? as %3F."
)
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(:(?P<port>[0-9]{1,5}))?")


def _token(environment: Mapping[str, str], name: str) -> str | None:
    """Nothing slows down whoever guesses it."""
    token = environment.get(name) or None
    if token is not None and not _TOKEN.fullmatch(token):
        raise SettingError(
            f"{name} is at least {TOKEN_CHARACTERS_MIN} letters, digits and signs without a blank: "
            "openssl rand -hex 32 makes one."
        )
    return token


def _ephemeral(environment: Mapping[str, str]) -> bool:
    """On such a disk whatever lies in the data folder is gone with the next start."""
    if environment.get("CLUBROOM_DISK_IS_EPHEMERAL") != "1":
        return False
    needed = ("DATABASE_URL", "CLUBROOM_SECRET", *(f"CLUBROOM_B2_{part}" for part in BUCKET))
    missing = [name for name in needed if not environment.get(name)]
    if missing:
        raise SettingError(
            f"On this disk nothing stays (CLUBROOM_DISK_IS_EPHEMERAL), so {', '.join(missing)} must be set: "
            "what people write and upload, and what keeps them signed in, would be gone with the next start."
        )
    return True


def _mail(url: str | None) -> SmtpServer | None:
    try:
        return server_of(url) if url is not None else None
    except ValueError as error:
        raise SettingError(f"CLUBROOM_MAIL looks like {error}.") from None


def _file(path: str | None) -> Path | None:
    return Path(path).resolve() if path else None


def _redis(url: str | None) -> RedisServer | None:
    try:
        return redis_server.server_of(url) if url is not None else None
    except ValueError as error:
        raise SettingError(f"REDIS_URL looks like {error}.") from None


def operator(environment: Mapping[str, str]) -> Operator:
    """Who runs this place. Raises SettingError."""
    try:
        return settings_operator.operator_of(environment)
    except ValueError as error:
        raise SettingError(str(error)) from None


def _issuer(environment: Mapping[str, str]) -> OidcClient | None:
    try:
        return settings_issuer.issuer_of(environment)
    except ValueError as error:
        raise SettingError(str(error)) from None


def _addresses(text: str) -> frozenset[str]:
    """Whose word about the address behind them is believed, each written in the usual form."""
    found = frozenset(plain_network(one.strip()) for one in text.split(",") if one.strip())
    if "" in found:
        raise SettingError("CLUBROOM_PROXIES lists IP addresses and networks of yours, by commas.")
    return found


def _origin(name: str, example: str, environment: Mapping[str, str]) -> str | None:
    """Written as browsers write an origin: it is compared with what they send."""
    url = environment.get(name) or None
    if url is None:
        return None
    wrong = f"{name} looks like {example}, without a path."
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise SettingError(wrong) from None
    beside = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme not in _PORTS or not host or any(part for part in beside):
        raise SettingError(wrong)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


def _files_port(environment: Mapping[str, str]) -> int | None:
    name = "CLUBROOM_FILES_PORT"
    return _number(environment, name, 0, PORT_MAX) if environment.get(name) else None


def _files_url(environment: Mapping[str, str], public_url: str | None) -> str | None:
    url = _origin("CLUBROOM_FILES_URL", "https://files.club.example", environment)
    if url is not None and url == public_url:
        raise SettingError("CLUBROOM_FILES_URL is another host or port than PUBLIC_URL.")
    return url


def _bucket(environment: Mapping[str, str]) -> Bucket | None:
    """All of it or nothing."""
    told = [environment.get(f"CLUBROOM_B2_{part}") or "" for part in BUCKET]
    if not any(told):
        return None
    if not all(told):
        raise SettingError("CLUBROOM_B2_ENDPOINT, _BUCKET, _KEY_ID and _KEY are set together.")
    try:
        return bucket_of(*told)
    except ValueError as error:
        raise SettingError(f"CLUBROOM_B2_ENDPOINT and CLUBROOM_B2_BUCKET look like {error}.") from None


_PORTS = {"http": 80, "https": 443}


def _secret(environment: Mapping[str, str], data: Path) -> bytes:
    """All keys are derived from one secret: given, or made once and kept in the data folder."""
    given = _given_secret(environment)
    if given is not None:
        return given
    try:
        if not (data / SECRET_FILE).exists():
            _make_secret(data / SECRET_FILE)
        return kept_secret(data / SECRET_FILE)
    except OSError as error:
        raise SettingError(f"The data folder {data} cannot be used: {error.strerror}.") from error


def _given_secret(environment: Mapping[str, str]) -> bytes | None:
    given = environment.get("CLUBROOM_SECRET")
    if not given:
        return None
    if not _SECRET.fullmatch(given.encode()):
        raise SettingError("CLUBROOM_SECRET is 64 hexadecimal digits: openssl rand -hex 32 makes one.")
    return bytes.fromhex(given)


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_hex(SECRET_BYTES))
    _first_wins(fresh, path)


def kept_secret(path: Path) -> bytes:
    """As it was made once. Raises SettingError."""
    kept = path.read_bytes().strip()
    if not _SECRET.fullmatch(kept):
        raise SettingError(f"{path} holds no secret any more. Restore it: without it nobody stays signed in.")
    return bytes.fromhex(kept.decode())


def _first_wins(fresh: Path, path: Path) -> None:
    """Two servers that start at once must keep the same secret."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
