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
from clubroom.app.settings import DIST, SettingError, Settings
from clubroom.dba.pool import Database
from clubroom.fe.http import ENDINGS, NO_VIEW
from clubroom.fe.pages import ADDRESSES, Operator, found
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
        edge.assemble(own.web, tmp_path / "out", house.blobs.origin, Operator(), house.url)
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
            there = "app.html" if name == "index.html" else name  # at `/` the worker chooses
            assert (tmp_path / "out" / there).read_text() == name
    assert not (tmp_path / "out" / ".built").exists()


PATHS = {
    "/": 200, "/join/K7QM-9XRT-2HVC": 200, "/assets": 200, "/assets/": 200, "/apis": 200, "/sign-in/": 200,
    "/c/42/members/samlp%7Ccorp%7Cann.lee": 200, "/c/42/members/ann%2Elee": 200, "/c/42/ann.js/x": 200,
    "/c/42/members/a.b@corp.example": 200, "/version-1.2": 200, "/js": 200, "/x.": 200, "/x.jsx": 200,
    "/assets/old.1111": 404, "/%61ssets/old": 404, "//assets/old": 404, "/none.js": 404, "/none.JS": 404,
    "/none%2Ejs": 404, "/none.js/": 404, "/a/b.css": 404, "/favicon.ico": 404, "/robots.txt": 404,
    "/.env": 404, "/.git/config": 404, "/%2Eenv": 404, "/.well-known/assetlinks.json": 404,
    "/.well-known/change-password": 404,
}  # fmt: skip
"""What each of them answers: the page, or that nothing is there."""
VIEWS = """
import worker from "./worker.js";
const env = { ASSETS: { fetch: async () => new Response("the page") } };
const ask = async (path) => (await worker.fetch(new Request("https://club.example" + path), env)).status;
const said = {};
for (const path of JSON.parse(process.argv[1])) said[path] = await ask(path);
console.log(JSON.stringify(said));
"""


async def test_both_sides_take_the_same_paths_for_views(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("the page")
    own = msgspec.structs.replace(settings, web=tmp_path)
    async with running(database, own) as house, house.http() as http:
        served = {path: (await http.get(f"{house.url}{path}")).status_code for path in PATHS}
    assert served == PATHS
    assert json.loads(node("--input-type=module", "--eval", VIEWS, json.dumps(list(PATHS)))) == PATHS


READ = """
import worker from "./worker.js";
const env = { ASSETS: { fetch: async (request) => new Response(new URL(request.url).pathname) } };
const said = [];
for (const [path, languages] of JSON.parse(process.argv[1])) {
  const headers = { "accept-language": languages };
  const got = await worker.fetch(new Request("https://club.example" + path, { headers }), env);
  said.push([await got.text(), got.headers.get("content-language")]);
}
console.log(JSON.stringify(said));
"""


async def test_both_sides_find_the_same_pages_in_the_same_language() -> None:
    paths = [
        f"{before}/{page}" for before in ("", "/en", "/de", "/fr", "/de/de") for page in (*ADDRESSES, "x")
    ]
    asked = [
        (path, languages)
        for path in paths
        for languages in (
            "",
            "de",
            "DE-at;q=1, en",
            "fr,en;q=0.5,de",
            "fr",
            ", ,de",
            "english",
            "*" + ",x" * 30,
        )
    ]
    ours = []
    for path, languages in asked:
        page = found(path.strip("/"), languages)
        at_edge = None if page is None else "/" + page.file.removesuffix(".html")
        ours.append([at_edge or "/app", page.language if page else None])
    assert json.loads(node("--input-type=module", "--eval", READ, json.dumps(asked))) == ours


def test_every_file_of_the_client_is_named_as_one() -> None:
    files = [path.relative_to(DIST).as_posix() for path in DIST.rglob("*") if path.is_file()]
    assert "index.html" in files
    assert [name for name in files if not NO_VIEW.search(name) and name != ".built"] == []


def test_worker_and_server_call_the_same_a_file() -> None:
    assert f"|\\.({'|'.join(ENDINGS)})$/i" in (FOLDER / "worker.js").read_text()


def test_what_the_worker_does_holds_before_a_real_origin() -> None:
    told = node("--test", "--test-reporter=tap", "worker.test.js")
    count = {line.split()[1]: line.split()[2] for line in told.splitlines() if line.startswith("# ")}
    assert (count["fail"], count["skipped"], count["todo"]) == ("0", "0", "0")
    assert int(count["pass"]) == int(count["tests"]) >= 17


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
        *(
            ({"ORIGIN": value}, "ORIGIN is https:// and a host")
            for value in ("http://origin.example", "HTTP://origin.example", "ftp://origin.example")
        ),
        ({"ORIGIN": "http://127.0.0.1:8000"}, "ORIGIN is https:// and a host"),
        ({"ORIGIN": "origin.example"}, "ORIGIN is https:// and a host"),
        ({"ORIGIN": "https://"}, "ORIGIN is https:// and a host"),
        ({"ORIGIN": "https://[::1"}, "ORIGIN is https:// and a host"),
        ({"SOCKET_ORIGIN": "ws://sockets.example/dev"}, "SOCKET_ORIGIN is wss:// or https:// and a host"),
        ({"SOCKET_ORIGIN": "http://sockets.example/dev"}, "SOCKET_ORIGIN is wss:// or https:// and a host"),
    ],
)
def test_an_edge_that_could_not_work_is_not_brought_anywhere(changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        edge.deploy(SETTINGS | changed, ["--dry-run"])


def test_a_client_that_was_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="make web builds it"):
        edge.assemble(tmp_path, tmp_path / "out", "https://files.example", Operator(), "")


def test_every_call_of_the_server_is_passed_on() -> None:
    """What the edge takes for a view of the client would never be answered."""
    said = re.search(r"^const CALLS = (\[.*\]);$", (FOLDER / "worker.js").read_text(), re.MULTILINE)
    assert said is not None
    begins = tuple(json.loads(said[1]))
    calls = {path for service, found in routes().items() if service != "fe" for _, path in found}
    assert {path for path in calls if not path.startswith(begins)} == set()
