"""What a month costs in three places: on functions and a database, on a dyno, on a small server."""

from collections.abc import Iterator

import msgspec

from clubroom.app.cost.asked import Asked
from clubroom.app.cost.figures import Database, Operations, Price, Prices, Unfit
from clubroom.app.cost.usage import HOURS, Usage, usage
from clubroom.app.settings import SettingError

# Two for each function that may run at once (deploy/aws/serverless.yml): each is a client of the pooler.
CLIENTS_NEEDED = 108
BUSY_DAY = 2.0  # a busy day has so many times what the mean one has: free amounts of a day have to hold then


class Line(msgspec.Struct, frozen=True):
    """`dollars` are paid; without what is free for ever they would be `without_free`."""

    what: str
    amount: float
    unit: str
    dollars: float
    without_free: float


class Bill(msgspec.Struct, frozen=True):
    """Of one month. `database` names the line that is the database."""

    target: str
    lines: list[Line]
    database: str | None = None

    @property
    def dollars(self) -> float:
        """What is paid."""
        return sum(line.dollars for line in self.lines)

    @property
    def without_free(self) -> float:
        """What would be paid if nothing were free."""
        return sum(line.without_free for line in self.lines)

    @property
    def beside_the_database(self) -> float:
        """What is paid for all the rest."""
        return sum(line.dollars for line in self.lines if line.what != self.database)


class Choice(msgspec.Struct, frozen=True):
    """A database, and why it is none for functions ("" = it fits)."""

    name: str
    title: str
    dollars: float
    why_not: str
    checked: bool


def metered(what: str, amount: float, unit: str, price: Price) -> Line:
    """What is paid for each."""
    paid = max(0.0, amount - price.free) / price.unit * price.price
    return Line(what, amount, unit, paid, amount / price.unit * price.price)


def flat(what: str, dollars: float, *, amount: float = 1, unit: str = "a month") -> Line:
    """The same each month."""
    return Line(what, amount, unit, dollars, dollars)


# --- functions --------------------------------------------------------------------------------------------


def on_functions(asked: Asked, operations: Operations, prices: Prices) -> Bill:
    """With the cheapest database that fits, or the one that was asked for."""
    used, of = usage(asked, operations), prices.of
    base = database_for(asked, used, prices)
    lines = [
        metered("WebSocket messages", used.websocket_messages, "messages", of["websocket_messages"]),
        metered("WebSocket minutes", used.connection_minutes, "minutes", of["connection_minutes"]),
        metered("HTTP calls", used.http_calls, "calls", of["http_calls"]),
        metered("Lambda calls", used.lambda_calls, "calls", of["lambda_calls"]),
        metered("Lambda time", used.gb_seconds, "GB-s", of["lambda_gb_seconds"]),
        metered("queue", used.queue_requests, "requests", of["queue_requests"]),
        metered("clock", used.schedules, "calls", of["schedules"]),
        metered("logs", used.log_gb, "GB", of["log_gb"]),
        metered("data out", used.out_gb, "GB", of["out_gb"]),
        *around(asked, used, prices),
        flat(base.title, base.dollars),
    ]
    return Bill("AWS functions", lines, base.title)


def around(asked: Asked, used: Usage, prices: Prices) -> Iterator[Line]:
    """Images, the edge, and who signs in: the same wherever the server keeps nothing itself."""
    of = prices.of
    yield metered("images in B2, after a year", used.image_gb, "GB", of["image_gb"])
    busy, edge, identities = used.edge_requests_a_day * BUSY_DAY, of["edge_requests"], of["identities"]
    paid = edge.price if busy > edge.free else 0.0
    yield Line("Cloudflare in front", busy, "on a busy day", paid, edge.price)
    if asked.people > identities.free:
        raise Unfit(
            f"for more than {identities.free:,.0f} people Auth0 is not free, and its price is not known"
        )
    yield flat("Auth0", identities.price, amount=asked.people, unit="people")


def databases(used: Usage, prices: Prices) -> list[Choice]:
    """All that are known, the cheapest first."""
    found = [
        Choice(one.name, one.title, monthly(one, used), why_not(one, used), one.checked)
        for one in prices.databases
    ]
    return sorted(found, key=lambda choice: choice.dollars)


def monthly(one: Database, used: Usage) -> float:
    """Awake all of the month, for the worker comes each minute."""
    return one.month + one.cu * HOURS * one.cu_hour + max(0.0, used.database_gb - one.gb) * one.gb_price


def why_not(one: Database, used: Usage) -> str:
    """The first reason."""
    if not one.near:
        return "too far away: a transaction goes to and fro four times"
    if not one.pooler:
        return "it has no pooler"
    if one.clients < CLIENTS_NEEDED:
        return f"its pooler takes {one.clients} connections, {CLIENTS_NEEDED} are needed"
    if one.cu_hours_max and one.cu * HOURS > one.cu_hours_max:
        return f"its free hours end after {one.cu_hours_max / one.cu / 24:.0f} days, for it never sleeps"
    if not one.backups:
        return "it keeps no backups"
    if used.database_gb > one.gb_max:
        return f"it holds {one.gb_max:g} GB"
    return ""


def database_for(asked: Asked, used: Usage, prices: Prices) -> Choice:
    """Raises Unfit where none fits, and SettingError where none has the name that was asked for."""
    choices = databases(used, prices)
    if asked.database is not None:
        named = [one for one in choices if one.name == asked.database]
        if not named:
            known = ", ".join(sorted(one.name for one in choices))
            raise SettingError(f"--database is one of {known}, not {asked.database}.")
        return named[0]
    fitting = [one for one in choices if not one.why_not]
    if not fitting:
        raise Unfit(f"no database that is known here holds {used.database_gb:,.0f} GB")
    return fitting[0]


def nat(used: Usage, prices: Prices) -> float:
    """What a network of one's own would add: an hour of its gateway, and each GB to the database and back."""
    return HOURS * prices.of["nat_hours"].price + used.out_gb * prices.of["nat_gb"].price


# --- processes --------------------------------------------------------------------------------------------


def on_a_dyno(asked: Asked, operations: Operations, prices: Prices) -> Bill:
    """One that never sleeps. Its disk forgets, so images lie in B2."""
    used, of = usage(asked, operations), prices.of
    plans = ("Essential-0", of["dyno_database"]), ("Essential-1", of["dyno_database_larger"])
    fitting = [(name, plan) for name, plan in plans if used.database_gb <= plan.gb]
    if not fitting:
        raise Unfit(f"no plan that is known here holds {used.database_gb:,.0f} GB")
    name, plan = fitting[0]
    title = f"Heroku Postgres {name}"
    lines = [flat("Basic dyno", of["dyno"].price), *around(asked, used, prices), flat(title, plan.price)]
    return Bill("Heroku", lines, title)


def on_a_server(asked: Asked, operations: Operations, prices: Prices) -> Bill:
    """Everything embedded: database, images, and who is who."""
    used, of = usage(asked, operations), prices.of
    if used.database_gb + used.image_gb > of["server"].gb:
        raise Unfit(f"its disk has room for {of['server'].gb:g} GB")
    machine = flat("server, 2 cores and 4 GB", of["server"].price)
    return Bill("one small server", [machine, flat("its backups", of["server_backups"].price)])
