"""Abuse 25: what a client says of its own address is believed only if a proxy of ours wrote it."""

import msgspec

from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.ports.gateway.admission import seen_through
from house.server import House, running

WRONG = {"code": "0000-0000-0000"}


async def guess(house: House, times: int, forwarded: str) -> int:
    """Guesses codes from an address that the client claims; the last status."""
    async with house.http() as http:
        for _ in range(times):
            answer = await http.post("/api/clubs/preview", json=WRONG, headers={"x-forwarded-for": forwarded})
        return answer.status_code


async def test_addresses_told_by_our_proxy_are_counted_apart(database: Database, settings: Settings) -> None:
    behind = msgspec.structs.replace(settings, proxies=frozenset({"127.0.0.1"}))
    async with running(database, behind) as house:
        assert await guess(house, 21, "203.0.113.5") == 429
        assert await guess(house, 1, "203.0.113.6") == 404


def test_a_forged_address_behind_a_proxy_is_passed_over() -> None:
    trusted = frozenset({"10.0.0.1"})
    assert seen_through(trusted, "10.0.0.1", ["1.1.1.1, 203.0.113.5"]) == "203.0.113.5"
    assert seen_through(trusted, "198.51.100.1", ["203.0.113.5"]) == "198.51.100.1"
    assert seen_through(trusted, "10.0.0.1", ["nonsense"]) == "10.0.0.1"
