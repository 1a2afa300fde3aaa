"""Abuse 25: what a client says of its own address is believed only if our proxy or our edge wrote it."""

import logging

import msgspec
import pytest

from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.ports.gateway.behind import EDGE_ADDRESS, EDGE_SECRET, FORWARDED, Trust
from house.server import House, running

WRONG = {"code": "0000-0000-0000"}
SECRET = "what only the edge knows"
PEER, CLIENT = "198.51.100.1", "203.0.113.5"


async def guess(house: House, times: int, headers: dict[str, str]) -> int:
    """Guesses codes from an address that the client claims; the last status."""
    async with house.http() as http:
        for _ in range(times):
            answer = await http.post("/api/clubs/preview", json=WRONG, headers=headers)
        return answer.status_code


async def test_addresses_told_by_our_proxy_are_counted_apart(database: Database, settings: Settings) -> None:
    behind = msgspec.structs.replace(settings, proxies=frozenset({"127.0.0.0/8"}))
    async with running(database, behind) as house:
        assert await guess(house, 21, {FORWARDED: "203.0.113.5"}) == 429
        assert await guess(house, 1, {FORWARDED: "203.0.113.6"}) == 404


async def test_addresses_told_by_the_edge_are_counted_apart_and_nobody_else_can_tell_any(
    database: Database, settings: Settings
) -> None:
    behind = msgspec.structs.replace(settings, edge_secret=SECRET)
    async with running(database, behind) as house:
        assert await guess(house, 21, {EDGE_SECRET: SECRET, EDGE_ADDRESS: "203.0.113.15"}) == 429
        assert await guess(house, 1, {EDGE_SECRET: SECRET, EDGE_ADDRESS: "203.0.113.16"}) == 404
        for last in range(21):
            status = await guess(house, 1, {EDGE_SECRET: SECRET[:-1], EDGE_ADDRESS: f"203.0.113.{last}"})
        assert status == 429


def seen(trust: Trust, peer: str, **headers: list[str]) -> str:
    named = {name.replace("_", "-"): values for name, values in headers.items()}
    return trust.address(peer, lambda name: named.get(name, []))


def test_a_forged_address_behind_a_proxy_is_passed_over() -> None:
    trust = Trust({"10.0.0.1"})
    assert seen(trust, "10.0.0.1", x_forwarded_for=["1.1.1.1, 203.0.113.5"]) == "203.0.113.5"
    assert seen(trust, "198.51.100.1", x_forwarded_for=["203.0.113.5"]) == "198.51.100.1"
    assert seen(trust, "10.0.0.1", x_forwarded_for=["nonsense"]) == "10.0.0.1"


@pytest.mark.parametrize("peer", ["10.0.0.1", "10.255.3.4", "::ffff:10.1.2.3", "2001:db8:1::7", "192.0.2.9"])
def test_a_proxy_somewhere_in_a_network_is_believed(peer: str) -> None:
    trust = Trust({"10.0.0.0/8", "2001:db8:1::/48", "192.0.2.9/32"})
    assert seen(trust, peer, x_forwarded_for=[f"1.1.1.1, {CLIENT}"]) == CLIENT


@pytest.mark.parametrize("peer", ["11.0.0.1", "2001:db8:2::7", "192.0.2.10", ""])
def test_whoever_is_beside_the_network_is_not_believed(peer: str) -> None:
    trust = Trust({"10.0.0.0/8", "2001:db8:1::/48", "192.0.2.9/32"})
    assert seen(trust, peer, x_forwarded_for=[CLIENT]) == peer


@pytest.mark.parametrize(
    ("trust", "secrets", "addresses", "address"),
    [
        (Trust((), SECRET), [SECRET], [CLIENT], CLIENT),
        (Trust((), SECRET), [SECRET], ["2001:DB8::1"], "2001:db8::1"),
        (Trust((), SECRET), [SECRET], ["nonsense"], PEER),
        (Trust((), SECRET), [SECRET], [], PEER),
        (Trust((), SECRET), [SECRET], [CLIENT, "203.0.113.6"], PEER),
        (Trust((), SECRET), [SECRET, SECRET], [CLIENT], PEER),
        (Trust((), SECRET), ["", SECRET], [CLIENT], PEER),
        (Trust((), SECRET), [SECRET + "!"], [CLIENT], PEER),
        (Trust((), SECRET), [SECRET.upper()], [CLIENT], PEER),
        (Trust((), SECRET), ["\xe9"], [CLIENT], PEER),
        (Trust((), SECRET), [""], [CLIENT], PEER),
        (Trust((), SECRET), [], [CLIENT], PEER),
        (Trust((), None), [SECRET], [CLIENT], PEER),
        (Trust((), ""), [""], [CLIENT], PEER),
    ],
)
def test_the_edge_is_known_by_its_secret_and_by_nothing_else(
    trust: Trust, secrets: list[str], addresses: list[str], address: str
) -> None:
    found = seen(trust, PEER, clubroom_edge_secret=secrets, clubroom_edge_address=addresses)
    assert found == address


def test_where_the_edge_has_told_no_proxy_on_the_way_is_asked() -> None:
    """A platform's router stands between the edge and the server, and names the edge."""
    trust = Trust({"10.0.0.0/8"}, SECRET)
    between = {"x_forwarded_for": [f"1.1.1.1, {PEER}"]}
    told = seen(trust, "10.1.1.1", clubroom_edge_secret=[SECRET], clubroom_edge_address=[CLIENT], **between)
    assert told == CLIENT
    assert seen(trust, "10.1.1.1", **between) == PEER


def test_a_wrong_secret_is_said_once_and_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    trust = Trust((), SECRET)
    with caplog.at_level(logging.WARNING):
        for guessed in ("guess one", "guess two"):
            seen(trust, PEER, clubroom_edge_secret=[guessed], clubroom_edge_address=[CLIENT])
    [line] = caplog.messages
    assert "CLUBROOM_EDGE_SECRET" in line
    assert "guess" not in line
