"""The two files that the sums are made of: what things cost, and what our functions do. Both say of when."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
Counted = tuple[float, float]
"""What is always, and what each other who is online adds."""


class Unfit(Exception):
    """A place that cannot hold such a club, in words for people."""


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`price` for `unit` of something, of which `free` cost nothing each month."""

    price: float
    source: str
    checked: bool
    unit: float = 1
    free: float = 0
    gb: float = 0


class Database(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """PostgreSQL from a provider. `clients` is how many connections its pooler takes."""

    name: str
    title: str
    month: float
    gb: float
    gb_price: float
    gb_max: float
    near: bool
    pooler: bool
    clients: int
    backups: bool
    source: str
    checked: bool
    cu: float = 0
    cu_hour: float = 0
    cu_hours_max: float = 0


class Prices(msgspec.Struct, frozen=True):
    """All of one day."""

    date: str
    currency: str
    region: str
    of: Mapping[str, Price]
    databases: list[Database]

    def unchecked(self) -> list[str]:
        """What was not found on a page, by its source."""
        every: list[Price | Database] = [*self.of.values(), *self.databases]
        return [one.source for one in every if not one.checked]


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of a function for one thing that a client says or asks, or for a minute that went by."""

    function: str
    posts: Counted
    posted_bytes: Counted
    transactions: Counted
    wakes: Counted
    later_wakes: Counted
    answered_bytes: Counted
    cpu_ms: Counted


class Operations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Counted on `date` in a club of `people`: see tests/app/test_cost_operations.py."""

    date: str
    people: int
    calls: dict[str, Call]


@cache
def prices() -> Prices:
    """As they are kept."""
    found = tomllib.loads((HERE / "prices.toml").read_text())
    about = {name: found.pop(name) for name in ("date", "currency", "region", "databases")}
    return msgspec.convert(about | {"of": found}, Prices)


@cache
def operations() -> Operations:
    """As they were counted."""
    return msgspec.json.decode((HERE / "operations.json").read_bytes(), type=Operations)
