"""UX 39: what a browser loads before the first screen stays small; of the client as it was built."""

from pathlib import Path

import pytest

from bench.first_load import SCRIPT_KB_MAX, STYLE_KB_MAX, first_load, languages_in
from clubroom.app.settings import DIST

TEXTS = Path(__file__).parents[2] / "web" / "src" / "texts"


def test_the_first_script_keeps_its_budget() -> None:
    found = first_load(DIST, languages_in(TEXTS))
    assert found.script_kb <= SCRIPT_KB_MAX, found.scripts
    assert found.style_kb <= STYLE_KB_MAX, found.styles


def test_every_part_of_the_client_is_kept_for_when_there_is_no_connection() -> None:
    worker = (DIST / "sw.js").read_text()
    others = (
        "late-emoji",
        "late-pages",
    )  # what comes when it is asked for, and what stands beside the client
    parts = [one.name for one in (DIST / "assets").iterdir() if not one.name.startswith(others)]
    assert len(parts) > 20
    assert [name for name in parts if f"/assets/{name}" not in worker] == []


def test_what_is_loaded_at_once_is_counted_with_what_it_loads_at_once(tmp_path: Path) -> None:
    made = {
        "index.html": '<script type="module" crossorigin src="/assets/first-1.js"></script>'
        '<link rel="modulepreload" crossorigin href="/assets/soon-1.js">'
        '<link rel="stylesheet" crossorigin href="/assets/first-1.css">',
        "assets/first-1.js": 'import{a}from"./beside-1.js";import"./after-1.js";b=()=>import("./late-1.js")',
        "assets/beside-1.js": 'export*from"./under-1.js";',
        **{f"assets/{name}-1.js": name for name in ("soon", "after", "under", "late", "de")},
        "assets/en-1.js": "the words of English are longer than those of the other",
        "assets/first-1.css": "p{}",
    }
    (tmp_path / "assets").mkdir()
    for name, text in made.items():
        (tmp_path / name).write_text(text)
    found = first_load(tmp_path, ["de", "en"])
    assert {name.removeprefix("assets/") for name in found.scripts} == {
        f"{name}-1.js" for name in ("first", "soon", "beside", "after", "under")
    }
    assert found.language[0] == "assets/en-1.js"
    assert found.script_kb == pytest.approx(sum(found.scripts.values()) + found.language[1])
    (tmp_path / "assets" / "after-1.js").write_text('import"./en-1.js"')
    with pytest.raises(ValueError, match="by everybody"):
        first_load(tmp_path, ["de", "en"])
