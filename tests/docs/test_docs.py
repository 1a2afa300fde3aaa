"""What the documents say is what the code does: names, numbers, paths and links are compared."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import msgspec
import pytest

from clubroom import actions, errors, wire
from clubroom.app import metrics
from clubroom.app.__main__ import ENVIRONMENT
from clubroom.app.settings import VARIABLES
from clubroom.ports.gateway import framing
from clubroom.ports.gateway.admission import UpgradeRequired

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
PAGES = sorted([*TOP.glob("*.md"), *DOCS.rglob("*.md")])
FOR_MACHINES = {("GET", "/api/openapi.json"), ("GET", "/api/asyncapi.json")}
PROTOCOL = (DOCS / "protocol.md").read_text()


def part(title: str, level: str = "##") -> str:
    """The text of one chapter of docs/protocol.md."""
    _, _, after = PROTOCOL.partition(f"\n{level} {title}\n")
    assert after, f"docs/protocol.md has no chapter {title!r}"
    return re.split(rf"\n#{{2,{len(level)}}} ", after, maxsplit=1)[0]


def rows(title: str) -> Iterator[list[str]]:
    """The rows of all tables in a chapter, as cells."""
    for line in part(title).splitlines():
        if line.startswith("| ") and not set(line) <= set("| -"):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def tags(kinds: Any) -> set[str]:
    return {str(kind.__struct_config__.tag) for kind in get_args(kinds)}


def examples(title: str, level: str) -> list[str]:
    """The JSON objects that stand in a chapter, one a line."""
    blocks = re.findall(r"```json\n(.*?)```", part(title, level), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


# --- docs/protocol.md ------------------------------------------------------------------------------------


def test_every_error_stands_in_the_table_with_its_status() -> None:
    told = {row[0].strip("`"): int(row[1]) for row in rows("Errors") if row[0].startswith("`")}
    known: list[type[errors.ClubroomError]] = [errors.ClubroomError, UpgradeRequired]
    known += errors.ClubroomError.__subclasses__()
    assert told == {kind.code: kind.status for kind in known}


def test_every_action_stands_in_the_table_with_its_fields() -> None:
    told = {
        row[0].strip("`"): set(re.findall(r"`(\w+)`", row[2]))
        for row in rows("Actions")
        if row[0].startswith("`")
    }
    known = {
        str(kind.__struct_config__.tag): set(kind.__struct_fields__) for kind in get_args(actions.AnyAction)
    }
    assert told == known


@pytest.mark.parametrize(
    ("title", "kinds"), [("From the client", wire.ClientFrame), ("From the server", wire.ServerFrame)]
)
def test_every_frame_has_a_paragraph_and_an_example(title: str, kinds: Any) -> None:
    chapter = part(title, "###")
    assert set(re.findall(r"^`(\w+)`: ", chapter, re.MULTILINE)) == tags(kinds)
    shown = [msgspec.json.decode(line) for line in examples(title, "###")]
    assert {frame["type"] for frame in shown} == tags(kinds)


def test_the_examples_of_a_clients_frames_are_frames() -> None:
    for line in examples("From the client", "###"):
        wire.decode_frame(line.encode())


def test_the_examples_of_the_servers_frames_have_all_their_fields() -> None:
    decoder = msgspec.json.Decoder(wire.ServerFrame)
    for line in examples("From the server", "###"):
        frame = decoder.decode(line)
        assert msgspec.json.decode(line).keys() == msgspec.json.decode(wire.encode(frame)).keys(), line


def test_every_close_code_says_what_the_client_does() -> None:
    told = {int(code) for row in rows("Close codes") for code in row[0].split(", ") if code.isdigit()}
    ours = {value for name, value in vars(wire.Close).items() if name.isupper()}
    gateways = {
        framing.PROTOCOL_ERROR,
        framing.NO_TEXT,
        framing.NO_UTF8,
        framing.TOO_CHATTY,
        framing.TOO_LONG,
        framing.OUR_FAULT,
        framing.RESTART,
    }
    assert told == ours | gateways | {1000, 1001, 1006}


def test_every_limit_stands_in_the_table_with_its_number() -> None:
    told = {
        row[3].strip("`"): int(re.sub(r"[^0-9]", "", row[1]))
        for row in rows("Limits")
        if len(row) == 4 and row[3].startswith("`")
    }
    known = {name: value for name, value in vars(wire).items() if name.isupper() and isinstance(value, int)}
    assert told == known


async def test_every_call_of_the_served_description_is_told_and_no_other(client: httpx.AsyncClient) -> None:
    described = (await client.get("/api/openapi.json")).json()["paths"]
    served = {(method.upper(), path) for path, calls in described.items() for method in calls}
    told = set(re.findall(r"\*\*`([A-Z]+) (/api/[^`]*)`\*\*", part("HTTP")))
    assert told == served | FOR_MACHINES


# --- docs/host.md ------------------------------------------------------------------------------------------


def test_the_settings_told_to_hosts_are_those_of_the_command() -> None:
    told = set(re.findall(r"^\| `([A-Z0-9_]+)` ", (DOCS / "host.md").read_text(), re.MULTILINE))
    helped = set(re.findall(r"\b(?:PORT|HOST|[A-Z]+(?:_[A-Z0-9]+)+)\b", ENVIRONMENT))
    assert told == helped == VARIABLES


def test_every_metric_stands_in_the_table_as_it_is() -> None:
    found = re.findall(
        r"^\| `(clubroom_\w+)` \| (\w+) \| (.*?) ?\| (.+) \|$", (DOCS / "host.md").read_text(), re.M
    )
    told = {name: (kind, tuple(re.findall(r"`(\w+)`", labels)), tells) for name, kind, labels, tells in found}
    assert told == {one.name: (one.kind, one.labels, one.tells) for one in metrics.FAMILIES}


# --- all pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    broken = [link for link in links if "://" not in link and not leads(page, link)]
    assert not broken


def leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target)


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_test_that_is_named_exists() -> None:
    sources = list((TOP / "tests").rglob("*.py"))
    defined = {name for path in sources for name in re.findall(r"def (test_\w+)\(", path.read_text())}
    missing = []
    for page in PAGES:
        text = page.read_text()
        missing += [name for name in re.findall(r"`(test_\w+)`", text) if name not in defined]
        missing += [
            path
            for path in re.findall(r"`((?:tests|web|src)/[\w./-]+)`", text)
            if not (TOP / path).exists() and not path.startswith("web/dist")
        ]
    assert not missing


def test_every_command_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    ran = subprocess.run(
        [sys.executable, "-m", "clubroom.app", "--help"], capture_output=True, text=True, check=True
    )
    commands = set(re.findall(r"^    ([a-z-]+)(?: |$)", ran.stdout, re.MULTILINE))
    for page in PAGES:
        text = page.read_text()
        code = "\n".join(re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE))
        made = re.findall(r"(?:^ *|&& |=\S+ )make ([a-z-]+)", code, re.MULTILINE)
        assert {*made, *re.findall(r"`make ([a-z-]+)`", text)} <= targets, page
        said = re.findall(r"(?:^|bin/)clubroom ([a-z][a-z-]*)", code, re.MULTILINE)
        assert {*said, *re.findall(r"`(?:\S*bin/)?clubroom ([a-z][a-z-]*)", text)} <= commands, page


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    listed = (DOCS / "house.md").read_text()
    for page in sorted((DOCS / "decisions").glob("*.md")):
        assert f"decisions/{page.name}" in listed
        assert re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequence",
        ]
