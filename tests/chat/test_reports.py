"""Members show those who run the club what should not be: abuse of it is bounded, and nobody is told on."""

from typing import Any

import asyncpg
import pytest

from clubroom import wire
from clubroom.dba import safety
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.errors import Full
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7


async def report(who: Person, message: Any, reason: str = "This hurts", **said: Any) -> None:
    await who.ok("POST", f"/api/messages/{message}/reports", {"reason": reason} | said)


async def reports(who: Person, club: int) -> list[Json]:
    found: list[Json] = (await who.ok("GET", f"/api/groups/{club}/reports"))["reports"]
    return found


async def admins_log(who: Person, club: int) -> list[Json]:
    me = await who.me()
    admins = next(
        each["group"] for each in me["groups"] if each["kind"] == "admins" and each["parent"] == club
    )
    return await who.actions(admins)


async def admin(house: House, owner: Person, club: int, name: str) -> Person:
    new = {"key": str(uuid7()), "role": "admin"}
    made = await owner.ok("POST", f"/api/groups/{club}/codes", new)
    person = await house.person(name, with_email=True)
    await person.join(made["code"])
    return person


async def test_a_member_reports_a_message_and_the_admins_see_what_it_said(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    name = uuid7()
    await ben.post(club, "something mean", name)
    device = await ann.device()
    await report(cleo, name, " He means me ")
    admins = (await admins_log(ann, club))[-1]
    assert admins["type"] == "reported"
    await device.until(lambda: any(each["type"] == "reported" for log in device.log.values() for each in log))
    [one] = await reports(ann, club)
    assert (one["name"], one["by_name"], one["reason"]) == ("Ben", "Cleo", "He means me")
    assert (one["text"], one["group"], one["deleted"], one["member"]) == ("something mean", club, False, True)
    # it keeps what was said until it is closed, whatever its author does
    await ben.ok("DELETE", f"/api/messages/{name}")
    [one] = await reports(ann, club)
    assert (one["text"], one["deleted"]) == ("something mean", True)
    await ann.ok("DELETE", f"/api/groups/{club}/reports/{one['report']}")
    assert await reports(ann, club) == []
    assert (await admins_log(ann, club))[-1] | {"at": "", "seq": 0} == {
        "seq": 0,
        "at": "",
        "type": "report_closed",
        "report": one["report"],
    }


async def test_nothing_of_a_report_stands_in_a_log_or_anywhere_once_it_is_closed(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    name = uuid7()
    await ben.post(club, "the very words", name)
    await report(cleo, name, "the very reason")
    await ben.ok("DELETE", f"/api/messages/{name}")
    for who in (ann, ben, cleo):
        for group in await who.groups():
            log = str(await who.actions(group))
            assert "very words" not in log
            assert "very reason" not in log
    [one] = await reports(ann, club)
    await ann.ok("DELETE", f"/api/groups/{club}/reports/{one['report']}")
    owner = await asyncpg.connect(postgres.owner_dsn, server_settings={"role": "clubroom_writer"})
    try:
        kept = await owner.fetchval("select count(*) from clubroom.reports where group_id = $1", club)
        record = await owner.fetch("select what, details::text from clubroom.audit where group_id = $1", club)
    finally:
        await owner.close()
    assert kept == 0
    assert [(row["what"], row["details"]) for row in record] == [("report_closed", "{}")]


async def test_whom_a_report_is_about_never_sees_it_not_even_as_an_admin(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    dan = await admin(house, ann, club, "Dan")
    name = uuid7()
    await dan.post(club, "I decide here", name)
    await report(cleo, name)
    assert await reports(dan, club) == []
    [one] = await reports(ann, club)
    assert await dan.refused("DELETE", f"/api/groups/{club}/reports/{one['report']}") == (404, "not_found")
    assert "Cleo" not in str((await admins_log(dan, club))[-1])


async def test_the_record_tells_nobody_that_they_were_reported(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    dora = await admin(house, ann, club, "Dora")
    await ben.ok("POST", f"/api/groups/{club}/reports", {"user": dora.user, "reason": "She is unfair"})
    [one] = await reports(ann, club)
    await ann.ok("DELETE", f"/api/groups/{club}/reports/{one['report']}")
    record = f"/api/groups/{club}/audit"
    for who, knows in ((ann, True), (dora, False)):
        entries = (await who.ok("GET", record))["entries"]
        assert ("report_closed" in [each["what"] for each in entries]) is knows
        assert ("report_closed" in (await who.call("GET", f"{record}.csv")).text) is knows


async def test_members_and_outsiders_see_and_close_no_reports(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await cleo.ok("POST", f"/api/groups/{club}/reports", {"user": ben.user, "reason": "pushes"})
    [one] = await reports(ann, club)
    eve = await house.person("Eve")
    for who, told in ((cleo, (403, "forbidden")), (eve, (404, "not_found"))):
        assert await who.refused("GET", f"/api/groups/{club}/reports") == told
        assert await who.refused("DELETE", f"/api/groups/{club}/reports/{one['report']}") == told
    other, [fay] = await house.club("Fay")
    assert await fay.refused("DELETE", f"/api/groups/{other}/reports/{one['report']}") == (404, "not_found")


async def test_a_person_is_reported_to_the_club_that_both_are_in(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    body = {"user": ben.user, "reason": "waits at the door"}
    for _ in range(2):
        await cleo.ok("POST", f"/api/groups/{club}/reports", body)
    [one] = await reports(ann, club)
    assert (one["name"], one["reason"]) == ("Ben", "waits at the door")
    assert one["message"] is one["text"] is None
    eve = await house.person("Eve")
    path = f"/api/groups/{club}/reports"
    assert await eve.refused("POST", path, body) == (404, "not_found")
    assert await cleo.refused("POST", path, {"user": eve.user, "reason": "x"}) == (404, "not_found")
    assert await cleo.refused("POST", path, {"user": cleo.user, "reason": "x"}) == (403, "forbidden")


async def test_what_was_said_in_a_conversation_goes_to_a_club_that_both_are_in(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    elsewhere, [dan] = await house.club("Dan")
    await cleo.join((await dan.ok("GET", f"/api/groups/{elsewhere}/code"))["code"])
    talk = await ben.dm(cleo)
    name = uuid7()
    await ben.post(talk, "between us", name)
    path = f"/api/messages/{name}/reports"
    assert await cleo.refused("POST", path, {"reason": "x"}) == (400, "invalid_field")
    assert await cleo.refused("POST", path, {"reason": "x", "club": elsewhere}) == (404, "not_found")
    assert await ann.refused("POST", path, {"reason": "x", "club": club}) == (404, "not_found")
    await report(cleo, name, club=club)
    [one] = await reports(ann, club)
    assert (one["text"], one["group"]) == ("between us", None)


async def test_a_private_room_is_not_named_to_admins_who_are_not_in_it(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    secret = await ben.channel(club, "Ours", private=True)
    await ben.ok("POST", f"/api/groups/{secret}/members", {"users": [cleo.user]})
    name = uuid7()
    await ben.post(secret, "in here", name)
    await report(cleo, name)
    [one] = await reports(ann, club)
    assert (one["text"], one["group"]) == ("in here", None)
    assert "Ours" not in str(one)


async def test_only_what_one_may_read_and_what_stands_is_reported(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    mine, gone = uuid7(), uuid7()
    await ben.post(club, "mine", mine)
    await ann.post(club, "gone", gone)
    await ann.ok("DELETE", f"/api/messages/{gone}")
    eve = await house.person("Eve")
    assert await ben.refused("POST", f"/api/messages/{mine}/reports", {"reason": "x"}) == (403, "forbidden")
    for who, name in ((ben, gone), (eve, mine), (ben, uuid7())):
        path = f"/api/messages/{name}/reports"
        assert await who.refused("POST", path, {"reason": "x"}) == (404, "not_found")
    path = f"/api/messages/{mine}/reports"
    assert await ann.refused("POST", path, {"reason": " "}) == (400, "invalid_text")
    assert await ann.refused("POST", path, {"reason": "x" * 501}) == (400, "text_too_long")
    assert await ann.refused("POST", path, {"reason": "x", "club": club + 10_000}) == (404, "not_found")


async def test_a_report_says_the_newest_words_and_comes_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    name = uuid7()
    await ben.post(club, "first words", name)
    await ben.ok("PATCH", f"/api/messages/{name}", {"text": "second words"})
    for _ in range(3):
        await report(ann, name)
    [one] = await reports(ann, club)
    assert one["text"] == "second words"
    assert [each["type"] for each in await admins_log(ann, club)].count("reported") == 1


@pytest.mark.parametrize("limit", [{"own_max": 1}, {"club_max": 1}])
async def test_so_many_reports_are_open_of_one_person_and_of_one_club(
    house: House, limit: dict[str, int]
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await cleo.ok("POST", f"/api/groups/{club}/reports", {"user": ben.user, "reason": "x"})
    key = house.process.tokens.verify(cleo.token).key
    with pytest.raises(Full):
        await safety.report_person(house.process.db, key, club, ann.user, "x", **limit)
    assert wire.REPORTS_A_PERSON_MAX == 20
    [one] = await reports(ann, club)
    await ann.ok("DELETE", f"/api/groups/{club}/reports/{one['report']}")
    await safety.report_person(house.process.db, key, club, ann.user, "x", **limit)
