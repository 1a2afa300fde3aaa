"""What somebody said is found again: by its words, by parts of them, and only by who may read it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from clubroom.dba import search
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.person import Json, Person
from house.server import House
from house.shelf import Shelf, on_shelf
from house.uuid7 import uuid7

SOON_S = 2.0
TIMES = 100
UNKNOWN = (404, "not_found")
INVALID = (400, "invalid_field")
NOON_OF_EACH_DAY = """
with moved as (
  update messages set sent_at = timestamptz '2026-01-01 12:00Z' + right(text, 1)::int * interval '1 day'
  where group_id = $1 returning seq, sent_at)
update actions a set at = m.sent_at from moved m where a.group_id = $1 and a.seq = m.seq
"""


@pytest.fixture
async def shelf(postgres: EmbeddedPostgres, database: Database) -> AsyncIterator[Shelf]:
    async with on_shelf(postgres) as found:
        yield found


def path(q: str = "", **asked: Any) -> str:
    return "/api/search?" + urlencode({"q": q} | {name.rstrip("_"): value for name, value in asked.items()})


async def answered(person: Person, q: str = "", **asked: Any) -> Json:
    return await person.ok("GET", path(q, **asked))


async def found(person: Person, q: str = "", **asked: Any) -> list[str]:
    """The texts, the newest first."""
    return [message["text"] for message in (await answered(person, q, **asked))["messages"]]


async def nothing(_: object) -> None:
    """F17 at the end is enough."""


async def say(person: Person, group: int, *texts: str) -> list[Json]:
    return [await person.post(group, text) for text in texts]


# --- words ------------------------------------------------------------------------------------------------


async def test_what_somebody_says_is_found_within_two_seconds(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.post(club, "The openings of Philidor")
    await shelf.filled(SOON_S)
    assert await found(ben, "philidor") == ["The openings of Philidor"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "Two openings for Black",
            ["openings", "open", "pening", "BLACK", "for bla", "two black", "tw", "t"],
        ),
        ("Café crème à Zürich, Straße 5", ["cafe", "CREME", "zurich", "strasse", "Straße", "café 5"]),
        ("Ёлка и чай; Ελλάδος", ["елка", "чай", "ΕΛΛΑΔ", "ελλαδοσ"]),
        ("明日の会議室は三階です", ["会議", "議室", "三階です", "会議室は", "階"]),
        ("ポーンをｅ４へ、ﾊﾟｰﾃｨｰ", ["ポーン", "e4", "パーティー", "ーン"]),
        ("내일 회의실에서 만나요", ["회의", "의실", "만나"]),
        ("พรุ่งนี้เจอกันที่ห้องประชุม", ["ห้อง", "ประชุม", "เจอกัน"]),
        ("well-known: rook's end-game (e4!)", ["well-known", "rook's", "rook’s", "game", "e4", "end game"]),
        ("We won 🏆🎉", ["🏆", "🎉", "won 🏆"]),
        ("100% sure_thing \\o/", ["100%", "sure", "sure_thing"]),
        ("see https://chess.example/a?b=1", ["chess.example", "https://chess", "example"]),
    ],
)
async def test_a_word_or_a_part_of_it_finds_what_was_said(
    house: House, shelf: Shelf, text: str, asked: list[str]
) -> None:
    club, [ann] = await house.club("Ann")
    await say(ann, club, "Nothing here, 別の話, Иное", text)
    await shelf.filled()
    for words in asked:
        assert await found(ann, words) == [text], words


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Two openings for Black", ["opex", "openingss", "lack two x", "pe", "penin gs"]),
        ("明日の会議室", ["会室", "日会", "明後"]),
        ("aab aba baa", ["aaba", "abaab"]),  # each of its letters in a row is there, but not in this row
        ("100 sheep", ["%", "_", "1%0", "s_eep"]),
    ],
)
async def test_what_was_not_said_is_not_found(
    house: House, shelf: Shelf, text: str, asked: list[str]
) -> None:
    club, [ann] = await house.club("Ann")
    await say(ann, club, text)
    await shelf.filled()
    for words in asked:
        assert not await found(ann, words), words


async def test_naming_somebody_does_not_make_their_id_a_word(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await say(ann, club, f"<@{ben.user}> brings the board")
    await shelf.filled()
    assert not await found(ann, ben.user.removeprefix("u_")[:8])
    assert len(await found(ann, "brings")) == 1


# --- filters ----------------------------------------------------------------------------------------------


async def test_filters_say_whose_where_and_when_and_need_no_words(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Board")
    [first, _] = await say(ann, club, "one tea", "two tea https://tea.example")
    await say(ben, room, "three tea")
    [last] = await say(ann, room, "four tea")
    await shelf.filled()
    assert await found(ben, "tea") == ["four tea", "three tea", "two tea https://tea.example", "one tea"]
    assert await found(ben, "tea", from_=ben.user) == ["three tea"]
    assert await found(ben, from_=ann.user) == ["four tea", "two tea https://tea.example", "one tea"]
    assert await found(ben, "tea", in_=room) == ["four tea", "three tea"]
    assert await found(ben, in_=club, from_=ben.user) == []
    assert await found(ben, has="link") == ["two tea https://tea.example"]
    assert (await found(ben, "tea", club=club, before=last["at"]))[-1] == "one tea"
    assert await found(ben, "tea", before=first["at"]) == []
    assert await found(ben, "tea", after=last["at"]) == ["four tea"]
    assert await found(ben, from_="u_nobody") == []


async def test_a_search_that_asks_for_nothing_or_for_too_much_is_refused(house: House) -> None:
    club, [ann] = await house.club("Ann")
    wrong: list[Json] = [{"limit": 0}, {"limit": 51}, {"has": "video"}, {"cursor": "7"}]
    wrong += [
        {"before": "yesterday"},
        {"after": "2026-01-01T00:00:00"},
        {"after": "0001-01-01T00:00:00+09:00"},
    ]
    wrong += [{"after": "0001-01-01T00:00:00+09:00"}]
    for asked in wrong:
        assert await ann.refused("GET", path("x", **asked)) == INVALID, asked
    for q in ("", " ", "x " * 11):
        assert await ann.refused("GET", path(q)) == INVALID, q
    assert await ann.refused("GET", path("", club=club)) == INVALID
    assert await ann.refused("GET", path("x" * 201)) == (400, "text_too_long")
    assert await ann.refused("GET", path("x\0")) == (400, "invalid_text")


async def test_pages_of_what_is_found_go_on_where_the_last_one_ended(house: House, shelf: Shelf) -> None:
    club, [ann] = await house.club("Ann")
    room = await ann.channel(club)
    for n in range(12):
        await say(ann, (club, room)[n % 2], f"page {n}")
    await shelf.filled()
    seen: list[str] = []
    page = await answered(ann, "page", limit=5)
    while True:
        seen += [message["text"] for message in page["messages"]]
        if "cursor" not in page:
            break
        page = await answered(ann, "page", limit=5, cursor=page["cursor"])
    assert seen == [f"page {n}" for n in reversed(range(12))]


async def test_whoever_searches_too_often_has_to_wait(house: House) -> None:
    _, [ann] = await house.club("Ann")
    answers = [await ann.call("GET", path("tea")) for _ in range(60)]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert answers[0].status_code == 200


# --- only what one may read -------------------------------------------------------------------------------


async def test_nobody_finds_what_they_may_not_read(house: House, shelf: Shelf) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    xenia = await house.person("Xenia")
    private = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user], "history": True})
    two = await ann.dm(ben)
    await say(ann, club, "treasure in the club")
    await say(ann, private, "treasure in the board")
    await say(ann, two, "treasure between us")
    await shelf.filled()
    assert len(await found(ben, "treasure")) == 3
    assert await found(cleo, "treasure") == ["treasure in the club"]
    assert await found(xenia, "treasure") == []
    assert await found(ben, "treasure", club=club) == ["treasure in the board", "treasure in the club"]
    for asked in (
        {"in_": private},
        {"in_": two},
        {"club": private},
        {"in_": 2**62},
        {"in_": 0},
        {"club": -1},
    ):
        assert await cleo.refused("GET", path("treasure", **asked)) == UNKNOWN, asked
    assert await xenia.refused("GET", path("treasure", club=club)) == UNKNOWN


async def test_whoever_was_removed_finds_nothing_of_the_club_any_more(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    two = await ann.dm(ben)
    for group in (club, room, two):
        await say(ben, group, "treasure")
    await shelf.filled()
    await ann.ok("DELETE", f"/api/groups/{club}/members/{ben.user}")
    [left] = (await answered(ben, "treasure"))["messages"]
    assert left["group"] == two
    assert await ben.refused("GET", path("treasure", in_=room)) == UNKNOWN


async def test_a_newcomer_finds_nothing_older_than_they_may_read(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    private = await ann.channel(club, "Board", private=True)
    await say(ann, private, "treasure of before")
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user], "history": False})
    await say(ann, private, "treasure of today")
    await shelf.filled()
    assert await found(ann, "treasure") == ["treasure of today", "treasure of before"]
    assert await found(ben, "treasure") == ["treasure of today"]
    assert await found(ben, in_=private, from_=ann.user) == ["treasure of today"]


# --- what is edited and deleted ---------------------------------------------------------------------------


async def test_old_words_are_never_found_after_an_edit_and_nothing_after_a_deletion(
    house: House, shelf: Shelf
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    [edited, deleted] = await say(ann, club, "seven o'clock", "seven or eight")
    await shelf.filled()
    await ann.ok("PATCH", f"/api/messages/{edited['id']}", {"text": "nine o'clock http://x.example"})
    await ann.ok("DELETE", f"/api/messages/{deleted['id']}")
    assert await found(ben, "seven") == []
    assert await found(ben, "nine") == await found(ben, has="link") == ["nine o'clock http://x.example"]
    assert "seven" not in str(await shelf.entries(club))


async def test_searching_always_equals_a_fresh_filling(
    house: House, shelf: Shelf, database: Database
) -> None:
    """As F17: whatever was done, what is kept is what filling everything anew would keep."""
    club, [ann] = await house.club("Ann")
    room = await ann.channel(club)
    names = [(await ann.post(group, f"words {n}"))["id"] for n in range(6) for group in (club, room)]
    for n, name in enumerate(names):
        if n % 3 == 0:
            await ann.ok("PATCH", f"/api/messages/{name}", {"text": f"other words {n} https://x.example"})
        if n % 4 == 1:
            await ann.ok("DELETE", f"/api/messages/{name}")
    await shelf.filled()
    kept = await shelf.entries(club, room)
    await shelf.sql.execute("delete from message_search where group_id = any($1)", [club, room])
    await shelf.sql.execute("update search_marks set to_seq = 0 where group_id = any($1)", [club, room])
    await shelf.filled()
    assert kept == await shelf.entries(club, room)
    assert len(kept) == len(names) - 3


async def test_filling_while_deleting_brings_nothing_back_a_hundred_times_in_a_row(
    house: House, shelf: Shelf, database: Database
) -> None:
    club, [ann] = await house.club("Ann")
    ann.changed = nothing
    for n in range(TIMES):
        [kept, gone] = [uuid7(), uuid7()]
        await ann.post(club, f"regretted {n}", gone)
        await ann.post(club, f"hasty {n}", kept)
        edit = ann.ok("PATCH", f"/api/messages/{kept}", {"text": f"well considered {n}"})
        delete = ann.ok("DELETE", f"/api/messages/{gone}")
        fillings = [search.fill_search(database) for _ in range(3)]
        await asyncio.gather(edit, *fillings[:2], delete, fillings[2])
    await shelf.filled()
    said = [entry[-1] for entry in await shelf.entries(club)]
    assert len(said) == TIMES
    assert all("well considered" in each for each in said)


# --- a day ------------------------------------------------------------------------------------------------


async def test_a_day_opens_at_its_first_message(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann.changed = ben.changed = nothing
    for n in range(9):
        await say(ann, club, f"message {n}")
    await shelf.sql.execute(NOON_OF_EACH_DAY, club)
    for day, text in [(1, "message 0"), (4, "message 3"), (9, "message 8")]:
        at = datetime(2026, 1, day, tzinfo=UTC)
        page = await ben.ok("GET", f"/api/groups/{club}/messages?{urlencode({'at': at.isoformat()})}")
        first = next(m for m in page["messages"] if datetime.fromisoformat(m["sent_at"]) >= at)
        assert first["text"] == text
    late = {"at": (datetime.now(UTC) + timedelta(days=9)).isoformat(), "limit": 2}
    page = await ben.ok("GET", f"/api/groups/{club}/messages?{urlencode(late)}")
    assert page["messages"][-1]["text"] == "message 8"
    for asked in ("at=today", "at=2026-01-01T00:00:00Z&before=1"):
        assert await ben.refused("GET", f"/api/groups/{club}/messages?{asked}") == INVALID
    empty = await ann.channel(club)
    assert (await ben.ok("GET", f"/api/groups/{empty}/messages?at=2026-01-01T00:00:00Z"))["messages"] == []
