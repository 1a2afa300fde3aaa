"""What is made from the server's types is committed, so that a change of them shows in review."""

from pathlib import Path

from clubroom.app import typescript

ROOT = Path(__file__).parents[2]


def test_the_clients_types_are_those_of_the_server() -> None:
    committed = (ROOT / "web/src/wire/types.ts").read_text()
    assert committed == typescript.source(), "run: .venv/bin/clubroom types > web/src/wire/types.ts"
