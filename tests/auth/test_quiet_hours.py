"""The hours at which somebody is told nothing: how they are kept, told and refused."""

import asyncpg

from house.person import Json, Person
from house.server import House

NIGHT: Json = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "to": "07:00"}
INVALID = (400, "invalid_field")


async def keep(person: Person, *spans: Json, zone: str | None = None) -> None:
    await person.ok("PUT", "/api/me/quiet", {"spans": spans, "time_zone": zone})


async def test_quiet_hours_are_told_to_ones_own_devices_alone_and_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    before = len(await ann.actions(club))
    notes = next(one["group"] for one in (await ben.me())["groups"] if one["kind"] == "self")
    other = await ben.device()
    assert (await ben.me())["quiet"] is None
    for days in ([6, 5], [5, 6]):
        await keep(ben, NIGHT | {"days": days}, zone="Europe/Berlin")
    kept = {"spans": [NIGHT | {"days": [5, 6]}], "time_zone": "Europe/Berlin"}
    assert (await ben.me())["quiet"] == kept
    await other.until(lambda: any(x["type"] == "quiet_hours_changed" for x in other.actions(notes)))
    for _ in range(2):
        await keep(ben)
    assert (await ben.me())["quiet"] is None
    said = [each for each in await ben.actions(notes) if each["type"] == "quiet_hours_changed"]
    assert [each["spans"] for each in said] == [kept["spans"], []]
    assert [each.get("time_zone") for each in said] == ["Europe/Berlin", None]
    assert len(await ann.actions(club)) == before


async def test_they_are_kept_in_ones_own_time_zone_else_in_the_one_that_is_said(house: House) -> None:
    ann = await house.person("Ann")
    assert await ann.refused("PUT", "/api/me/quiet", {"spans": [NIGHT]}) == INVALID
    await keep(ann, NIGHT, zone="Asia/Kolkata")
    assert (await ann.me())["quiet"]["time_zone"] == "Asia/Kolkata"
    assert (await ann.me())["time_zone"] is None
    await ann.ok("PATCH", "/api/me", {"time_zone": "Europe/Berlin"})
    assert (await ann.me())["quiet"]["time_zone"] == "Europe/Berlin"
    await keep(ann, NIGHT | {"to": "08:00"}, zone="Asia/Kolkata")
    assert (await ann.me())["quiet"]["time_zone"] == "Europe/Berlin"
    await ann.ok("PATCH", "/api/me", {"time_zone": ""})  # as the browser says, again
    await keep(ann, NIGHT)
    assert (await ann.me())["quiet"] == {"spans": [NIGHT], "time_zone": "Europe/Berlin"}


async def test_they_are_forgotten_with_the_account(house: House, writer: asyncpg.Connection) -> None:
    ann = await house.person("Ann")
    key = house.process.tokens.verify(ann.token).key
    await keep(ann, NIGHT, zone="Europe/Berlin")
    left = await ann.http.post("/api/me/deletion", json={"name": "Ann"}, headers=ann.headers)
    assert left.status_code == 204
    assert await writer.fetchval("select count(*) from quiet_hours where user_id = $1", key) == 0


WRONG: list[Json] = [
    *({"spans": [NIGHT | {"days": days}]} for days in ([], [7], [-1], [1, 1], [0.5], "0", None)),
    *({"spans": [NIGHT | {"from": time}]} for time in ("24:00", "7:00", "07:60", "07:00 ", "٠٧:00", 7)),
    {"spans": [NIGHT | {"to": "noon"}]},
    {"spans": [{"days": [0], "from": "22:00"}]},
    {"spans": [NIGHT] * 15},
    {"spans": [NIGHT], "time_zone": "Europe/Nowhere"},
    {"spans": [NIGHT], "time_zone": "../../etc/passwd"},
    {"spans": None},
    {},
]


async def test_hours_that_cannot_be_are_refused(house: House) -> None:
    ann = await house.person("Ann")
    for wrong in WRONG:
        said = {"time_zone": "Europe/Berlin"} | wrong
        assert await ann.refused("PUT", "/api/me/quiet", said) == INVALID, wrong
    unknown = {"spans": [NIGHT | {"only": "calls"}], "time_zone": "Europe/Berlin"}
    assert await ann.refused("PUT", "/api/me/quiet", unknown) == (400, "unknown_field")
    assert (await ann.me())["quiet"] is None
