"""`clubroom doctor` finds what is wrong, says it in a sentence, changes nothing and tells no secret."""

import asyncio
import json
import os
import signal
import socket
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from clubroom import __version__
from clubroom.app.doctor import (
    address,
    examined,
    files,
    for_machines,
    for_people,
    issuer,
    machine,
    mail,
    online,
    status,
)
from clubroom.app.settings import Settings
from clubroom.dba.embedded import remove
from clubroom.ports.identity.oidc_client import client_of
from clubroom.ports.mail.smtp import server_of
from faults.server import free_port
from house.b2_guard import NAME, guarded
from house.checkup import about, levels
from house.command import Served, served
from house.issuer import CLIENT, SECRET, issuing
from house.mailbox import Receiver, receiving
from house.redis_server import redis_running
from house.server import House

PRIVATE = {
    "DATABASE_URL": "postgresql://ann:pa55word@127.0.0.1:1/clubroom",
    "CLUBROOM_SECRET": "ab" * 32,
    "CLUBROOM_METRICS_TOKEN": "metrics-token-of-the-host",
    "CLUBROOM_CREATE": "word",
    "CLUBROOM_WORD": "the-word",
    "CLUBROOM_B2_ENDPOINT": "http://127.0.0.1:1",
    "CLUBROOM_B2_BUCKET": "my-club",
    "CLUBROOM_B2_KEY_ID": "0042",
    "CLUBROOM_B2_KEY": "b2-key-of-the-host",
}


async def asked(*arguments: str, **environment: str) -> tuple[int | None, str]:
    """The command itself: how it ended and what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLUBROOM_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "clubroom.app", "doctor", *arguments, env=kept | environment, stdout=PIPE
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """What stands in a data folder outside of PostgreSQL's own files: it writes in those when it starts."""
    return {
        str(path): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
        if "cluster" not in path.parts and path.name not in {"postgres.log", "lock"}
    }


# --- a server of its own -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of a server for everybody, which was started once."""
    data = tmp_path_factory.mktemp("own") / "data"
    yield {
        "CLUBROOM_DATA": str(data),
        "PORT": str(free_port()),
        "PUBLIC_URL": "https://club.example",
        "CLUBROOM_PROXIES": "127.0.0.1",
        "CLUBROOM_FILES_URL": "https://files.club.example",
    }
    remove(data)


@pytest.fixture(scope="module")
async def server(own: dict[str, str]) -> AsyncIterator[Served]:
    async with served(**own) as server:
        yield server


async def test_of_a_server_that_is_well_every_line_is_good(own: dict[str, str], server: Served) -> None:
    async with receiving(Receiver()) as port:
        ended, said = await asked(**own, CLUBROOM_MAIL=f"smtp://127.0.0.1:{port}?from=club@example.org")
    assert ended == 0, said
    *lines, blank, summary = said.splitlines()
    assert [line for line in lines if not line.startswith("good     ")] == []
    assert (blank, summary) == ("", "All is well.")
    assert f"Clubroom {__version__} runs on port {own['PORT']} and answers." in said


async def test_machines_are_told_the_same(own: dict[str, str], server: Served) -> None:
    ended, said = await asked("--json", **own, CLUBROOM_PROXY="misspelt")
    found = json.loads(said)
    assert (ended, found["status"]) == (0, 0)
    assert {one["level"] for one in found["findings"]} == {"good", "warning"}
    assert all(one.keys() == {"check", "level", "says", "todo"} for one in found["findings"])


async def test_a_server_on_another_port_is_found(own: dict[str, str], server: Served) -> None:
    before = str(int(own["PORT"]) - 1)
    [(level, says)] = about("server", await examined(own | {"PORT": before}))
    assert level == "warning"
    assert f"runs on port {own['PORT']}" in says
    [(level, says)] = about("server", await examined(own | {"PORT": "1024"}))
    assert level == "wrong"
    assert f"process {server.process.pid}" in says


async def test_a_server_that_hangs_is_told(
    own: dict[str, str], server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "ANSWER_S", 0.3)
    server.process.send_signal(signal.SIGSTOP)
    try:
        [(level, says)] = about("server", await examined(own))
    finally:
        server.process.send_signal(signal.SIGCONT)
    assert level == "wrong"
    assert "does not answer" in says


async def test_looking_at_a_server_that_is_stopped_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    own = {"CLUBROOM_DATA": str(data), "PORT": str(free_port())}
    assert levels(await examined(own))["data_folder"] == "warning"
    assert not data.exists()
    async with served(**own):
        pass
    before = everything(data)
    found = await examined(own)
    assert status(found) == 0
    assert about("port", found) == [("good", f"Port {own['PORT']} is free. Clubroom is not running.")]
    assert "started for this look" in about("database", found)[0][1]
    assert everything(data) == before
    assert not (data / "postgres" / "cluster" / "postmaster.pid").exists()
    (data / "secret").rename(tmp_path / "secret")
    [(level, says)] = about("secret", await examined(own))
    assert (level, says) == ("wrong", f"The secret {data / 'secret'} is missing.")
    assert not (data / "secret").exists()
    remove(data)


# --- settings, the computer --------------------------------------------------------------------------------


async def test_a_setting_that_cannot_be_understood_is_all_that_is_told() -> None:
    found = await examined({"PORT": "none"})
    assert [(one.check, one.level) for one in found] == [("settings", "wrong")]
    assert status(found) == 1


async def test_a_misspelt_setting_is_told(tmp_path: Path) -> None:
    found = await examined(PRIVATE | {"CLUBROOM_DATA": str(tmp_path), "CLUBROOM_PROXY": "127.0.0.1"})
    assert about("settings", found) == [("warning", "CLUBROOM_PROXY is no setting of Clubroom.")]


async def test_no_secret_of_the_host_is_ever_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("cd" * 32)
    for kept in (PRIVATE, {**PRIVATE, "DATABASE_URL": "postgresql://ann:pa55/word@db/x"}, without_secret()):
        found = await examined(kept | {"CLUBROOM_DATA": str(tmp_path)})
        assert status(found) == 1
        said = for_people(found) + for_machines(found)
        for secret in ("pa55", "abab", "cdcd", "metrics-token", "the-word", "b2-key"):
            assert secret not in said


def without_secret() -> dict[str, str]:
    return {name: value for name, value in PRIVATE.items() if name != "CLUBROOM_SECRET"}


@pytest.mark.parametrize(
    ("mode", "text", "level"),
    [
        (0o600, "ab" * 32, "good"),
        (0o400, "ab" * 32, "good"),
        (0o640, "ab" * 32, "wrong"),
        (0o600, "", "wrong"),
    ],
)
def test_the_secret_is_whole_and_for_its_owner_alone(
    tmp_path: Path, mode: int, text: str, level: str
) -> None:
    (tmp_path / "secret").write_text(text)
    (tmp_path / "secret").chmod(mode)
    assert levels(list(machine.findings(looked(tmp_path))))["secret"] == level
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == mode


def looked(data: Path, **more: object) -> Settings:
    return msgspec.structs.replace(Settings(data=data, secret=b""), **more)


def test_a_data_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = list(machine.findings(looked(tmp_path / "file")))
    assert about("data_folder", found) == [("wrong", f"{tmp_path / 'file'} is no folder.")]
    found = list(machine.findings(looked(tmp_path / "file" / "data")))
    assert levels(found)["data_folder"] == "wrong"


def test_a_page_that_was_not_built_is_told(tmp_path: Path) -> None:
    assert levels(list(machine.findings(looked(tmp_path, web=tmp_path))))["client"] == "wrong"


@pytest.mark.parametrize(
    ("free", "level"),
    [(99_999_999, "wrong"), (100_000_000, "warning"), (999_999_999, "warning"), (10**9, "good")],
)
def test_little_room_on_the_disk_is_told_before_it_hurts(tmp_path: Path, free: int, level: str) -> None:
    assert machine.room(tmp_path, free).level == level


@pytest.mark.parametrize(("most", "level"), [(1_024, "warning"), (4_096, "good"), (-1, "good")])
def test_few_open_files_are_told_as_people(most: int, level: str) -> None:
    found = machine.open_files(most)
    assert found.level == level
    assert ("about 924 people" in found.says) == (most == 1_024)


# --- where people reach it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "level", "told"),
    [
        ({}, "warning", "Only this computer"),
        ({"public_url": "http://127.0.0.1:8000"}, "warning", "Only this computer"),
        ({"host": "0.0.0.0"}, "warning", "PUBLIC_URL is not set"),
        ({"host": "0.0.0.0", "public_url": "http://192.168.1.20:8000"}, "warning", "can be read on the way"),
        ({"public_url": "https://club.example"}, "good", "https://club.example"),
    ],
)
def test_where_people_reach_it_is_told(
    tmp_path: Path, settings: dict[str, str], level: str, told: str
) -> None:
    [first, *more] = address.public_url(looked(tmp_path, **settings))
    assert first.level == level
    assert told in first.says
    assert [one.check for one in more] == (["proxies"] if level == "good" else [])


def test_a_proxy_that_is_named_is_as_it_should_be(tmp_path: Path) -> None:
    settings = looked(tmp_path, public_url="https://club.example", proxies=frozenset({"127.0.0.1"}))
    assert [one.level for one in address.public_url(settings)] == ["good"]


def test_an_edge_that_is_known_by_its_secret_is_as_it_should_be(tmp_path: Path) -> None:
    settings = looked(tmp_path, public_url="https://club.example", edge_secret="x" * 20)
    assert [one.level for one in address.public_url(settings)] == ["good"]


async def test_where_nothing_stays_on_the_disk_no_folder_is_asked_for_and_letters_are_missed(
    tmp_path: Path,
) -> None:
    settings = looked(tmp_path / "nowhere", ephemeral=True)
    found = [one for one in machine.findings(settings) if one.check == "data_folder"]
    assert [(one.level, "elsewhere" in one.says) for one in found] == [("good", True)]
    [letters] = await mail.findings(settings)
    assert (letters.level, "gone with the next start" in letters.says) == ("warning", True)


async def test_another_program_on_the_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = looked(tmp_path, port=other.getsockname()[1])
        answering = asyncio.create_task(asyncio.to_thread(nonsense, other, 2))
        [found] = await address.port(taken, None)
        assert (found.check, found.level) == ("port", "warning")
        [found] = await address.port(msgspec.structs.replace(taken, public_url="https://club.example"), None)
        assert (found.check, found.level) == ("port", "wrong")
        assert found.says.startswith("Another program has port")
        await answering


def nonsense(other: socket.socket, times: int) -> None:
    """What says something, but not what Clubroom does."""
    for _ in range(times):
        connection, _ = other.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xfe")


async def test_a_clubroom_on_the_port_is_told_from_another(house: House, tmp_path: Path) -> None:
    port = int(house.url.rpartition(":")[2])
    [found] = await address.port(looked(tmp_path, port=port), None)
    assert found.says.startswith("Another Clubroom has port")
    [found] = await address.port(looked(tmp_path, port=port, database_url="postgresql:///x"), None)
    assert (found.check, found.level) == ("server", "good")


async def test_a_port_that_nobody_may_have_is_told(tmp_path: Path) -> None:
    [found] = await address.port(looked(tmp_path, host="192.0.2.1"), None)
    assert (found.check, found.level) == ("port", "wrong")


async def test_letters_that_reach_nobody_and_a_mail_server_that_is_away_are_told(tmp_path: Path) -> None:
    [folder] = await mail.findings(looked(tmp_path))
    assert (folder.level, "reach nobody" in folder.says) == ("warning", True)
    async with receiving(Receiver()) as port:
        server = server_of(f"smtp://127.0.0.1:{port}?from=club@example.org")
        [well] = await mail.findings(looked(tmp_path, mail=server))
        [open_line] = await mail.findings(
            looked(tmp_path, mail=server_of(f"smtp+starttls://127.0.0.1:{port}?from=club@example.org"))
        )
    [away] = await mail.findings(looked(tmp_path, mail=server))
    assert (well.level, open_line.level, away.level) == ("good", "wrong", "wrong")
    assert away.todo == "It does not answer."


async def test_an_issuer_that_answers_is_well_and_one_that_calls_itself_otherwise_is_told(
    tmp_path: Path,
) -> None:
    async with issuing() as there:
        client = client_of(there.url, CLIENT, SECRET, "Example")
        asked = Settings(data=tmp_path, secret=b"", issuer=client)
        assert levels(await issuer.findings(asked)) == {"issuer": "good"}
        there.known["issuer"] = "https://issuer.example"
        [found] = await issuer.findings(asked)
        assert found.level == "wrong"
        assert "another_issuer" in found.todo
        assert SECRET not in str(found)
    assert await issuer.findings(Settings(data=tmp_path, secret=b"")) == []


async def test_a_redis_that_answers_is_well_and_one_that_does_not_or_wants_another_password_is_told(
    tmp_path: Path,
) -> None:
    assert list(await online.findings(looked(tmp_path))) == []
    async with redis_running(password="sesame") as redis:
        [well] = await online.findings(looked(tmp_path, redis=redis.address))
        unknown = msgspec.structs.replace(redis.address, password="pa55word")
        [refused] = await online.findings(looked(tmp_path, redis=unknown))
    [away] = await online.findings(looked(tmp_path, redis=redis.address))
    assert (well.level, refused.level, away.level) == ("good", "wrong", "wrong")
    assert "pa55word" not in for_people([refused])


# --- images and files --------------------------------------------------------------------------------------


async def test_a_folder_of_files_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    [before] = await files.findings(looked(tmp_path))
    assert (before.level, "first start" in before.says) == ("good", True)
    assert not (tmp_path / "files").exists()
    (tmp_path / "files").mkdir()
    [tried] = await files.findings(looked(tmp_path))
    assert (tried.level, "written, read and deleted" in tried.says) == ("good", True)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    [_, unnamed] = await files.findings(looked(tmp_path, public_url="https://club.example"))
    assert (unnamed.check, unnamed.level) == ("files_url", "warning")
    assert "https://club.example:8001" in unnamed.says
    (tmp_path / "files" / "doctor").write_text("in the way")
    [in_the_way] = await files.findings(looked(tmp_path))
    assert (in_the_way.check, in_the_way.level) == ("files", "wrong")


async def test_a_bucket_is_tried_and_what_browsers_may_do_there_is_told(tmp_path: Path) -> None:
    page = "https://club.example"
    async with guarded(tmp_path / "s3", origins=frozenset({page}), keeps_versions=True) as guard:
        allowed = looked(tmp_path, bucket=guard.bucket, public_url=page)
        [well] = await files.findings(allowed)
        elsewhere = msgspec.structs.replace(allowed, public_url="https://other.example")
        [_, not_allowed] = await files.findings(elsewhere)
        guard.everybody_reads = True
        [_, public] = await files.findings(allowed)
        wrong_key = msgspec.structs.replace(guard.bucket, key="pa55word")
        [refused] = await files.findings(msgspec.structs.replace(allowed, bucket=wrong_key))
        assert [path for path in (guard.store.folder / NAME).rglob("*") if path.is_file()] == []
        assert not any(guard.versions(key) for key in list(guard._older))
    [away] = await files.findings(allowed)
    assert (well.level, refused.level, away.level) == ("good", "wrong", "wrong")
    assert (not_allowed.check, not_allowed.level) == ("bucket", "wrong")
    assert (public.level, "Everybody can read" in public.says) == ("wrong", True)
    assert "does not let" in refused.todo
    assert "does not answer" in away.todo
    assert "pa55word" not in for_people([refused])
