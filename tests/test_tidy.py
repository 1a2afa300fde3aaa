"""The repository is tidy; and the rules that say so find what is not, each in a seeded example."""

import subprocess
from pathlib import Path

import pytest

from tidy_rules import CATCHES_ALL, FILE_LINES_MAX, HOSTS, Source, complaints

TOP = Path(__file__).parent.parent
SEEDED = [
    ("src/clubroom/chat/emotes.py", "x = 1\n" * 401, "401 lines"),
    ("web/src/screens/Room.svelte", "<p>x</p>\n" * 401, "401 lines"),
    ("src/clubroom/dba/migrations/0001_log.sql", "-- x\n" * 601, "601 lines"),
    ("src/clubroom/chat/emotes.py", "def add():\n" + "    x = 1\n" * 60, "add has 61 lines"),
    ("src/clubroom/chat/utils.py", "", "is called utils"),
    ("src/clubroom/services/chat.py", "", "is called services"),
    ("web/src/wire/socketHelper/helpers.ts", "", "is called helpers"),
    ("src/clubroom/chat/emotes.py", "class EmoteManager: ...", "class EmoteManager"),
    ("src/clubroom/chat/emotes.py", "q = asyncio.Queue()", "without a limit"),
    ("src/clubroom/chat/emotes.py", "q: X = asyncio.Queue[int](maxsize=0)", "without a limit"),
    ("src/clubroom/chat/emotes.py", "q = collections.deque([1])", "without a limit"),
    ("src/clubroom/chat/emotes.py", "# TO" + "DO later", "marked as unfinished"),
    ("web/src/state/apply.ts", "// FIX" + "ME", "marked as unfinished"),
    ("src/clubroom/chat/emotes.py", "try: f()\nexcept Exception: pass", "catches whatever happens"),
    ("src/clubroom/chat/emotes.py", "try: f()\nexcept: pass", "catches whatever happens"),
    ("src/clubroom/chat/emotes.py", "x = f'SELECT a FROM {t}'", "speaks SQL"),
    ("src/clubroom/chat/emotes.py", "db.fetch('select a from t')", "speaks SQL"),
    ("src/clubroom/auth/tokens.py", "import redis.asyncio", "names a vendor"),
    ("src/clubroom/auth/tokens.py", "url = 'https://x.eu.auth0.com'", "names a vendor"),
    ("src/clubroom/chat/posts.py", "def lambda_handler(event): ...", "names a vendor"),
    ("tests/chat/test_emotes.py", "time.sleep(1)", "waits for a time"),
    ("tests/chat/test_emotes.py", "async def f():\n    await asyncio.sleep(0.1)", "waits for a time"),
    ("tests/chat/test_emotes.py", "while True:\n    time.sleep(0.01)", "waits for a time"),
    ("tests/chat/test_emotes.py", "pytest.skip('no browser')", "skips"),
    ("tests/chat/test_emotes.py", "@pytest.mark.xfail\ndef test_a_b_c_d(): ...", "skips"),
    ("web/src/state/apply.test.ts", "it.skip('x', () => {})", "does not run all tests"),
    (
        "web/src/parts/Face.svelte",
        "x\n<style>\n p {\n  margin-left: 1px;\n }\n</style>",
        "svelte:4: says",
    ),
    ("web/src/base.css", "p { left: 0; }", "says 'left:'"),
    ("web/src/base.css", "p { border-top-right-radius: 0; }", "says 'border-top-right-radius:'"),
    ("web/src/base.css", "p { text-align: right; }", "says 'text-align: right'"),
    ("web/src/base.css", "p { transform: translateX(-50%); }", "says 'translateX('"),
    ("web/src/base.css", "p { rotate: -90deg; }", "says 'rotate: -90deg'"),
    ("web/src/base.css", "p { padding: 0 calc(1px * (2 + 3)) 0 2px; }", "two sides that differ"),
    ("web/src/base.css", "p { border-radius: 4px 0 0 4px; }", "two sides that differ"),
    ("web/src/base.css", "p { color: #14261f; }", "has the colour"),
    ("web/src/base.css", "p { background: rgb(0 0 0 / 0.5); }", "has the colour"),
    ("web/src/base.css", "p { color: #14261f }", "has the colour"),
    ("web/src/base.css", "p { border: 1px solid white; }", "has the colour"),
    ("web/src/base.css", "p { --own: #f00; }", "has the colour"),
    ("web/src/base.css", "p { font: 700 15px/1.4 var(--f); }", "has the type"),
    ("web/src/base.css", "p { font-size: 15px; }", "has the type size"),
    ("web/src/base.css", "p { font-weight: 700; }", "has the weight"),
    ("web/src/base.css", "p { line-height: 1.4; }", "has the line height"),
    ("web/src/base.css", "p { margin: 0 calc(-1 * 6px); }", "has the space"),
    ("web/src/base.css", "p { gap: 0.5rem; }", "has the space"),
    ("web/src/base.css", "p { border-radius: 4px; }", "has the radius"),
    ("web/src/base.css", "p { transition: color 200ms; }", "has the motion"),
    ("web/src/base.css", "p { transition: color var(--d-fast) ease-in; }", "has the motion"),
    ("web/src/base.css", "p { box-shadow: 0 1px 3px var(--ink); }", "has the shadow"),
    ("tests/chat/test_emotes.py", "def test_add_emote(): ...", "is no sentence"),
    ("docs/start.md", f"pip install --index-url https://{HOSTS[0]}/simple", "names a package registry"),
]
FINE = [
    ("web/src/tokens.css", ":root { --ink: #14261f; --s-1: 4px; }"),
    ("web/src/parts/Face.svelte", "<style>\n p { margin: -1px 2px; padding: 0.4em; }\n</style>"),
    ("web/src/base.css", "p { border-radius: 50%; box-shadow: inset 0 0 0 1px var(--ink); }"),
    ("web/src/base.css", "p { grid-area: red; --own: var(--ink); font: inherit; border: 0 }"),
    ("web/src/base.css", "@media print { body { background: white; } }"),
    ("web/src/wire/types.ts", "// Made from the server's types. Do not edit.\n" + "x\n" * 500),
    ("src/clubroom/chat/emotes.py", "q = asyncio.Queue(QUEUE_MAX)\nd = deque(maxlen=9)"),
    ("src/clubroom/chat/emotes.py", "d = deque()  # bounded: one entry a socket, at most 10"),
    ("src/clubroom/chat/emotes.py", "try: f()\nexcept BaseException:\n    undo()\n    raise"),
    ("src/clubroom/chat/emotes.py", '"""Selects what to update, and is good for Hasura."""'),
    ("src/clubroom/dba/pool.py", "x = 'SELECT 1 FROM t'"),
    ("src/clubroom/ports/presence/redis.py", "import redis"),
    ("web/src/parts/Face.svelte", "let at = { left: 1 };\n<style>\n p { inset-inline-end: 1px; }\n</style>"),
    ("web/src/base.css", "p { border-radius: var(--r-m) var(--r-m) 0 0; margin: 0 auto; rotate: 180deg; }"),
    ("web/src/base.css", "p { padding: 0 env(safe-area-inset-right) 0 env(safe-area-inset-left); }"),
    ("tests/chat/test_emotes.py", "async def f():\n    await asyncio.sleep(0)"),
    ("tests/chat/test_emotes.py", "while not holds():\n    time.sleep(0.01)"),
    ("tests/chat/test_emotes.py", "@pytest.mark.root\ndef test_an_emote_is_counted_once(): ...", ),
]  # fmt: skip


def test_nothing_in_the_repository_breaks_a_rule() -> None:
    found = [complaint for path in _files() for complaint in complaints(_read(path))]
    assert not found, "\n" + "\n".join(found)


def test_every_exception_to_a_rule_is_still_needed() -> None:
    for path in CATCHES_ALL:
        assert "except Exception" in (TOP / path).read_text(), f"{path} may leave CATCHES_ALL"


@pytest.mark.parametrize(("path", "text", "sentence"), SEEDED)
def test_what_is_untidy_is_found(path: str, text: str, sentence: str) -> None:
    assert any(sentence in complaint for complaint in complaints(Source(path, text)))


@pytest.mark.parametrize(("path", "text"), FINE)
def test_what_is_fine_is_left_alone(path: str, text: str) -> None:
    assert complaints(Source(path, text)) == []


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TOP, check=True, capture_output=True, text=True,
    )  # fmt: skip
    wanted = {*FILE_LINES_MAX, ".md", ".txt", ".in", ".toml", ".json", ".yml", ".html", ""}
    return [
        path for path in listed.stdout.splitlines() if Path(path).suffix in wanted and (TOP / path).is_file()
    ]


def _read(path: str) -> Source:
    return Source(path, (TOP / path).read_text())
