"""How a run of the checks ends: whoever reads only its last lines knows what failed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import quoteattr

import pytest

CHECKS = Path(__file__).parent.parent / ".ci" / "checks.py"
THIS = "tests.test_checks"


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program as a module, with a folder of its own for reports."""
    spec = importlib.util.spec_from_file_location("checks", CHECKS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "checks", module)  # a dataclass looks there
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "REPORTS", tmp_path)
    monkeypatch.chdir(CHECKS.parent.parent)
    return module


def report(folder: Path, name: str, *cases: str, failures: int = 0, errors: int = 0) -> None:
    """A JUnit file."""
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="0"'
    suite = f"<testsuite {counts}>{''.join(cases)}</testsuite>"
    (folder / f"{name}.xml").write_text(f"<testsuites>{suite}</testsuites>")


def case(classname: str, name: str, within: str = "") -> str:
    return f'<testcase classname="{classname}" name={quoteattr(name)}>{within}</testcase>'


def fault(kind: str, message: str) -> str:
    return f"<{kind} message={quoteattr(message)}>a long story</{kind}>"


def test_each_failed_test_is_named_before_the_closing_line(
    checks: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = case(THIS, "test_a[x-1]", fault("failure", "AssertionError: 1 is not 2\nassert 1 == 2"))
    report(tmp_path, "browser", case(THIS, "test_that_holds"), failed, failures=1)
    untidy = case(THIS, "test_b", fault("error", 'failed on teardown with "TimeoutError"'))
    report(tmp_path, "tests", untidy, errors=1)
    told = case(
        "src/state/apply.test.ts", "apply &gt; a post", "<failure>\n  expected 1\n  at x.ts</failure>"
    )
    report(tmp_path, "vitest", told, failures=1)
    assert checks.finish(["browser tests", "tests", "client: tests"]) == 1
    assert capsys.readouterr().out.splitlines()[-5:] == [
        "failed: client: tests",
        "tests/test_checks.py::test_a[x-1]: AssertionError: 1 is not 2 … assert 1 == 2",
        'tests/test_checks.py::test_b: failed on teardown with "TimeoutError"',
        "src/state/apply.test.ts apply &gt; a post: expected 1 … at x.ts",
        "1 passed, 3 failed",
    ]


def test_of_many_failed_tests_twenty_are_named_each_on_a_short_line(
    checks: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [case(THIS, f"test_{number}", fault("failure", "x" * 1_000)) for number in range(23)]
    report(tmp_path, "tests", *cases, failures=23)
    checks.finish(["tests"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["… and 3 more", "0 passed, 23 failed"]
    assert sum(line.startswith("tests/test_checks.py::") for line in lines) == 20
    assert max(map(len, lines)) == 200


def test_where_nothing_failed_no_test_is_named(
    checks: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(tmp_path, "tests", case(THIS, "test_that_holds"))
    assert checks.finish([]) == 0
    assert capsys.readouterr().out == "\nEverything holds.\n1 passed, 0 failed\n"
