"""All of it put together: three bills, which is cheapest, and from where on a small server is cheaper."""

from collections.abc import Callable
from functools import partial

import msgspec
from msgspec import structs

from clubroom.app.cost.asked import BOUNDS, Asked, checked
from clubroom.app.cost.bills import Bill, Choice, databases, nat, on_a_dyno, on_a_server, on_functions
from clubroom.app.cost.figures import Operations, Prices, Unfit
from clubroom.app.cost.usage import Usage, usage
from clubroom.app.settings import SettingError

HALVINGS = 60
PLACES = {"AWS functions": on_functions, "Heroku": on_a_dyno, "one small server": on_a_server}


class Report(msgspec.Struct, frozen=True):
    """`turns` = from how many of it on a small server is cheaper than functions (null = at no number, 0 = at
    any), with the database and beside it. `left_out` = places that cannot hold such a club, and why.
    """

    asked: Asked
    prices_of: str
    region: str
    counted_on: str
    not_checked: list[str]
    usage: Usage
    bills: list[Bill]
    totals: dict[str, dict[str, float]]
    left_out: dict[str, str]
    databases: list[Choice]
    nat_gateway: float
    cheapest: str
    turns: dict[str, dict[str, float | None]]


def report(asked: Asked, operations: Operations, prices: Prices) -> Report:
    """Raises SettingError where there is nothing to add up."""
    used = usage(checked(asked), operations)
    bills, left_out = fitting(asked, operations, prices)
    return Report(
        asked=asked,
        prices_of=prices.date,
        region=prices.region,
        counted_on=operations.date,
        not_checked=prices.unchecked(),
        usage=used,
        bills=bills,
        totals={bill.target: totals(bill) for bill in bills},
        left_out=left_out,
        databases=databases(used, prices),
        nat_gateway=nat(used, prices),
        cheapest=min(bills, key=lambda bill: bill.dollars).target,
        turns={} if left_out else turns(asked, operations, prices),
    )


def fitting(asked: Asked, operations: Operations, prices: Prices) -> tuple[list[Bill], dict[str, str]]:
    """Raises SettingError where no place is left."""
    bills: list[Bill] = []
    left_out: dict[str, str] = {}
    for target, made in PLACES.items():
        try:
            bills.append(made(asked, operations, prices))
        except Unfit as error:
            left_out[target] = str(error)
    if not bills:
        raise SettingError("No place that is known here holds such a club.")
    return bills, left_out


def totals(bill: Bill) -> dict[str, float]:
    """By what they leave out."""
    return {
        "dollars": bill.dollars,
        "without_free": bill.without_free,
        "beside_the_database": bill.beside_the_database,
    }


def turns(asked: Asked, operations: Operations, prices: Prices) -> dict[str, dict[str, float | None]]:
    """Solved, not looked up."""
    server = on_a_server(asked, operations, prices).dollars
    ends = {"messages_a_day": BOUNDS["messages_a_day"][1], "online": float(asked.people)}

    def crossings(of: Callable[[Bill], float]) -> dict[str, float | None]:
        def cost(name: str, value: float) -> float:
            return of(on_functions(structs.replace(asked, **{name: value}), operations, prices))

        return {name: crossing(partial(cost, name), most, server) for name, most in ends.items()}

    return {
        "with its database": crossings(lambda bill: bill.dollars),
        "beside the database": crossings(lambda bill: bill.beside_the_database),
    }


def crossing(cost: Callable[[float], float], most: float, bar: float) -> float | None:
    """The least value at which `cost`, which only grows, reaches the bar; None where `most` is too little."""
    low, high = 0.0, most
    if cost(low) >= bar:
        return 0.0
    if cost(high) < bar:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if cost(middle) >= bar else (middle, high)
    return high
