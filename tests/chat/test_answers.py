"""Who comes: places, the waiting list, and who is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from clubroom.dba import events
from clubroom.dba.pool import Database
from house.events import CONCERT, made, planned, says, standings
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

CLOSED = (409, "answers_closed")
FULL = (409, "full")
LATER = datetime(2036, 11, 1, tzinfo=UTC)


async def refused(person: Person, event: str, answer: str, **more: Any) -> tuple[int, str]:
    return await person.refused(
        "PUT", f"/api/events/{event}/answer", {"key": "once", "answer": answer} | more
    )


async def lapsed(database: Database, moment: datetime) -> None:
    while await events.lapse(database, moment=moment):
        pass


async def label(owner: Person, club: int, name: str, *carriers: Person) -> str:
    """One more label of the club, and who carries it."""
    key = str(uuid7())
    await owner.ok("PUT", f"/api/groups/{club}/labels/{key}", {"name": name})
    if carriers:
        add = {"add": [person.user for person in carriers]}
        await owner.ok("POST", f"/api/groups/{club}/labels/{key}/members", add)
    return key


async def test_a_place_that_comes_free_is_offered_to_who_waited_longest_and_held_for_them(
    house: House,
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club, places=1)
    assert [await says(person, event, "going") for person in (ann, ben, cleo)] == ["in", "waiting", "waiting"]
    mine = (await cleo.entry(group))["event"]["mine"]
    assert mine[0]["ahead"] == 1
    assert await says(ann, event, "no") == "out"
    assert await standings(ann, event) == {ann.user: "out", ben.user: "offered", cleo.user: "waiting"}
    assert await says(ann, event, "going") == "waiting"
    assert await says(ben, event, "no") == "out"
    assert (await standings(ann, event))[cleo.user] == "offered"
    assert await says(cleo, event, "going") == "in"
    counts = (await ann.entry(group))["event"]["occurrences"][0]["counts"]
    numbers = {"going": 1, "maybe": 0, "no": 1, "waiting": 1, "taken": 1, "labels": {}}
    assert counts == numbers | {"faces": [cleo.user]}


async def test_an_offer_that_nobody_takes_goes_to_the_next_and_only_once(
    house: House, database: Database
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club, places=1)
    for person in (ann, ben, cleo):
        await says(person, event, "going")
    await says(ann, event, "no")
    await lapsed(database, datetime.now(UTC) + timedelta(hours=23))
    assert (await standings(ann, event))[ben.user] == "offered"
    later = datetime.now(UTC) + timedelta(hours=25)
    await asyncio.gather(*(lapsed(database, later) for _ in range(4)))  # several servers do the same
    assert await standings(ann, event) == {ann.user: "out", ben.user: "out", cleo.user: "offered"}
    told = [(a["user"], a["standing"]) for a in await ann.actions(group) if a["type"] == "event_answered"]
    assert told.count((ben.user, "out")) == told.count((cleo.user, "offered")) == 1
    assert await says(ben, event, "going") == "waiting"


async def test_an_offer_of_what_is_cancelled_or_deleted_lapses_nowhere(
    house: House, database: Database
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    cancelled, deleted = [await made(ann, club, places=1) for _ in range(2)]
    for event, _ in (cancelled, deleted):
        for person, answer in ((ann, "going"), (ben, "going"), (ann, "no")):
            await says(person, event, answer)
    await ann.ok("DELETE", f"/api/events/{cancelled[0]}")
    before = await ann.actions(cancelled[1])
    other, [cara] = await house.club("Cara")
    await made(cara, other)
    await ann.ok("DELETE", f"/api/groups/{club}", {"name": "Chess club"})
    await lapsed(database, LATER)
    assert before[-1]["type"] == "event_cancelled"


async def test_whoever_brings_others_takes_their_places_too(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, _ = await made(ann, club, places=4, guests=2)
    assert await says(ann, event, "going", guests=1) == "in"
    assert await refused(ben, event, "going", guests=3) == (400, "invalid_field")
    assert await says(ben, event, "going", guests=2) == "waiting"
    assert await says(cleo, event, "going") == "waiting"  # two places are kept for who came before
    assert await refused(ann, event, "going", guests=2) == FULL  # and for these, too
    assert await says(ben, event, "going", guests=1) == "in"
    assert await says(ann, event, "going", guests=0) == "in"
    assert (await standings(ann, event))[cleo.user] == "offered"


async def test_places_by_label_are_for_who_carries_it(house: House) -> None:
    club, [ann, ben, cleo, dora, eve] = await house.club("Ann", "Ben", "Cleo", "Dora", "Eve")
    soprano = await label(ann, club, "Soprano", ben, cleo, dora)
    tenor = await label(ann, club, "Tenor", dora)
    places = [{"label": soprano, "places": 1}, {"label": tenor, "places": 1}]
    event, group = await made(ann, club, label_places=places)
    assert await refused(eve, event, "going") == (403, "not_asked")
    assert await says(eve, event, "no") == "out"
    assert await says(ben, event, "going") == "in"
    assert await says(cleo, event, "going") == "waiting"
    assert await says(dora, event, "going") == "in"  # as a tenor, for there is a place
    counts = (await ann.entry(group))["event"]["occurrences"][0]["counts"]
    assert counts["labels"] == {soprano: 1, tenor: 1}
    await ann.ok("DELETE", f"/api/groups/{club}/labels/{soprano}")
    assert await says(ben, event, "going", note="still here") == "in"  # whoever has a place keeps it
    assert await says(ben, event, "no") == "out"
    assert (await standings(ann, event))[cleo.user] == "offered"


async def test_whoever_carries_two_labels_gets_what_comes_free_first_in_the_order_of_all(
    house: House,
) -> None:
    club, [ann, ben, cleo, dora, eve] = await house.club("Ann", "Ben", "Cleo", "Dora", "Eve")
    soprano = await label(ann, club, "Soprano", ben, dora)
    tenor = await label(ann, club, "Tenor", cleo, dora, eve)
    places = [{"label": soprano, "places": 1}, {"label": tenor, "places": 1}]
    event, _ = await made(ann, club, label_places=places)
    for person in (ben, cleo, dora, eve):
        await says(person, event, "going")
    await says(cleo, event, "no")
    shown = await standings(ann, event)
    assert (shown[dora.user], shown[eve.user]) == ("offered", "waiting")


async def test_places_by_other_labels_bring_everybody_into_their_line_or_are_refused(house: House) -> None:
    club, [ann, ben, cleo, dora] = await house.club("Ann", "Ben", "Cleo", "Dora")
    tenor = await label(ann, club, "Tenor", ben, dora)
    bass = await label(ann, club, "Bass", cleo)
    event, group = await made(ann, club, places=2)
    for person in (ben, cleo, dora):
        await says(person, event, "going")
    plan, new = f"/api/events/{event}/plan", CONCERT | {"group": club}
    of_tenors = [{"label": tenor, "places": 2}]
    assert await ann.refused("PUT", plan, new | {"label_places": of_tenors}) == (409, "places_taken")
    await planned(ann, club, event, label_places=[*of_tenors, {"label": bass, "places": 1}])
    assert (await standings(ann, event))[dora.user] == "offered"
    assert await says(dora, event, "going") == "in"
    await planned(ann, club, event, places=3)
    assert (await ann.entry(group))["event"]["occurrences"][0]["counts"]["labels"] == {}


async def test_the_same_answer_again_writes_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, places=1)
    for person in (ann, ben):
        for _ in range(2):
            await says(person, event, "going", note="by bike")
    assert len([a for a in await ann.actions(group) if a["type"] == "event_answered"]) == 2


async def test_whoever_runs_it_answers_for_a_member_and_it_is_shown_who_did(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club, places=1, start=None, end=None)
    assert await refused(ben, event, "going", user=cleo.user) == (403, "forbidden")
    assert await refused(ben, event, "going", over=True) == (403, "forbidden")
    assert await says(ann, event, "going", user=cleo.user) == "in"
    [answer] = (await ben.ok("GET", f"/api/events/{event}/answers?key=once"))["answers"]
    assert (answer["user"], answer["by"]) == (cleo.user, ann.user)
    assert (await ben.actions(group))[-1]["by"] == ann.user
    assert group in await cleo.groups()


async def test_past_the_deadline_and_the_waiting_list_only_who_runs_it_answers_and_it_is_recorded(
    house: House,
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    start = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    soon = {"zone": "UTC", "start": start, "end": None}
    event, _ = await made(ann, club, places=1, closes_min=120, **soon)
    for answer in ("going", "no"):
        assert await refused(ben, event, answer) == CLOSED
        assert await refused(ann, event, answer, user=ben.user) == CLOSED
    assert await says(ann, event, "going", user=ben.user, over=True) == "in"
    assert await refused(ann, event, "going", user=cleo.user, over=True) == FULL
    [entry, *_] = (await ann.ok("GET", f"/api/groups/{club}/audit"))["entries"]
    assert (entry["what"], entry["about_user"]["user"]) == ("event_overridden", ben.user)
    open_one, _ = await made(ann, club, places=2, guests=1)
    for person, guests in ((ann, 0), (ben, 1)):
        await says(person, open_one, "going", guests=guests)
    assert await says(ann, open_one, "going", user=cleo.user) == "waiting"
    assert await says(ann, open_one, "going", user=cleo.user, over=True) == "in"


async def test_where_only_admins_see_the_list_others_see_themselves_and_how_many(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club, places=1, list_shown="admins")
    device = await cleo.device()
    assert await says(ben, event, "going", note="allergic to nuts") == "in"
    assert await says(cleo, event, "going") == "waiting"
    await device.until(lambda: len(device.actions(group)) >= 2)
    assert not [frame for frame in device.frames if "nuts" in str(frame)]
    assert await standings(cleo, event) == {cleo.user: "waiting"}
    assert await standings(ann, event) == {ben.user: "in", cleo.user: "waiting"}
    own = next(e["group"] for e in (await cleo.me())["groups"] if e["kind"] == "self")
    assert await says(ben, event, "no") == "out"
    heard = [action for action in await cleo.actions(own) if action["type"] == "event_answered"]
    assert [(a["group"], a["standing"]) for a in heard] == [(group, "waiting"), (group, "offered")]
    admins = next(e["group"] for e in (await ann.me())["groups"] if e["kind"] == "admins")
    told = [a["user"] for a in await ann.actions(admins) if a["type"] == "event_answered"]
    assert told == [ben.user, cleo.user, ben.user, cleo.user]
    await planned(ann, club, event, places=1, list_shown="admins")
    assert await says(ben, event, "going") == "waiting"


async def test_the_first_five_who_have_a_place_are_shown_where_everybody_sees_who_comes(house: House) -> None:
    club, people = await house.club("Ann", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gil")
    event, group = await made(people[0], club, places=6)
    secret, closed = await made(people[0], club, list_shown="admins")

    async def faces(of: int) -> list[str] | None:
        [one] = (await people[1].entry(of))["event"]["occurrences"]
        counts: dict[str, Any] = one["counts"]
        return counts.get("faces")

    assert await faces(group) is None
    for person in people:
        await says(person, event, "going")
    assert await says(people[1], secret, "going") == "in"
    assert await faces(group) == [person.user for person in people[:5]]
    assert await faces(closed) is None
    await says(people[2], event, "maybe")
    first = [person.user for person in (*people[:2], *people[3:6])]
    assert await faces(group) == first
    assert (await people[0].actions(group))[-1]["counts"]["faces"] == first
    await planned(people[0], club, event, places=6, list_shown="admins")
    assert await faces(group) is None


async def test_of_many_who_answer_at_once_where_only_admins_see_the_list_nobody_is_in_anothers_way(
    house: House,
) -> None:
    club, people = await house.club("Ann", *(f"Member {n}" for n in range(12)))
    event, _ = await made(people[0], club, places=2, list_shown="admins")
    for turn in ("going", "no", "going"):
        answers = await asyncio.gather(
            *(
                person.http.put(
                    f"/api/events/{event}/answer",
                    json={"key": "once", "answer": turn},
                    headers=person.headers,
                )
                for person in people
            )
        )
        assert {answer.status_code for answer in answers} == {200}
    shown = list((await standings(people[0], event)).values())
    assert shown.count("in") + shown.count("offered") == 2


async def test_what_an_answer_does_not_say_stays_as_it_was(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, guests=2)

    async def mine() -> Json:
        [answer] = (await ben.entry(group))["event"]["mine"]
        return {key: answer.get(key) for key in ("answer", "guests", "note")}

    await says(ben, event, "going", guests=2, note="by bike")
    await says(ben, event, "going")
    assert await mine() == {"answer": "going", "guests": 2, "note": "by bike"}
    await says(ben, event, "no")  # whoever does not come brings nobody
    assert await mine() == {"answer": "no", "guests": None, "note": "by bike"}
    await says(ben, event, "going", guests=0, note="")
    assert await mine() == {"answer": "going", "guests": None, "note": None}


async def test_a_label_that_is_no_more_asks_nobody_and_with_none_left_everybody_is_asked(
    house: House,
) -> None:
    club, [ann, ben, cem] = await house.club("Ann", "Ben", "Cem")
    alto, bass = str(uuid7()), str(uuid7())
    for label, name, carrier in ((alto, "Alto", ben), (bass, "Bass", cem)):
        await ann.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": name})
        await ann.ok("POST", f"/api/groups/{club}/labels/{label}/members", {"add": [carrier.user]})
    event, _ = await made(ann, club, asked=[alto, bass])
    assert await says(cem, event, "maybe") == "out"
    await ann.ok("DELETE", f"/api/groups/{club}/labels/{bass}")
    assert await refused(cem, event, "no") == (403, "not_asked")
    assert await says(ben, event, "going") == "in"
    # whoever changes something else is not to blame for it
    await planned(ann, club, event, asked=[alto, bass], place="Town hall")
    await ann.ok("DELETE", f"/api/groups/{club}/labels/{alto}")
    assert await says(cem, event, "going") == "in"
    path, new = f"/api/events/{event}/plan", CONCERT | {"group": club, "asked": [str(uuid7())]}
    assert await ann.refused("PUT", path, new) == (400, "invalid_field")


async def test_the_list_says_of_each_event_what_its_own_snapshot_says(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    alto = str(uuid7())
    await ann.ok("PUT", f"/api/groups/{club}/labels/{alto}", {"name": "Alto"})
    await ann.ok("POST", f"/api/groups/{club}/labels/{alto}/members", {"add": [ann.user, ben.user]})
    one, by_label = await made(ann, club, label_places=[{"label": alto, "places": 3}], guests=1)
    other, weekly = await made(ann, club, rule="FREQ=WEEKLY;COUNT=3", places=1)
    _, unanswered = await made(ann, club, start=None, end=None)
    for person in (ann, ben):
        await says(person, one, "going", guests=1)
        await says(person, other, "going", key="2036-11-28T18:30")
    for group in (by_label, weekly, unanswered):
        listed = (await ben.entry(group))["event"]
        del listed["mine"]
        assert listed == (await ben.snapshot(group))["event"]
