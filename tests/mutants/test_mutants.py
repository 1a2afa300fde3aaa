"""Each mutant is put into a copy of the product, and the tests named for it have to fail there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mutants.mutants import PURE, WITH_DATABASE, Mutant

TOP = Path(__file__).parents[2]
ALL = [*PURE, *WITH_DATABASE]
LONG = os.environ.get("CLUBROOM_VERIFY") == "long"
CHOSEN = ALL if LONG else PURE[::6]
SOURCE = TOP / "src" / "clubroom"
MIGRATIONS = "dba/migrations"
DEFINED = re.compile(r"create (?:or replace )?function (\w+)\(")
TESTS_FAILED = 1  # pytest's own; what cannot even be imported ends with another
MEASURED = "COVERAGE"  # the copy is none of what is measured


def copied(folder: Path) -> Path:
    """The product, where it may be changed."""
    copy = folder / "clubroom"
    shutil.copytree(TOP / "src" / "clubroom", copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def put_in(mutant: Mutant, copy: Path) -> None:
    """Says so when the mistake has no place any more."""
    file = copy / mutant.file
    text = file.read_text()
    count = text.count(mutant.old)
    assert count == 1, f"{mutant.file} holds this {count} times, not once; choose anew:\n{mutant.old}"
    file.write_text(text.replace(mutant.old, mutant.new))


def outcome_of(folder: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Runs tests against the copy in a folder, with no more of pytest than they need: half the time."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(MEASURED)}
    own = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    plugins = ["-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", *plugins, *tests],
        cwd=TOP, env=kept | own, check=False, capture_output=True, text=True,
    )  # fmt: skip


def test_each_mutant_has_a_name_and_a_reason_of_its_own() -> None:
    assert len({mutant.name for mutant in ALL}) == len({mutant.why for mutant in ALL}) == len(ALL)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_every_mutant_still_has_its_place(mutant: Mutant, tmp_path: Path) -> None:
    (tmp_path / mutant.file).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(TOP / "src" / "clubroom" / mutant.file, tmp_path / mutant.file)
    put_in(mutant, tmp_path)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_no_mutant_stands_in_a_function_that_a_later_migration_replaces(mutant: Mutant) -> None:
    """There it would do nothing, and nobody could kill it."""
    if not mutant.file.startswith(MIGRATIONS):
        return
    text = (SOURCE / mutant.file).read_text()
    [*_, changed] = DEFINED.findall(text[: text.index(mutant.old) + len(mutant.old)])
    files = sorted((SOURCE / MIGRATIONS).glob("*.sql"))
    later = [file for file in files if file.name > Path(mutant.file).name]
    assert not [file.name for file in later if changed in DEFINED.findall(file.read_text())]


def test_without_a_mutant_the_tests_that_kill_them_pass_in_the_copy(tmp_path: Path) -> None:
    copied(tmp_path)
    outcome = outcome_of(tmp_path, tuple(dict.fromkeys(name for mutant in CHOSEN for name in mutant.tests)))
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda mutant: mutant.name)
def test_the_tests_kill_the_mutant_in_which(mutant: Mutant, tmp_path: Path) -> None:
    put_in(mutant, copied(tmp_path))
    outcome = outcome_of(tmp_path, mutant.tests)
    assert outcome.returncode == TESTS_FAILED, f"It lives: {mutant.why}\n{outcome.stdout}\n{outcome.stderr}"
