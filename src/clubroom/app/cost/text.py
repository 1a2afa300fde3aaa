"""The report, for people and for machines."""

from collections.abc import Iterator

import msgspec

from clubroom.app.cost.bills import Bill, Line
from clubroom.app.cost.verdict import Report

SMALL = 0.005  # dollars
WHOLE_FROM = 100  # smaller amounts are told with two digits more


def for_machines(report: Report) -> str:
    """The same figures, not rounded."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()


def for_people(report: Report) -> str:
    """Tables, and what to make of them."""
    parts = [
        *about(report),
        *(line for bill in report.bills for line in table(bill)),
        *beside(report),
        *verdict(report),
        *honesty(report),
    ]
    return "\n".join(parts)


def about(report: Report) -> Iterator[str]:
    """What was asked, and what is assumed of it."""
    asked = report.asked
    yield f"A club of {asked.people:,} people, who post {asked.messages_a_day:,.0f} messages a day."
    beat, stay, share = f"{asked.heartbeat_s:g} s", f"{asked.visit_minutes:g} min", f"{asked.looking:.0%}"
    yield f"{asked.online:,.4g} devices are online: the mean over day and night. Each beats every {beat}."
    yield f"Assumed: a visit lasts {stay}; {share} of those online look at the room; {asked.typing:g} signals"
    yield f"of typing come before a message; {asked.images_a_day:g} images a day."
    yield f"US dollars a month, without tax. Prices of {report.prices_of}, region {report.region};"
    yield f"what functions do was counted on {report.counted_on}."


def table(bill: Bill) -> Iterator[str]:
    """One place. The second column is what it would be without amounts that are free for ever."""
    yield ""
    yield row(bill.target, "", "paid", "no free tier")
    for line in bill.lines:
        if matters(line, bill):
            yield row(f"  {line.what}", amount(line), f"{line.dollars:.2f}", f"{line.without_free:.2f}")
    if bill.database is not None:
        yield row("  beside the database", "", f"{bill.beside_the_database:.2f}", "")
    yield row("  sum", "", f"{bill.dollars:.2f}", f"{bill.without_free:.2f}")


def row(what: str, much: str, paid: str, without_free: str) -> str:
    """In columns."""
    return f"{what:<42}{much:>22}{paid:>9}{without_free:>14}".rstrip()


def matters(line: Line, bill: Bill) -> bool:
    """What would be nothing without free amounts, too, is not told."""
    return line.without_free >= SMALL or line.what == bill.database


def amount(line: Line) -> str:
    """With its unit."""
    if line.amount == 1:
        return line.unit
    shown = f"{line.amount:,.0f}" if line.amount >= WHOLE_FROM else f"{line.amount:,.2f}"
    return f"{shown} {line.unit}"


def beside(report: Report) -> Iterator[str]:
    """What is left out, databases that were compared, and the gateway that is not needed."""
    for target, why in report.left_out.items():
        yield ""
        yield f"Not {target}: {why}."
    yield ""
    yield "Databases (functions need a pooler and backups; the worker comes each minute, so none ever sleeps)"
    for one in report.databases:
        yield f"  {one.title:<42}{one.dollars:>8.2f}  {one.why_not or 'fits'}"
    yield ""
    yield f"A NAT gateway would cost {report.nat_gateway:.2f} $ more. None is needed: there is no VPC."


def verdict(report: Report) -> Iterator[str]:
    """Which is cheapest, and from where on."""
    sums = {target: found["dollars"] for target, found in report.totals.items()}
    rest = [f"{target} {dollars:.2f} $" for target, dollars in sums.items() if target != report.cheapest]
    yield ""
    yield f"Cheapest for these numbers: {report.cheapest}, {sums[report.cheapest]:.2f} $ ({', '.join(rest)})."
    for name, found in report.turns.items():
        yield turn(name, found["messages_a_day"], found["online"])


def turn(name: str, messages: float | None, online: float | None) -> str:
    """From where on a small server is cheaper."""
    if messages == 0 and online == 0:
        return f"AWS {name} is dearer than a small server, however few write."
    return (
        f"AWS {name} is dearer than a small server {whence(messages, 'messages a day')}, "
        f"or {whence(online, 'devices online')}."
    )


def whence(value: float | None, what: str) -> str:
    """In words."""
    if value is None:
        return f"at no number of {what}"
    return f"at any number of {what}" if value == 0 else f"from {value:,.0f} {what}"


def honesty(report: Report) -> Iterator[str]:
    """What nobody has looked up."""
    if report.not_checked:
        yield ""
        yield f"Not checked since {report.prices_of}:"
        yield from (f"  {source}" for source in report.not_checked)
