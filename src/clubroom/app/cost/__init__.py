"""`clubroom cost`: what a month of a club costs, on functions, on a dyno, and on a small server."""

import argparse
from typing import Any

from clubroom.app.cost.asked import Asked
from clubroom.app.cost.figures import operations, prices
from clubroom.app.cost.text import for_machines, for_people
from clubroom.app.cost.verdict import Report, report

__all__ = ["Asked", "Report", "add_command", "operations", "prices", "report"]

HELP = "say what a month costs, with its database, on AWS, on Heroku, and on a small server"
NUMBERS = (
    ("heartbeat-s", "seconds between two heartbeats of a device (240)"),
    ("visit-minutes", "how long somebody stays (60)"),
    ("looking", "the share of those online who have the room on their screen (0.25)"),
    ("typing", "how often a message is told to be typed, once in 3 s at most (2)"),
    ("images-a-day", "how many images are posted (20)"),
)


def add_command(commands: Any) -> None:
    """Says how it is called."""
    command = commands.add_parser("cost", help=HELP, description=HELP)
    command.add_argument("--people", type=int, required=True, help="how many members the club has")
    command.add_argument("--messages-a-day", type=float, required=True, help="how many they post")
    command.add_argument(
        "--online", type=float, required=True, help="devices online: the mean over the whole day and night"
    )
    for name, told in NUMBERS:
        command.add_argument(f"--{name}", type=float, default=argparse.SUPPRESS, help=told)
    command.add_argument(
        "--database", default=argparse.SUPPRESS, help="another one than the cheapest that fits"
    )
    command.add_argument("--json", action="store_true", help="say it to machines")
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Raises SettingError."""
    said = {name: value for name, value in vars(asked).items() if name in Asked.__struct_fields__}
    found = report(Asked(**said), operations(), prices())
    print(for_machines(found) if asked.json else for_people(found))  # noqa: T201
    return 0
