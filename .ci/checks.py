"""Run the checks and tests, say how long each took, and end with the count of passed and failed tests.

Every step runs even when an earlier one failed, so that one run tells everything. A skipped test is a
failure: what cannot run here must say so by failing.
"""

# ruff: noqa: T201, S603, S607, S314 (it talks to whoever runs it, by names that make put into PATH)

import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

FIGURE = re.compile(r"F\d+\b")
"""A line that docs/reliability.md may quote."""
REPORTS = Path(".cache/reports")
HANGS = "hang-*.txt"
"""What the watchdog of the tests wrote (tests/house/watchdog.py)."""
NAMED_MAX = 20
"""So many failed tests are named at the end; of more, how many."""
NAMED_WIDTH = 200
PYTEST = ["-m", "pytest", "-q", "-m", "not root"]
SHORT = ["env", "--unset=CLUBROOM_VERIFY"]  # as `make test` has them: measured at length they take an hour
BESIDE = ["-n", "2", "--dist", "worksteal"]  # each half with a database, a server and a browser of its own
NOT_KEPT = "PYTHONDONTWRITEBYTECODE"
"""With it every worker and every server that a test starts compiles all that it imports: a second each."""
PYTEST_FOUND_NOTHING = 5
STEP_S = 4_000 if os.environ.get("CLUBROOM_VERIFY") else 900  # whatever takes longer hangs …
STEP_S *= 10 if os.environ.get("CLUBROOM_AMOUNTS") else 1  # … unless more is asked for than usual


@dataclass(frozen=True)
class Step:
    """A command. With `report`, it writes a JUnit file of that name, and its tests are counted."""

    name: str
    command: list[str]
    report: str = ""


PYTHON_LINT = [
    Step("ruff check", ["ruff", "check", "."]),
    Step("ruff format", ["ruff", "format", "--check", "."]),
    Step("mypy", ["mypy"]),
    Step("import-linter", ["lint-imports"]),
]
CLIENT_LINT = [Step("client: lint and types", ["npm", "--prefix", "web", "run", "--silent", "check"])]
VITEST = ["npm", "--prefix", "web", "test", "--silent", "--", "--reporter=default", "--reporter=junit"]
CLIENT_TESTS = [
    Step("client: tests", [*VITEST, f"--outputFile.junit={(REPORTS / 'vitest.xml').absolute()}"], "vitest"),
]


def pytest_step(name: str, report: str, *where: str, measured: bool = False) -> Step:
    """A part of the Python tests; `measured` = with what of the code they run, half as long again."""
    runner = [*SHORT, "coverage", "run"] if measured else ["python"]
    return Step(name, [*runner, *PYTEST, *where, f"--junitxml={REPORTS / report}.xml"], report)


MADE_UP = ["tests/abuse/test_any_call.py", "tests/abuse/test_any_frame.py"]
ALONE = ["tests/browser", "tests/faults", "tests/peers"]
WITHOUT_BROWSER = ["tests", *(f"--ignore={name}" for name in ALONE), *BESIDE]
PYTHON_TESTS = [
    pytest_step("tests", "tests", *WITHOUT_BROWSER),
    pytest_step("browser tests", "browser", "tests/browser", *BESIDE),
]
# They wait for most of their time: for processes to start and to be missed.
HARNESS = "tests/faults/test_harness.py"
FAULT_TESTS_BESIDE = [
    [pytest_step("fault tests", "faults", "tests/faults", f"--ignore={HARNESS}")],
    [pytest_step("faults that are sown", "harness", HARNESS)],
]
COVERAGE = [
    pytest_step("tests, measured", "covered", *WITHOUT_BROWSER, measured=True),
    Step("coverage: combine", ["coverage", "combine", "-q"]),
    Step("coverage", ["coverage", "report"]),
]
AT_LENGTH = [
    pytest_step("fault tests", "faults", "tests/faults", "-s"),
    pytest_step("made-up calls and frames", "made_up", *MADE_UP, "-s"),
    pytest_step("a model of people", "model", "tests/model", "-s"),
    pytest_step("mutants", "mutants", "tests/mutants"),
    pytest_step("the edge", "edge", "tests/peers/cloudflare"),
    pytest_step("a platform and the image", "platform", "tests/peers/platform", "tests/peers/containers"),
    pytest_step("the end of clubs", "ends", "tests/chat/test_club_deletion.py"),
    pytest_step("reading by GraphQL", "postgraphile", "tests/peers/postgraphile"),
    pytest_step("places at events", "places", "tests/chat/test_places.py"),
    pytest_step("events and a worker that is killed", "killed", "tests/notification/test_events_killed.py"),
    pytest_step("three tabs", "tabs", "tests/browser/test_three_tabs.py", "-s"),
    pytest_step("functions, deployed", "aws", "tests/peers/aws", "-s"),
]


def main() -> int:
    """One of the words below, as `make` says it."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    os.environ.pop(NOT_KEPT, None)
    for old in [*REPORTS.glob("*.xml"), *REPORTS.glob(HANGS)]:
        old.unlink()
    if sys.argv[1] == "root":
        return root()
    if sys.argv[1] == "faults":
        subprocess.run(["coverage", "erase"], check=True)
        return finish(run_all(AT_LENGTH + COVERAGE))
    failed = run_beside(PYTHON_LINT + (CLIENT_TESTS if sys.argv[1] == "test" else []), CLIENT_LINT)
    if sys.argv[1] == "test":
        failed += run_all(PYTHON_TESTS) + run_beside(*FAULT_TESTS_BESIDE)
    return finish(failed)


def root() -> int:
    """The tests that need root; without root that is said, and is no success."""
    if os.geteuid() != 0:
        print("These tests need root: run them as root, in a container or a virtual machine.")
        return 1
    command = ["pytest", "-q", "-m", "root", f"--junitxml={REPORTS / 'root.xml'}"]
    status = subprocess.run(command, check=False)
    if status.returncode == PYTEST_FOUND_NOTHING:
        print("No test needs root yet.")
        return 0
    return finish([] if status.returncode == 0 else ["tests as root"])


def run_beside(*lanes: list[Step]) -> list[str]:
    """Each list at its own pace, all at once."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        return [
            name for failed in pool.map(lambda lane: run_all(lane, shown=False), lanes) for name in failed
        ]


def run_all(steps: list[Step], *, shown: bool = True) -> list[str]:
    """One after the other; gives the names of those that failed, each with the last thing it said."""
    return [f"{step.name}{last}" for step in steps if (last := run(step, shown=shown)) is not None]


def run(step: Step, *, shown: bool) -> str | None:
    """Run one step and say how it went: None = well, else its last line if it was not `shown` as it came."""
    if shown:
        print(f"\n== {step.name}", flush=True)
    begun = time.monotonic()
    status, output = ended(step.command, shown=shown)
    took = time.monotonic() - begun
    passed = status == 0 and not skipped(step)
    figures = "".join(f"\n{line}" for line in output.splitlines() if FIGURE.match(line))
    said = "" if shown else figures if passed else f"\n{output}"
    print(f"== {step.name}: {'ok' if passed else 'FAILED'} in {took:.1f} s{said}", flush=True)
    if passed:
        return None
    return "".join(f" ({line})" for line in output.strip().splitlines()[-1:])


def ended(command: list[str], *, shown: bool) -> tuple[int, str]:
    """Status and output of a command. One that hangs is ended, with all that it started, and has failed."""
    output = None if shown else subprocess.PIPE
    with subprocess.Popen(
        command, text=True, stdin=subprocess.DEVNULL, stdout=output,
        stderr=None if shown else subprocess.STDOUT, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=STEP_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            print(f"== ended after {STEP_S} s: it hangs", flush=True)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGINT)
            raise
    return process.returncode, said or ""


def skipped(step: Step) -> bool:
    """Whether its report names a test that did not run. It is said which step it was."""
    if not step.report:
        return False
    count = counted(REPORTS / f"{step.report}.xml")["skipped"]
    if count:
        print(f"== {step.name}: {count} skipped, and nothing may skip", flush=True)
    return bool(count)


def finish(failed: list[str]) -> int:
    """What failed, then each test that failed, then the closing line: whoever reads only the end knows."""
    reports = sorted(REPORTS.glob("*.xml"))
    totals = [counted(path) for path in reports]
    bad = sum(total["failures"] + total["errors"] for total in totals)
    good = sum(total["tests"] - total["skipped"] for total in totals) - bad
    for hang in REPORTS.glob(HANGS):
        print(f"\n{hang.read_text()}")
    print("\nEverything holds." if not failed else "".join(f"\nfailed: {name}" for name in failed))
    for line in named([line for path in reports for line in failures(path)]):
        print(line)
    print(f"{good} passed, {bad} failed")
    return 1 if failed or bad else 0


def counted(report: Path) -> dict[str, int]:
    """The counts of a JUnit file; all 0 if there is none."""
    kinds = ("tests", "failures", "errors", "skipped")
    if not report.exists():
        return dict.fromkeys(kinds, 0)
    suites = ET.parse(report).getroot().iter("testsuite")
    found = [suite.attrib for suite in suites]
    return {kind: sum(int(suite.get(kind, 0)) for suite in found) for kind in kinds}


def failures(report: Path) -> list[str]:
    """Each failed test of a JUnit file, as `id: the first line of what it said … the last one`."""
    found = []
    for test in ET.parse(report).getroot().iter("testcase"):
        for fault in [*test.iterfind("failure"), *test.iterfind("error")]:
            said = fault.get("message") or fault.text or ""
            lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it says nothing"]
            told = [f"{name_of(test)}: {lines[0]}", *lines[1:][-1:]]
            found.append(" … ".join(line[:NAMED_WIDTH] for line in told))
    return found


def name_of(test: ET.Element) -> str:
    """As pytest takes it for a test of Python, so that it can be run again; else file and title."""
    where, title = test.get("classname", ""), test.get("name", "")
    file = f"{where.replace('.', '/')}.py"
    return f"{file}::{title}" if Path(file).is_file() else f"{where} {title}".strip()


def named(lines: list[str]) -> list[str]:
    """No more of them than somebody reads."""
    more = len(lines) - NAMED_MAX
    return lines[:NAMED_MAX] + ([f"… and {more} more"] if more > 0 else [])


if __name__ == "__main__":
    sys.exit(main())
