"""What is deployed to AWS is in step with the server and with its page."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from clubroom.app.settings import VARIABLES
from house.deployment import NOT_TOLD
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


def told() -> dict[str, str]:
    """What the template tells functions of the place, by its name."""
    _, _, after = (AWS / "serverless.yml").read_text().partition("\n  environment:\n")
    return dict(re.findall(r"^    (\w+): (.+)$", after.partition("\n\n")[0], re.MULTILINE))


def test_functions_are_told_every_setting_but_those_of_which_it_is_said_why_not() -> None:
    assert told().keys() == VARIABLES - NOT_TOLD.keys()
    assert NOT_TOLD.keys() <= VARIABLES


def test_whoever_deploys_says_a_setting_by_its_own_name_and_the_store_by_the_page() -> None:
    """What the template itself decides stands first."""
    decided = {"CLUBROOM_POOLER", "CLUBROOM_GATEWAY", "CLUBROOM_WAKE_QUEUE", "CLUBROOM_LOG"}
    for name, value in told().items():
        if name not in decided:
            assert value.startswith(f"${{env:{name}, "), name
        for stored in re.findall(r"ssm:/clubroom/\$\{sls:stage\}/([\w-]+)", value):
            assert stored == name.removeprefix("CLUBROOM_").lower().replace("_", "-"), name
            assert f"`{stored}`" in PAGE or f"/clubroom/live/{stored} " in PAGE, stored


def test_no_secret_stands_in_the_template() -> None:
    for line in (AWS / "serverless.yml").read_text().splitlines():
        name, _, value = line.strip().partition(": ")
        if name.endswith(("_KEY", "_SECRET", "_URL", "_WORD", "_MAIL")) and name.isupper():
            assert value.startswith(("${env:", "${ssm:")), line
