"""What is asked of the sums: a club, and how its people behave."""

import math

import msgspec

from clubroom.app.settings import SettingError

HEARTBEAT_S = 75.0  # as deploy/aws/serverless.yml sets it
BOUNDS: dict[str, tuple[float, float]] = {
    "people": (1, 1_000_000),
    "messages_a_day": (0, 10_000_000),
    "online": (0, 1_000_000),
    "heartbeat_s": (10, 480),  # a socket that is silent for ten minutes is cut
    "visit_minutes": (1, 1_440),
    "looking": (0, 1),
    "typing": (0, 100),
    "images_a_day": (0, 1_000_000),
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`online` is the mean of open devices over the whole day and night. The share `looking` of those has the
    room on the screen in which something is said. `typing` = how often a message is told to be typed.
    """

    people: int
    messages_a_day: float
    online: float
    heartbeat_s: float = HEARTBEAT_S
    visit_minutes: float = 60.0
    looking: float = 0.25
    typing: float = 2.0
    images_a_day: float = 20.0
    database: str | None = None


def checked(asked: Asked) -> Asked:
    """The same. Raises SettingError where it cannot be."""
    for name, (least, most) in BOUNDS.items():
        value = getattr(asked, name)
        if not (math.isfinite(value) and least <= value <= most):
            word = name.replace("_", "-")
            raise SettingError(f"--{word} is a number from {least:,} to {most:,}, not {value:,}.")
    if asked.online > asked.people:
        raise SettingError(f"--online {asked.online:,g} is more than there are people ({asked.people:,}).")
    return asked
