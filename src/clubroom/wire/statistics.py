"""Numbers about a club, for whoever runs it."""

from clubroom.wire.shapes import Outgoing


class EventNumbers(Outgoing, frozen=True):
    """Of one occurrence; see Counts. `came` and `missed` as they were ticked at the door."""

    group: int
    key: str
    name: str
    start: str | None
    cancelled: bool
    going: int
    maybe: int
    no: int
    waiting: int
    taken: int
    came: int
    missed: int


class GroupNumbers(Outgoing, frozen=True):
    """How many are in the club or a private room, or follow a public one."""

    group: int
    name: str
    people: int


class MonthNumbers(Outgoing, frozen=True):
    """What took place in a month ("2026-11") by the clock of the club: how many were going, and how many
    of the `ticked` came.
    """

    month: str
    events: int
    going: int
    came: int
    ticked: int


class Statistics(Outgoing, frozen=True):
    """`at` = when this was so; null = it was not counted yet. `live` = counted for this answer. Events
    are the newest first, months in their order.
    """

    live: bool
    at: str | None
    members: int
    events: list[EventNumbers]
    groups: list[GroupNumbers]
    months: list[MonthNumbers]
