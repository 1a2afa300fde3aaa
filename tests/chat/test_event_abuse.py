"""What nobody may do with events, and what makes no sense: a clear word each, and nothing changes."""

import asyncio
from typing import Any
from uuid import UUID

from abuse.rig import nothing_changes, refusal
from clubroom.chat.events.events import card_id
from clubroom.dba.embedded import EmbeddedPostgres
from house.events import CONCERT, made, says
from house.person import Person
from house.server import House
from house.uuid7 import uuid7
from house.within import within

UNKNOWN = (404, "not_found")
FORBIDDEN = (403, "forbidden")
INVALID = (400, "invalid_field")
GOING = {"key": "once", "answer": "going"}
SERIES = CONCERT | {"start": "2036-11-25T19:00", "end": "2036-11-25T21:00"}


def calls(event: str, group: int) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Everything that can be asked of an event that is there."""
    return [
        ("PUT", f"/api/events/{event}/plan", CONCERT | {"group": group}),
        ("PUT", f"/api/events/{event}/answer", GOING),
        ("GET", f"/api/events/{event}/answers?key=once", None),
        ("DELETE", f"/api/events/{event}/occurrences/once", None),
        ("DELETE", f"/api/events/{event}", None),
    ]


async def test_to_an_outsider_and_to_whoever_was_removed_an_event_is_as_unknown_as_none(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 1, 4 and 9: the same status, head and body."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    _, [xenia] = await house.club("Xenia")
    event, group = await made(ann, club)
    await says(ben, event, "going")
    await ann.remove(club, ben.user)
    async with nothing_changes(postgres):
        for who in (xenia, ben):
            for (method, path, body), (_, nowhere, _) in zip(
                calls(event, club), calls(str(uuid7()), club), strict=True
            ):
                real, unknown = await who.call(method, path, body), await who.call(method, nowhere, body)
                assert refusal(real) == UNKNOWN, path
                assert real.content == unknown.content
                assert real.headers.keys() == unknown.headers.keys()
            new = CONCERT | {"group": club}
            assert await who.refused("PUT", f"/api/events/{uuid7()}", new) == UNKNOWN
            for rest in ("snapshot", "messages", "actions"):
                assert await who.refused("GET", f"/api/groups/{group}/{rest}") == UNKNOWN
            message = {"group": group, "text": "still there?"}
            assert await who.refused("PUT", f"/api/messages/{uuid7()}", message) == UNKNOWN


async def test_a_member_changes_no_event_of_others_and_answers_for_nobody_else(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 7."""
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, _ = await made(ann, club)
    _, [xenia] = await house.club("Xenia")
    async with nothing_changes(postgres):
        for method, path, body in calls(event, club):
            if "answer" not in path:
                assert await ben.refused(method, path, body) == FORBIDDEN, path
        for more in ({"user": cleo.user}, {"over": True}, {"user": ann.user, "over": True}):
            assert await ben.refused("PUT", f"/api/events/{event}/answer", GOING | more) == FORBIDDEN
        for nobody in (xenia.user, "u_nobody", "", "x" * 999, "a\0b"):
            said = await ann.refused("PUT", f"/api/events/{event}/answer", GOING | {"user": nobody})
            assert said == UNKNOWN, nobody


async def test_what_belongs_to_another_club_is_not_taken(house: House, postgres: EmbeddedPostgres) -> None:
    """Abuse 9: labels, hosts, ids and rooms of others."""
    club, [ann] = await house.club("Ann")
    other, [xenia] = await house.club("Xenia")
    theirs, group = await made(xenia, other)
    label = str(uuid7())
    await xenia.ok("PUT", f"/api/groups/{other}/labels/{label}", {"name": "Tenor"})
    own = next(e["group"] for e in (await ann.me())["groups"] if e["kind"] == "self")
    admins = next(e["group"] for e in (await ann.me())["groups"] if e["kind"] == "admins")
    new = CONCERT | {"group": club}
    path = f"/api/events/{uuid7()}"
    async with nothing_changes(postgres):
        for more in (
            {"asked": [label]},
            {"label_places": [{"label": label, "places": 3}]},
            {"host": xenia.user},
            {"host": "a\0b"},
            {"host": "x" * 999},
        ):
            assert await ann.refused("PUT", path, new | more) == INVALID, more
        for room, word in (
            (other, UNKNOWN),
            (group, UNKNOWN),
            (0, UNKNOWN),
            (own, FORBIDDEN),
            (admins, FORBIDDEN),
        ):
            assert await ann.refused("PUT", path, new | {"group": room}) == word, room
        assert await ann.refused("PUT", f"/api/events/{theirs}", new) == (409, "id_conflict")
    mine, ours = await made(ann, club)
    assert await ann.refused("PUT", path, new | {"group": ours}) == FORBIDDEN
    assert await ann.refused("PUT", f"/api/events/{mine}/answer", GOING | {"key": "2036"}) == UNKNOWN


NONSENSE: list[dict[str, Any]] = [
    {"end": "2036-11-28T18:30"},
    {"end": "2036-11-28T17:00"},
    {"start": None},
    {"start": None, "end": None, "rule": "FREQ=DAILY;COUNT=3"},
    {"start": "2036-02-30T18:30"},
    {"start": "2036-11-28"},
    {"start": "2036-11-28T18:30:00"},
    {"start": "2036-11-28T18:30Z"},
    {"start": "9999-11-28T18:30", "end": None},
    {"start": "1036-11-28T18:30"},
    {"zone": "Europe/Nowhere"},
    {"zone": "../../etc/passwd"},
    {"zone": ""},
    {"zone": "x\0"},
    {"places": 0},
    {"places": -1},
    {"places": 10_001},
    {"places": 3, "label_places": [{"label": str(uuid7()), "places": 3}]},
    {"label_places": [{"label": str(uuid7()), "places": 0}]},
    {"asked": [str(uuid7()) for _ in range(21)]},
    {"guests": -1},
    {"guests": 21},
    {"closes_min": -1},
    {"closes_min": 10**9},
    {"list_shown": "nobody"},
]


async def test_an_event_that_makes_no_sense_is_neither_made_nor_changed(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    event, _ = await made(ann, club)
    async with nothing_changes(postgres):
        for more in NONSENSE:
            for path in (f"/api/events/{uuid7()}", f"/api/events/{event}/plan"):
                assert await ann.refused("PUT", path, CONCERT | {"group": club} | more) == INVALID, more


RULES = [
    "",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;COUNT=3;UNTIL=20370101T000000",
    "FREQ=SECONDLY;COUNT=3",
    "FREQ=DAILY;COUNT=121",
    "FREQ=DAILY;COUNT=999",
    "FREQ=DAILY;INTERVAL=0;COUNT=3",
    "FREQ=DAILY;COUNT=3;COUNT=4",
    "FREQ=DAILY;COUNT=5;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;UNTIL=99991231T000000;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=WEEKLY;UNTIL=20369999T999999",
    "FREQ=WEEKLY;COUNT=3;BYHOUR=1,2,3",
    "FREQ=WEEKLY;COUNT=3;BYDAY=TU\nDTSTART:20000101T000000",
    "RRULE:FREQ=WEEKLY;COUNT=3",
    "FREQ=WEEKLY;COUNT=3;" + "X=1;" * 100,
    "FREQ=WEEKLY;COUNT=3;BYDAY=MO",
]


async def test_a_rule_that_is_none_or_never_ends_is_refused_at_once(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    async with nothing_changes(postgres):
        for rule in RULES:
            body = SERIES | {"group": club, "rule": rule}
            async with within(2, f"{rule} is refused"):
                assert await ann.refused("PUT", f"/api/events/{uuid7()}", body) == INVALID, rule


ANSWERS: list[tuple[dict[str, Any], tuple[int, str]]] = [
    ({"answer": "perhaps"}, INVALID),
    ({"guests": -1}, INVALID),
    ({"guests": 1}, INVALID),
    ({"guests": 21}, INVALID),
    ({"answer": "no", "guests": 1}, INVALID),
    ({"key": ""}, INVALID),
    ({"key": "x" * 17}, INVALID),
    ({"key": "ä"}, INVALID),
    ({"key": "\0"}, INVALID),
    ({"key": "twice"}, UNKNOWN),
    ({"note": "x" * 201}, (400, "text_too_long")),
    ({"note": "a\0b"}, (400, "invalid_text")),
    ({"standing": "in"}, (400, "unknown_field")),
    ({"at": "2026-01-01T00:00:00Z"}, (400, "unknown_field")),
    ({"by": "u_x"}, (400, "unknown_field")),
]


async def test_an_answer_that_makes_no_sense_changes_nothing(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 6."""
    club, [ann] = await house.club("Ann")
    event, _ = await made(ann, club)
    async with nothing_changes(postgres):
        for more, word in ANSWERS:
            assert await ann.refused("PUT", f"/api/events/{event}/answer", GOING | more) == word, more


async def test_the_same_id_at_once_makes_one_event_and_elsewhere_none(house: House) -> None:
    """Abuse 10."""
    club, [ann] = await house.club("Ann")
    other, [xenia] = await house.club("Xenia")
    event = str(uuid7())

    async def put(who: Person, group: int) -> int:
        new = CONCERT | {"group": group}
        answer = await who.http.put(f"/api/events/{event}", json=new, headers=who.headers)
        return answer.status_code

    said = await asyncio.gather(*(put(*one) for one in [(ann, club), (xenia, other)] * 10))
    assert sorted(said) == [200] * 9 + [201] + [409] * 10
    cards = (await ann.page(club))["messages"] + (await xenia.page(other))["messages"]
    assert len(cards) == 1


async def test_an_event_whose_card_cannot_be_is_not_made(house: House, postgres: EmbeddedPostgres) -> None:
    """Somebody has used the id that its card would have."""
    club, [ann] = await house.club("Ann")
    event = uuid7()
    await ann.post(club, "first", card_id(UUID(str(event))))
    async with nothing_changes(postgres):
        said = await ann.refused("PUT", f"/api/events/{event}", CONCERT | {"group": club})
        assert said == (409, "id_conflict")


async def test_what_was_answered_to_admins_alone_is_never_shown_to_everybody(house: House) -> None:
    club, [ann, ben, _] = await house.club("Ann", "Ben", "Cem")
    event, _ = await made(ann, club, list_shown="admins")
    await ann.ok("PUT", f"/api/events/{event}/plan", CONCERT | {"group": club, "list_shown": "admins"})
    await says(ben, event, "no", note="in hospital")
    shown = CONCERT | {"group": club, "list_shown": "all"}
    assert await ann.refused("PUT", f"/api/events/{event}/plan", shown) == INVALID


async def test_a_member_calls_nobody_by_an_event_whom_a_message_could_not_call(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.ok("PATCH", f"/api/groups/{club}", {"events_by_members": True})
    await made(ben, club)
    assert [entry["mentions"] for entry in (await ann.me())["groups"] if entry["group"] == club] == [0]
    await made(ann, club)
    assert [entry["mentions"] for entry in (await ben.me())["groups"] if entry["group"] == club] == [1]


async def test_in_an_archived_room_nobody_answers_and_nothing_is_planned(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    event, _ = await made(ann, room)
    await ann.ok("PATCH", f"/api/groups/{room}", {"archived": True})
    assert await ben.refused("PUT", f"/api/events/{event}/answer", GOING) == FORBIDDEN
    assert await ann.refused("DELETE", f"/api/events/{event}") == FORBIDDEN
    await ann.ok("PATCH", f"/api/groups/{room}", {"archived": False})
    assert await says(ben, event, "going") == "in"


async def test_what_is_cancelled_as_a_whole_is_not_cancelled_day_by_day_once_more(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, **{**SERIES, "rule": "FREQ=WEEKLY;COUNT=2"})
    await says(ben, event, "going", "2036-11-25T19:00")
    await ann.ok("DELETE", f"/api/events/{event}")
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/2036-11-25T19:00")
    told = [action["type"] for action in await ben.actions(group)]
    assert told.count("event_cancelled") == 1


async def test_whoever_was_promised_others_may_say_again_that_they_come_with_them(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, _ = await made(ann, club, guests=2)
    assert await says(ben, event, "going", guests=2) == "in"
    later = CONCERT | {"group": club, "guests": 0, "start": "2036-11-28T19:00"}
    await ann.ok("PUT", f"/api/events/{event}/plan", later)
    assert await says(ben, event, "going", guests=2) == "in"
    more = GOING | {"guests": 3}
    assert await ben.refused("PUT", f"/api/events/{event}/answer", more) == INVALID
