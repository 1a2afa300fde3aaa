"""The same tests are run with one process and with the deployment, and both pass all that there are."""

import asyncio
import os
import sys
import xml.etree.ElementTree as ET
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from pathlib import Path

from house.ministack import TOP

SUITE = ["tests/contracts/test_conversation.py", "tests/contracts/test_who_is_told.py"]
REPORTS = TOP / ".cache/aws"
RUN_S = 1_500.0
MANY = 30


async def test_one_process_and_the_deployment_pass_the_same_tests_and_skip_none() -> None:
    here, there = REPORTS / "conversation-local.xml", REPORTS / "conversation-ministack.xml"
    await run("local", here)
    await run("ministack", there)
    wanted = await collected()
    assert len(wanted) > MANY
    assert sorted(passed(here)) == wanted
    assert sorted(passed(there)) == wanted


async def collected() -> list[str]:
    """Every test that there is, in the words of a report."""
    said = await asked("local", "--collect-only", "-q", *SUITE)
    ids = [line.split("::", 1) for line in said.splitlines() if "::" in line]
    assert f"{len(ids)} tests collected" in said
    assert {file for file, _ in ids} == set(SUITE)
    return sorted(f"{file.removesuffix('.py').replace('/', '.')}::{name}" for file, name in ids)


async def run(venue: str, report: Path) -> None:
    """Every test of the suite at that venue; each has to pass."""
    report.parent.mkdir(parents=True, exist_ok=True)
    await asked(venue, "-q", "--tb=short", *SUITE, f"--junitxml={report}")


async def asked(venue: str, *words: str) -> str:
    """What pytest says at that venue; it has to end well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", *words,
        env=os.environ | {"CLUBROOM_VENUE": venue}, cwd=TOP, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(RUN_S):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, said.decode()
    return said.decode()


def passed(report: Path) -> Iterator[str]:
    """The tests of a report. One that did not pass, or was skipped, is no part of it."""
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - our own
        outcomes = [child.tag for child in case if child.tag in {"failure", "error", "skipped"}]
        assert not outcomes, (case.get("name"), outcomes)
        yield f"{case.get('classname')}::{case.get('name')}"
