"""The `clubroom` command."""

import argparse
import asyncio
import os
import sys

import uvloop

from clubroom import __version__
from clubroom.app import cost, demo, doctor, hosting, local, logs, typescript
from clubroom.app.settings import SettingError, from_environment
from clubroom.dba.checks import DatabaseUnfit
from clubroom.dba.embedded import EmbeddedError
from clubroom.dba.migrate import MigrationChangedError, migrate, new_epoch

ENVIRONMENT = """environment:
  PORT           the port to serve on (8000; the next free one if it is taken)
  HOST           the address to listen on (all loopback names)
  PUBLIC_URL     where people reach this place, like https://club.example
  CLUBROOM_DATA  the data folder (./data)
  DATABASE_URL   a PostgreSQL (15 or newer) instead of the embedded one
  REDIS_URL      a Redis that keeps who is online, instead of the database
  CLUBROOM_DATABASE_IS_DURABLE=1   its provider keeps commits safe without fsync
  CLUBROOM_POOLER=1, CLUBROOM_GATEWAY, CLUBROOM_WAKE_QUEUE   for functions: see docs/host/aws.md
  CLUBROOM_SECRET                  64 hexadecimal digits instead of the file data/secret
  CLUBROOM_CREATE=open|word|closed who may create a club; CLUBROOM_WORD is the word
  CLUBROOM_ACCOUNTS_AN_HOUR        how many accounts one address may make (300)
  CLUBROOM_POSTS_A_SECOND          how many messages a person may send, in the long run (10)
  CLUBROOM_HEARTBEAT_MS            how often clients say that they are there (25000)
  CLUBROOM_PROXIES                 addresses and networks of proxies whose X-Forwarded-For is believed
  CLUBROOM_EDGE_SECRET             what an edge sends, so that it is believed whom it speaks for
  CLUBROOM_DISK_IS_EPHEMERAL=1     nothing stays on this disk: database, secret and bucket must be named
  CLUBROOM_METRICS_TOKEN           whoever sends it as bearer may read /metrics from elsewhere
  CLUBROOM_MAIL                    smtp+starttls://user:password@mail.example:587?from=club@example.org
  CLUBROOM_APNS, CLUBROOM_FCM      files of keys, for apps of your own on iOS and Android
  CLUBROOM_OIDC_ISSUER, CLUBROOM_OIDC_CLIENT_ID, CLUBROOM_OIDC_CLIENT_SECRET, CLUBROOM_OIDC_NAME
                                   by whom people may sign in besides, and what the button says
  CLUBROOM_OIDC_ONLY=1             nobody signs in otherwise
  CLUBROOM_OPERATOR_NAME, CLUBROOM_OPERATOR_ADDRESS, CLUBROOM_OPERATOR_CONTACT
                                   who runs this place, for its pages: terms and privacy name them
  CLUBROOM_LINK_PREVIEWS=on|off    whether pages that people link to are fetched and shown (on)
  CLUBROOM_READING=off|on          whether people get tokens for gateways that only read (off)
  CLUBROOM_FILES_PORT              where images and files are served (the port behind PORT)
  CLUBROOM_FILES_URL               where people reach that, like https://files.club.example
  CLUBROOM_B2_ENDPOINT, CLUBROOM_B2_BUCKET, CLUBROOM_B2_KEY_ID, CLUBROOM_B2_KEY
                                   a bucket that keeps them, instead of the data folder
  CLUBROOM_LOG=plain|json          how the log is written (plain)
  CLUBROOM_LOG_LEVEL=debug|info|warning|error   from where on (warning)
"""


def main(arguments: list[str] | None = None) -> int:
    """Parses, runs, and answers with an exit status."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked) or 0)
    except (SettingError, EmbeddedError, DatabaseUnfit, MigrationChangedError) as error:
        _refuse(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def say(line: str) -> None:
    """One step, for whoever waits at the terminal."""
    print(f"  {line}", flush=True)  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clubroom",
        description="A home for clubs: one chat for everyone, live, and no sent message is ever lost.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"clubroom {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="<command>", required=True)
    for name, run, help_text in (
        ("serve", _serve, "serve on http://localhost:8000 until stopped with Ctrl-C"),
        ("migrate", _migrate, "bring the database to the newest shape, then end"),
        ("new-epoch", _new_epoch, "after a backup was restored: let every client start afresh"),
        ("doctor", _doctor, "look whether all is well, and say in plain words what is not"),
        ("host", _host, "say who runs this place: host add, host remove, host list"),
        ("clubs", _clubs, "list the clubs, and how large they are"),
        ("suspend", _suspend, "let a club be read and nothing more; with --off open it again"),
        ("adopt-files", _adopt_files, "say that images and files where they lie belong to this database"),
        ("demo", _demo, "serve a lively club to look at, in a data folder of its own (./data/demo)"),
        ("types", _types, "print the client's types, made from the server's (web/src/wire/types.ts)"),
    ):
        command = commands.add_parser(
            name,
            help=help_text,
            description=help_text,
            epilog=ENVIRONMENT,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run)
        if run is _doctor:
            command.add_argument("--json", action="store_true", help="say it to machines")
        if run is _host:
            command.add_argument("act", choices=("add", "remove", "list"))
            command.add_argument("who", nargs="?", help="an e-mail address or a user id")
        if run is _suspend:
            command.add_argument("club", type=int, help="its number in `clubroom clubs`")
            command.add_argument("--off", action="store_true", help="open it again")
        if run is _demo:
            command.add_argument("--fresh", action="store_true", help="make the club anew")
    cost.add_command(commands)
    return parser


def _refuse(why: str) -> None:
    if os.environ.get("CLUBROOM_LOG") == "json":
        logs.set_up("json", "warning")
        logs.ours.critical(why)
    else:
        print(f"clubroom: {why}", file=sys.stderr)  # noqa: T201


def _serve(_: argparse.Namespace) -> int:
    """A log for machines has nothing between its lines."""
    settings = from_environment(os.environ)
    logs.set_up(settings.log, settings.log_level)
    step, line = (say, _print) if settings.log == "plain" else (logs.tell, logs.tell)
    uvloop.run(local.serve(settings, step, lambda url: line(f"Clubroom is open: {url}")))
    return 0


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _migrate(_: argparse.Namespace) -> int:
    async def once() -> None:
        settings = from_environment(os.environ)
        async with local.database(settings, say, forwards=settings.gateway is not None):
            say("The database is up to date")

    asyncio.run(once())
    return 0


def _new_epoch(_: argparse.Namespace) -> int:
    async def once() -> None:
        async with local.postgres(from_environment(os.environ), say) as (owner_dsn, _):
            await migrate(owner_dsn, say)
            say(f"The database is now called {await new_epoch(owner_dsn)}: every client starts afresh")

    asyncio.run(once())
    return 0


def _doctor(asked: argparse.Namespace) -> int:
    found = asyncio.run(doctor.examined(os.environ))
    _print(doctor.for_machines(found) if asked.json else doctor.for_people(found))
    return doctor.status(found)


def _host(asked: argparse.Namespace) -> int:
    settings = from_environment(os.environ)
    if asked.act == "list":
        _print(asyncio.run(hosting.hosts(settings)))
    elif asked.who is None:
        raise SettingError("Whom? Give an e-mail address or a user id.")
    else:
        act = hosting.add if asked.act == "add" else hosting.remove
        _print(asyncio.run(act(settings, asked.who)))
    return 0


def _clubs(_: argparse.Namespace) -> int:
    _print(asyncio.run(hosting.clubs(from_environment(os.environ))))
    return 0


def _suspend(asked: argparse.Namespace) -> int:
    _print(asyncio.run(hosting.suspend(from_environment(os.environ), asked.club, off=asked.off)))
    return 0


def _adopt_files(_: argparse.Namespace) -> int:
    _print(asyncio.run(hosting.adopt_files(from_environment(os.environ))))
    return 0


def _demo(asked: argparse.Namespace) -> int:
    uvloop.run(demo.serve(os.environ, say, fresh=asked.fresh))
    return 0


def _types(_: argparse.Namespace) -> int:
    print(typescript.source(), end="")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
