"""The `clubroom` command: it says what it can do, and in one line why it cannot."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clubroom import __version__
from clubroom.app import local
from clubroom.app.__main__ import main
from clubroom.app.settings import SettingError, Settings

VARIABLES = (
    "PORT",
    "HOST",
    "PUBLIC_URL",
    "CLUBROOM_DATA",
    "DATABASE_URL",
    "CLUBROOM_SECRET",
    "CLUBROOM_CREATE",
)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 that somebody else has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLUBROOM_DATA", str(tmp_path / "data"))


def on_port(port: int, host: str | None = "127.0.0.1") -> Settings:
    return Settings(data=Path(), secret=b"", port=port, host=host)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["migrate", "--help"]])
def test_help_names_every_setting(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert [name for name in VARIABLES if name not in said] == []


def test_the_command_runs_as_a_module_and_tells_its_version() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "clubroom.app", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == f"clubroom {__version__}"


@pytest.mark.parametrize("arguments", [[], ["sing"], ["serve", "--loudly"]])
def test_what_it_does_not_know_is_refused_with_its_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: clubroom" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "none")
    assert main(["serve"]) == 1
    assert capsys.readouterr().err == "clubroom: PORT is a number from 1 to 65535.\n"


@pytest.mark.parametrize("url", ["postgresql://ann:secret@127.0.0.1:1/clubroom", "nonsense", "mysql://x/y"])
def test_a_database_that_does_not_answer_is_told_in_one_line_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert in_a_thread(["migrate"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("clubroom: The database cannot be used")
    assert said.count("\n") == 1
    assert "secret" not in said


def in_a_thread(arguments: list[str]) -> int:
    """The command runs a loop of its own; the tests' must not be in its way."""
    with asyncio.Runner() as _:
        return main(arguments)


def test_the_next_free_port_is_taken_and_told(taken: int) -> None:
    said: list[str] = []
    found = local.listen(on_port(taken), said.append)
    port = found[0].getsockname()[1]
    for one in found:
        one.close()
    assert taken < port < taken + local.PORTS_TRIED
    assert said == [f"Port {taken} is taken; using {port}"]


def test_localhost_is_all_of_its_addresses_or_none(taken: int) -> None:
    """A browser that tries the other address first must not meet another server."""
    found = local.listen(on_port(taken, host=None), lambda _: None)
    ports = {one.getsockname()[1] for one in found}
    for one in found:
        one.close()
    assert len(ports) == 1
    assert taken not in ports


def test_when_no_port_is_left_it_says_so() -> None:
    with (
        socket.create_server(("127.0.0.1", 65_535)),
        pytest.raises(SettingError, match=r"65535 .* all taken"),
    ):
        local.listen(on_port(65_535), lambda _: None)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_is_not_ours_is_not_called_taken(host: str) -> None:
    with pytest.raises(SettingError, match="Cannot listen on"):
        local.listen(on_port(8_000, host), lambda _: None)
