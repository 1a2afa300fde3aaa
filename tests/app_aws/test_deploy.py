"""What is deployed to AWS is in step with the server and with its page."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from house.differences import DIFFERENCES, Difference

TOP = Path(__file__).parents[2]
AWS = TOP / "deploy/aws"
PAGE = (TOP / "docs/host/aws.md").read_text()


def test_api_gateway_knows_every_call_of_the_server() -> None:
    """`make routes` writes it."""
    made = subprocess.run([sys.executable, AWS / "routes.py"], capture_output=True, text=True, check=True)
    assert (AWS / "routes.yml").read_text() == made.stdout


def test_the_page_lists_the_differences_that_the_tests_allow() -> None:
    assert list(told_differences()) == list(DIFFERENCES)


def told_differences() -> Iterator[Difference]:
    """The rows of the one table with four columns."""
    _, _, chapter = PAGE.partition("## What is otherwise than with one process")
    for line in chapter.partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "what":
            yield Difference(*cells)


def test_what_stands_in_the_template_is_what_functions_are_told() -> None:
    template = (AWS / "serverless.yml").read_text()
    for name in ("DATABASE_URL", "CLUBROOM_SECRET", "PUBLIC_URL", "CLUBROOM_GATEWAY", "CLUBROOM_WAKE_QUEUE"):
        assert f"\n    {name}: " in template


def test_no_secret_stands_in_the_template() -> None:
    for line in (AWS / "serverless.yml").read_text().splitlines():
        name, _, value = line.strip().partition(": ")
        if name.endswith(("_KEY", "_SECRET", "_URL")) and name.isupper():
            assert value.startswith(("${env:", "${ssm:")), line
