"""The edge says of the client what the server says, passes on the rest, and has the same settings."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from clubroom import errors
from clubroom.app import problems
from clubroom.app.aws.calls import routes
from clubroom.app.settings import SettingError, Settings
from clubroom.dba.pool import Database
from clubroom.ports.gateway.behind import EDGE_ADDRESS, EDGE_SECRET
from deploy.cloudflare import edge
from house.server import running

NODE = Path(sys.executable).with_name("node")
FOLDER = Path(edge.__file__).parent
SETTINGS = {
    "ORIGIN": "https://origin.example",
    "PUBLIC_URL": "https://club.example",
    "CLUBROOM_EDGE_SECRET": "x" * 20,
}
ANSWERS = """
import worker from "./worker.js";
const env = { ORIGIN: "http://127.0.0.1:1" };
const ask = async (path, method) =>
  (await worker.fetch(new Request("https://club.example" + path, { method }), env)).text();
console.error = () => {};
console.log(await ask("/none.js", "GET"));
console.log(await ask("/view", "POST"));
console.log(await ask("/api/health", "GET"));
"""


def node(*arguments: str) -> str:
    ran = subprocess.run([NODE, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def applied(rules: str, path: str) -> dict[str, str]:
    """What `_headers` says of a path, as its format is described: later rules come on top."""
    found: dict[str, str] = {}
    for pattern, line in lines_of(rules):
        if pattern == path or (pattern.endswith("*") and path.startswith(pattern[:-1])):
            if line.startswith("! "):
                found.pop(line[2:], None)
                continue
            name, _, value = line.partition(": ")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def lines_of(rules: str) -> Iterator[tuple[str, str]]:
    pattern = ""
    for line in rules.splitlines():
        assert len(line) < 2_000  # longer ones are passed over
        if line.startswith(" "):
            yield pattern, line.strip()
        else:
            pattern = line


async def test_every_header_of_the_server_goes_out_with_the_same_file_from_the_edge(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    names = ("index.html", "sw.js", "manifest.webmanifest", "icons/club.png", "assets/app-1a2b.js")
    for name in (*names, ".built"):
        (tmp_path / "built" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "built" / name).write_text(name)
    own = msgspec.structs.replace(settings, web=tmp_path / "built")
    async with running(database, own) as house, house.http() as http:
        edge.assemble(own.web, tmp_path / "out", house.blobs.origin)
        rules = (tmp_path / "out" / "_headers").read_text()
        for name in names:
            answer = await http.get(f"/{'' if name == 'index.html' else name}")
            said = applied(rules, str(answer.url.path))
            assert said == {key: answer.headers[key] for key in said}
            own_to_http = {
                "date",
                "server",
                "etag",
                "vary",
                "content-type",
                "content-encoding",
                "content-length",
            }
            assert set(answer.headers) - own_to_http == set(said), name
            assert (tmp_path / "out" / name).read_text() == name
    assert not (tmp_path / "out" / ".built").exists()


def test_what_the_worker_does_holds_before_a_real_origin() -> None:
    told = node("--test", "--test-reporter=tap", "worker.test.js")
    count = {line.split()[1]: line.split()[2] for line in told.splitlines() if line.startswith("# ")}
    assert (count["fail"], count["skipped"], count["todo"]) == ("0", "0", "0")
    assert int(count["pass"]) == int(count["tests"]) >= 14


def test_what_the_worker_says_itself_is_what_the_server_would_say() -> None:
    said = node("--input-type=module", "--eval", ANSWERS).splitlines()
    ours = (errors.NotFound(), errors.MethodNotAllowed(), errors.Unavailable(retry_ms=1_000))
    assert [msgspec.json.decode(line) for line in said] == [
        msgspec.json.decode(problems.problem(error).content) for error in ours
    ]


def test_worker_and_server_call_the_headers_between_them_by_the_same_names() -> None:
    worker = (FOLDER / "worker.js").read_text()
    assert f'"{EDGE_SECRET}"' in worker
    assert f'"{EDGE_ADDRESS}"' in worker


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        ({"CLUBROOM_FILES_URL": "https://Files.club.example/"}, "https://files.club.example"),
        (
            {"CLUBROOM_B2_ENDPOINT": "s3.eu-central-003.backblazeb2.com", "CLUBROOM_B2_BUCKET": "my-club"},
            "https://s3.eu-central-003.backblazeb2.com",
        ),
    ],
)
def test_the_origin_of_files_is_the_one_that_the_server_names(settings: dict[str, str], origin: str) -> None:
    assert edge.files_origin(settings) == origin


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "Where do images and files lie"),
        (
            {"CLUBROOM_B2_ENDPOINT": "https://s3.example/path", "CLUBROOM_B2_BUCKET": "b"},
            "CLUBROOM_B2_ENDPOINT",
        ),
        ({"CLUBROOM_FILES_URL": "https://a.example", "PUBLIC_URL": "https://a.example"}, "another host"),
    ],
)
def test_files_that_lie_nowhere_are_told(settings: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        edge.files_origin(settings)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        *(({name: ""}, "are needed") for name in SETTINGS),
        ({"CLUBROOM_EDGE_SECRET": "short"}, "at least 20"),
        ({"ORIGIN": "https://club.example/"}, "ORIGIN is where Clubroom itself answers"),
    ],
)
def test_an_edge_that_could_not_work_is_not_brought_anywhere(changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        edge.deploy(SETTINGS | changed, ["--dry-run"])


def test_a_client_that_was_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="make web builds it"):
        edge.assemble(tmp_path, tmp_path / "out", "https://files.example")


def test_every_call_of_the_server_is_passed_on() -> None:
    """What the edge takes for a view of the client would never be answered."""
    said = re.search(r"^const CALLS = (\[.*\]);$", (FOLDER / "worker.js").read_text(), re.MULTILINE)
    assert said is not None
    begins = tuple(json.loads(said[1]))
    calls = {path for service, found in routes().items() if service != "fe" for _, path in found}
    assert {path for path in calls if not path.startswith(begins)} == set()
