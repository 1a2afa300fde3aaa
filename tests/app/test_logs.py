"""What is logged, and what never is: abuse 14 and 25, for everything that a server says."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from clubroom import errors
from clubroom.app import logs
from clubroom.dba.embedded import EmbeddedPostgres
from faults.server import free_port
from house.command import Served, served
from house.server import PASSWORD, House

FORGED = "2026-11-22T10:00:00Z error   It was forged"
TEXT = f"nobody else's business\n{FORGED}"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (debug|info|warning|error|critical) +\S.* \[[\w.]+\]")
BELOW = "    "  # where an error happened


def address(postgres: EmbeddedPostgres) -> str:
    return postgres.owner_dsn


async def used_and_abused(server: Served) -> list[str]:
    """Everything that people do, and some that they should not; what nobody may read of it."""
    house = House(cast("Any", None), server.url)
    club, [ann, ben] = await house.club("Annabella", "Benedikt")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    hers = await ann.device()
    await hers.post(club, TEXT)
    await hers.send_raw(f'{{"type":"sing","text":"{FORGED}"}}')
    await ben.post(club, TEXT)
    await ben.refused("POST", "/api/clubs/join", {"code": "0123-4567-89AB"})
    wrong = {"email": "annabella@example.org", "password": PASSWORD}
    await ben.refused("POST", "/api/sessions", wrong)
    await ben.refused("POST", "/api/accounts", {"name": f"Ann\n{FORGED}", **wrong})
    calendar = urlsplit((await ann.ok("PUT", "/api/me/calendar"))["url"]).path
    for path in (
        calendar,
        f"{calendar}{FORGED}",
        f"/join/{code}",
        f"/api/me?token={ann.token}",
        f"/api/nowhere/{code}%0a{FORGED}",
    ):
        await ann.http.get(path, headers={"user-agent": FORGED, "x-forwarded-for": FORGED, **ann.headers})
    with suppress(InvalidStatus):
        await connect(f"{server.url.replace('http', 'ws')}/socket?token={ann.token}")
    await raw(server, f"GET /{code} {ann.token} HTTP/1.1\r\n{FORGED}\r\n\r\n")
    await raw(server, f"GET / HTTP/1.1\r\nhost: localhost\r\nuser-agent: \x0b{TEXT}\r\n\r\n")
    await house.everyone_leaves()
    secrets = [
        ann.token,
        str(ann.refresh_token),
        code,
        code.replace("-", ""),
        PASSWORD,
        "example.org",
        "0123-4567-89AB",
        *calendar.removesuffix(".ics").removeprefix("/calendar/").split("."),
    ]
    return [*secrets, ann.user, "nabella", "enedikt", "business", "forged", hers.frames[0]["user"]]


async def raw(server: Served, text: str) -> None:
    """Bytes that no client sends."""
    reader, writer = await asyncio.open_connection("localhost", urlsplit(server.url).port)
    writer.write(text.encode())
    await reader.read()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("form", ["plain", "json"])
async def test_whatever_people_and_strangers_do_no_line_repeats_it(
    postgres: EmbeddedPostgres, database: object, tmp_path: Path, form: str
) -> None:
    settings = {
        "DATABASE_URL": address(postgres),
        "CLUBROOM_DATA": str(tmp_path),
        "CLUBROOM_LOG": form,
        "CLUBROOM_LOG_LEVEL": "debug",
        "PORT": str(free_port()),
    }
    async with served(**settings) as server:
        secrets = await used_and_abused(server)
    said = "\n".join(server.said)
    assert [secret for secret in secrets if secret in said] == []
    if form == "json":
        check_objects([json.loads(line) for line in server.said])
    else:
        check_lines([line for line in server.said if not line.startswith("  ") and "is open" not in line])


def check_objects(lines: list[dict[str, Any]]) -> None:
    assert all(line.keys() >= {"time", "level", "logger", "event"} for line in lines)
    others = [line for line in lines if not line["logger"].startswith("clubroom.")]
    assert {line["level"] for line in others} == {"warning"}  # uvicorn, of bytes that are no HTTP
    events = {line["event"] for line in lines}
    assert any(event.startswith("Clubroom is open: http") for event in events)
    calls = [line for line in lines if line["event"] == "A call was answered."]
    assert {"/api/accounts", "/api/clubs/join", "/api/me", "none"} <= {line["route"] for line in calls}
    assert all(line.keys() >= {"call", "method", "route", "status", "ms"} for line in calls)
    assert len({line["call"] for line in calls}) == len(calls)
    [ended] = [line for line in lines if line["event"] == "A socket ended."]
    assert (ended["code"], ended["frames_in"]) == (1000, 3)
    assert 0 < ended["seconds"] < 60
    assert ended["connection"]
    refused = [line["code"] for line in lines if line["event"] == "A handshake was refused."]
    assert refused == ["malformed"]


def check_lines(lines: list[str]) -> None:
    assert lines
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert any(
        re.search(r"A call was answered\. call=\w+ method=GET route=/api/me status=200", line)
        for line in lines
    )
    assert any(re.search(r"A socket ended\. connection=\S+ code=1000 seconds=", line) for line in lines)


async def test_a_start_that_fails_is_a_line_for_machines_too(tmp_path: Path) -> None:
    with pytest.raises(AssertionError) as said:
        async with served(CLUBROOM_DATA=str(tmp_path), CLUBROOM_LOG="json", PORT="none"):
            pass
    line = json.loads(str(said.value).splitlines()[0])
    assert (line["level"], line["event"]) == ("critical", "PORT is a number from 1 to 65535.")


# --- the two forms -----------------------------------------------------------------------------------------


@pytest.fixture(params=["plain", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[tuple[logging.Logger, StringIO]]:
    """A logger of the house whose lines go nowhere else."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Json() if request.param == "json" else logs.Plain())
    logger = logging.getLogger("clubroom.test")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)
    logger.propagate = True


async def test_an_error_is_told_by_its_kind_and_place_and_not_by_its_words(
    written: tuple[logging.Logger, StringIO], postgres: EmbeddedPostgres
) -> None:
    """PostgreSQL repeats the row that it refuses."""
    logger, stream = written
    connection = await asyncpg.connect(postgres.owner_dsn)
    await connection.execute("create temporary table people (email text constraint one_each unique)")
    try:
        for _ in range(2):
            await connection.execute("insert into people values ('ann@example.org')")
    except asyncpg.UniqueViolationError as error:
        assert "ann@example.org" in str(error)
        try:
            raise errors.Unavailable("ann@example.org") from error
        except errors.Unavailable:
            logger.exception("A call failed.")
    await connection.close()
    said = stream.getvalue()
    assert "ann@example.org" not in said
    for told in (
        "clubroom.errors.Unavailable code=unavailable",
        "sqlstate=23505",
        "one_each",
        "test_logs.py:",
    ):
        assert told in said, told


@pytest.mark.parametrize("forged", ["\n", "\r\n", "\x1b[2J", "\u202e", "\u2028", "\x00", "\x85"], ids=ascii)
def test_nobody_forges_a_line_or_turns_one_around(
    written: tuple[logging.Logger, StringIO], forged: str
) -> None:
    logger, stream = written
    logger.warning(f"before{forged}{FORGED}", extra={"fields": {"name": f"before{forged}{FORGED}"}})
    said = stream.getvalue()
    assert said.endswith("\n")
    assert said[:-1].isprintable()
    assert said.count("It was forged") == 2


def test_of_what_others_say_only_the_first_line_is_kept() -> None:
    """asyncio's second line shows the task, and with it the error's words."""
    record = logging.makeLogRecord({"name": "asyncio", "msg": f"A task failed.\nfuture: <Task {TEXT}>"})
    for form in (logs.Json(), logs.Plain()):
        said = form.format(record)
        assert "A task failed." in said
        assert "business" not in said
