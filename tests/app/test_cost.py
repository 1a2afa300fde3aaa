"""What `clubroom cost` adds up, compared with sums by hand."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from clubroom.app.__main__ import main
from clubroom.app.cost import Asked, operations, prices, report
from clubroom.app.cost.asked import HEARTBEAT_S
from clubroom.app.cost.bills import CLIENTS_NEEDED, metered
from clubroom.app.cost.figures import Call, Operations, Price
from clubroom.app.cost.text import for_machines, for_people
from clubroom.app.cost.usage import DAYS, MEMORY_MB, MINUTES, billed_ms, total, usage
from clubroom.app.settings import SettingError

TOP = Path(__file__).parents[2]
DEPLOYED = (TOP / "deploy/aws/serverless.yml").read_text()
PAGE = (TOP / "docs/host/cost.md").read_text()
ASKED = ["cost", "--people", "300", "--messages-a-day", "1000", "--online", "40"]
CLUB = Asked(people=300, messages_a_day=1000, online=40)
NOTHING = (0.0, 0.0)


def call(function: str, **counts: Any) -> Call:
    named = dict.fromkeys(Call.__struct_fields__[1:], NOTHING) | counts
    return Call(function=function, **named)


def simple() -> Operations:
    """A message is told to each and acknowledged; a ping is answered; nothing else sends anything."""
    kinds = {name: call("notification") for name in operations().calls}
    kinds["post"] = call("notification", posts=(2.0, 1.0), wakes=(1.0, 0.0), transactions=(2.0, 0.0))
    kinds["ping"] = call("notification", posts=(1.0, 0.0), cpu_ms=(1.0, 0.0))
    kinds["wake"] = call("worker", later_wakes=(1.0, 0.0))
    kinds["sweep"] = call("worker")
    return Operations(date="2026-01-01", people=2, calls=kinds)


# --- sums by hand -----------------------------------------------------------------------------------------


def test_a_small_club_comes_to_the_sum_by_hand() -> None:
    asked = Asked(people=10, messages_a_day=24, online=2, heartbeat_s=240, looking=0, typing=0)
    used = usage(asked, simple())
    messages = 24 * DAYS  # 730
    beats = 2 * MINUTES / 4  # 21,900
    visits = 2 * MINUTES / 60  # 1,460
    tokens = 2 * MINUTES / 10  # 8,760
    assert used.posts == pytest.approx(messages * 3 + beats)
    # hello and two rooms a visit, the message, that both got it, heartbeats, tokens
    assert used.frames == pytest.approx(visits * 3 + messages * 3 + beats + tokens)
    assert used.http_calls == pytest.approx(visits * 2 + tokens)
    assert used.connection_minutes == pytest.approx(87_600)
    assert used.calls["worker"] == pytest.approx(MINUTES + 2 * messages)
    assert used.queue_requests == pytest.approx(3 * 2 * messages + 15 * MINUTES)
    seconds = messages * (2 * 5 + 3 / 50 * 20) / 1000 + beats * (1769 / 512 + 1 / 50 * 20) / 1000
    assert used.gb_seconds == pytest.approx(seconds / 2)


def test_what_is_free_is_taken_off_and_told_beside_it() -> None:
    price = Price(price=0.20, unit=1_000_000, free=1_000_000, source="a page", checked=True)
    line = metered("calls", 3_500_000, "calls", price)
    assert line.dollars == pytest.approx(0.50)
    assert line.without_free == pytest.approx(0.70)
    assert metered("calls", 900_000, "calls", price).dollars == 0


def test_the_sum_is_the_sum_of_its_lines_and_the_database_is_one_of_them() -> None:
    for bill in report(CLUB, operations(), prices()).bills:
        assert bill.dollars == pytest.approx(sum(line.dollars for line in bill.lines))
        assert bill.dollars <= bill.without_free
        if bill.database is not None:
            [base] = [line for line in bill.lines if line.what == bill.database]
            assert bill.beside_the_database == pytest.approx(bill.dollars - base.dollars)


def test_a_database_that_would_sleep_is_paid_for_each_hour_of_the_month() -> None:
    found = {one.name: one for one in report(CLUB, operations(), prices()).databases}
    assert found["neon-launch"].dollars >= 0.25 * 730 * 0.106
    assert found["neon-free"].why_not == "its free hours end after 17 days, for it never sleeps"
    assert found["rds-micro"].why_not == "it has no pooler"
    assert found["supabase-free"].why_not == "it keeps no backups"


def test_a_gateway_that_nobody_needs_is_named_with_its_price() -> None:
    found = report(CLUB, operations(), prices())
    assert found.nat_gateway == pytest.approx(730 * 0.045 + found.usage.out_gb * 0.045)
    assert f"A NAT gateway would cost {found.nat_gateway:.2f} $ more" in for_people(found)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("messages_a_day", (0, 10, 1_000, 5_000)),
        ("online", (0, 1, 40, 300)),
        ("looking", (0, 0.5, 1)),
        ("typing", (0, 1, 5)),
        ("images_a_day", (0, 20, 80)),
        ("heartbeat_s", (480, 240, 50)),
        ("visit_minutes", (600, 60, 5)),
    ],
)
def test_more_of_anything_never_costs_less(name: str, values: tuple[float, ...]) -> None:
    bills = [report(structs.replace(CLUB, **{name: value}), operations(), prices()).bills for value in values]
    for target in range(3):
        sums = [found[target].without_free for found in bills]
        assert sums == sorted(sums)
    assert bills[0][0].without_free < bills[-1][0].without_free


def test_from_where_on_a_server_is_cheaper_is_where_the_sums_meet() -> None:
    found = report(CLUB, operations(), prices())
    server = found.totals["one small server"]["dollars"]
    turning = found.turns["beside the database"]
    for name, value in turning.items():
        assert value is not None
        there = report(structs.replace(CLUB, **{name: value}), operations(), prices())
        assert there.totals["AWS functions"]["beside_the_database"] == pytest.approx(server, abs=0.01)


def test_a_call_lasts_as_its_share_of_a_core_and_its_waits_make_it() -> None:
    one = call("notification", cpu_ms=(10.0, 1.0), transactions=(3.0, 0.0), posts=(0.0, 1.0))
    assert billed_ms(one, 50) == pytest.approx(60 * 1769 / 512 + 15 + 20)


# --- what is said -----------------------------------------------------------------------------------------


def test_people_and_machines_are_told_the_same() -> None:
    found = report(CLUB, operations(), prices())
    told, text = json.loads(for_machines(found)), for_people(found)
    for bill in told["bills"]:
        for line in bill["lines"]:
            if line["without_free"] >= 0.005:
                assert re.search(rf"{re.escape(line['what'])}.* {line['dollars']:.2f} ", text), line
    for target, sums in told["totals"].items():
        assert target in text
        assert f"{sums['dollars']:.2f}" in text
    assert f"Cheapest for these numbers: {told['cheapest']}" in text
    assert msgspec.convert(told["asked"], Asked) == CLUB


def test_of_when_the_prices_and_the_count_are_is_said() -> None:
    text = for_people(report(CLUB, operations(), prices()))
    assert f"Prices of {prices().date}" in text
    assert f"counted on {operations().date}" in text


def test_each_price_that_was_not_looked_up_is_named() -> None:
    text = for_people(report(CLUB, operations(), prices()))
    _, _, after = text.partition(f"Not checked since {prices().date}:\n")
    assert [line.strip() for line in after.splitlines()] == prices().unchecked()
    assert all(price.source for price in prices().of.values())
    assert all(base.source for base in prices().databases)


def test_the_command_says_it_as_a_table_or_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ASKED) == 0
    assert capsys.readouterr().out.strip() == for_people(report(CLUB, operations(), prices()))
    assert main([*ASKED, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cheapest"] in ("AWS functions", "Heroku", "one small server")


@dataclass
class Wrong:
    more: list[str]
    why: str


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(["--online", "301"], "--online 301 is more than there are people (300)."),
        Wrong(["--messages-a-day", "-1"], "--messages-a-day is a number from 0 to 10,000,000, not -1.0."),
        Wrong(
            ["--messages-a-day", "1e300"], "--messages-a-day is a number from 0 to 10,000,000, not 1e+300."
        ),
        Wrong(["--messages-a-day", "nan"], "--messages-a-day is a number from 0 to 10,000,000, not nan."),
        Wrong(["--people", "0"], "--people is a number from 1 to 1,000,000, not 0."),
        Wrong(["--heartbeat-s", "1"], "--heartbeat-s is a number from 10 to 480, not 1.0."),
        Wrong(["--looking", "2"], "--looking is a number from 0 to 1, not 2.0."),
        Wrong(["--database", "nobodys"], "--database is one of "),
    ],
    ids=lambda wrong: " ".join(wrong.more),
)
def test_what_cannot_be_is_refused_in_one_line(wrong: Wrong, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, *wrong.more]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"clubroom: {wrong.why}")
    assert said.err.count("\n") == 1


def test_a_place_that_cannot_hold_a_club_is_left_out_with_the_reason() -> None:
    found = report(Asked(people=20_000, messages_a_day=100_000, online=100), operations(), prices())
    assert found.cheapest == "AWS functions"
    assert found.left_out == {
        "Heroku": "no plan that is known here holds 55 GB",
        "one small server": "its disk has room for 30 GB",
    }
    assert "Not Heroku: no plan that is known here holds 55 GB." in for_people(found)


def test_no_place_at_all_is_refused() -> None:
    with pytest.raises(SettingError, match="No place"):
        report(Asked(people=30_000, messages_a_day=10_000_000, online=100), operations(), prices())


# --- what it believes -------------------------------------------------------------------------------------


def test_it_believes_what_is_deployed() -> None:
    beat = re.search(r'CLUBROOM_HEARTBEAT_MS: .*?"(\d+)"', DEPLOYED)
    assert beat is not None
    assert int(beat[1]) == HEARTBEAT_S * 1000
    whole = int(re.search(r"^  memorySize: (\d+)", DEPLOYED, re.MULTILINE)[1])  # type: ignore[index]
    _, _, functions = DEPLOYED.partition("\nfunctions:\n")
    parts = re.split(r"^  (\w+):\n", functions, flags=re.MULTILINE)[1:]
    for name, told in zip(parts[::2], parts[1::2], strict=True):
        own = re.search(r"^    memorySize: (\d+)", told, re.MULTILINE)
        assert MEMORY_MB[name] == (int(own[1]) if own else whole), name


def test_the_pooler_is_large_enough_for_all_functions_at_once() -> None:
    at_once = [int(n) for n in re.findall(r"^    \w+_at_once: (\d+)", DEPLOYED, re.MULTILINE)]
    assert 2 * sum(at_once) == CLIENTS_NEEDED


def test_it_agrees_with_forty_who_talked_where_osls_had_deployed_it() -> None:
    """Another count, of another rig: tests/peers/aws/test_operations.py."""
    seen = json.loads((TOP / "tests/fixtures/aws-operations.json").read_text())
    online, messages, calls = seen["online"], seen["messages"], operations().calls
    talking, beats = seen["talking"], seen["heartbeats"]
    assert total(calls["post"].posts, online - 1) * messages == pytest.approx(talking["frame out"], rel=0.1)
    often = usage(Asked(people=online, messages_a_day=messages, online=online), operations()).happens
    assert often["got"] / DAYS == pytest.approx(talking["frame in got"], rel=0.1)
    assert online * (1 + total(calls["ping"].posts, online - 1)) == pytest.approx(
        beats["frame in"] + beats["frame out"], rel=0.1
    )
    arrived = sum(total(calls["hello"].posts, others) for others in range(online))
    assert arrived == pytest.approx(seen["arriving"]["frame out"], rel=0.1)


def test_the_page_shows_what_the_command_says() -> None:
    shown = re.search(r"```\n\$ clubroom ([^\n]*)\n\n(.*?)\n```", PAGE, re.DOTALL)
    assert shown is not None
    assert shown[1].split() == ASKED
    assert shown[2] == for_people(report(CLUB, operations(), prices()))
