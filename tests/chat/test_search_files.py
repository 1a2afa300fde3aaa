"""What lies with messages is found: by what it is, by how it is described, and by what it is called."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from clubroom.dba import search
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.files import brought
from house.person import Person
from house.server import House
from house.shelf import Shelf, on_shelf
from house.uuid7 import uuid7

PDF = "application/pdf"
SCORE = b"%PDF-1.7\n% sheet music"
MANY = 4_000
UP_TO_MANY = """
insert into messages(id, group_id, seq, author, text, sent_at, images)
  select gen_random_uuid(), $1, 100000 + n, $2, 'small talk of every day ' || n,
    timestamptz '2020-01-01' + n * interval '1 minute',
    case when n % 400 = 0 then '[{"kind": "image", "id": "x", "alt": "Our boat"}]'::jsonb end
  from generate_series(1, $3::int) n
"""
FOUND = """
insert into message_search(message_id, group_id, seq, author, sent_at, in_window, has_link, said)
  select s.id, s.group_id, s.seq, s.author, s.sent_at, 0, false, _findable(s)
  from messages s where s.group_id = $1 and s.seq > 100000
"""
OF_THE_ROOM = """
select page from search_messages($1, null, null, null, $2, null, null, '{image}', null, null, 50)
"""
PLAN = """
explain (format json) select message_id from message_search s
where _search_tokens(s.said, s.group_id, s.author, s.in_window, s.has_link)
  @@ ($$'W0'&' I'&'G$$ || $1::bigint || $$'$$)::tsquery
"""


@pytest.fixture
async def shelf(postgres: EmbeddedPostgres, database: Database) -> AsyncIterator[Shelf]:
    async with on_shelf(postgres) as found:
        yield found


async def found(person: Person, q: str = "", *has: str, **asked: Any) -> list[str]:
    """The texts, the newest first."""
    query = urlencode({"q": q, "has": ",".join(has), **asked})
    return [one["text"] for one in (await person.ok("GET", f"/api/search?{query}"))["messages"]]


async def said(person: Person, group: int, text: str, *files: tuple[str, str]) -> str:
    """With these files, and how each is described; its id."""
    name = str(uuid7())
    images = [{"id": file, "alt": alt} for file, alt in files]
    await person.ok("PUT", f"/api/messages/{name}", {"group": group, "text": text, "images": images})
    return name


async def photo(house: House, person: Person, group: int) -> str:
    return str((await brought(house.blobs, person, group))["id"])


async def score(house: House, person: Person, group: int, name: str) -> str:
    return str((await brought(house.blobs, person, group, SCORE, PDF, name=name))["id"])


async def test_messages_are_found_by_what_lies_with_them(house: House, shelf: Shelf) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await said(ann, club, "of the boat", (await photo(house, ann, club), ""))
    await said(ann, club, "the programme", (await score(house, ann, club, "Sunday.pdf"), ""))
    both = (await photo(house, ann, club), ""), (await score(house, ann, club, "Monday.pdf"), "")
    await said(ann, club, "both, see https://tea.example", *both)
    await ann.post(club, "I said F, and nothing with it")
    await shelf.filled()
    assert await found(ben, "", "image") == ["both, see https://tea.example", "of the boat"]
    assert await found(ben, "", "file") == ["both, see https://tea.example", "the programme"]
    assert await found(ben, "", "image", "file") == ["both, see https://tea.example"]
    assert await found(ben, "boat", "image", "link") == []
    assert await found(ben, "", "image", "link", "file") == ["both, see https://tea.example"]
    assert await found(ben, "tea", "image", **{"from": ann.user, "in": club}) == [
        "both, see https://tea.example"
    ]
    assert await ben.refused("GET", "/api/search?has=image,video") == (400, "invalid_field")


async def test_descriptions_and_names_of_documents_are_words_and_beside_each_other_no_phrase(
    house: House, shelf: Shelf
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    boat, quay = await photo(house, ann, club), await photo(house, ann, club)
    ave = await score(house, ann, club, "Ave verum (Mozart).pdf")
    await said(
        ann, club, "from Sunday", (boat, "Our boat, CAFÉ side"), (quay, "明日の会議室"), (ave, "For sopranos")
    )
    await shelf.filled()
    for words in ("boat", "cafe", "会議", "verum", "mozart pdf", "sopr", "sunday boat", "ave"):
        assert await found(ben, words) == ["from Sunday"], words
    assert await found(ben, "boat", "file") == ["from Sunday"]
    for words in ("sunday-our", "side-明", "sopranos-ave-x", "I-our", "jpeg"):
        assert await found(ben, words) == [], words


async def test_an_edit_keeps_what_lies_with_it_and_a_deletion_takes_it_away(
    house: House, shelf: Shelf
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    kept = await said(ann, club, "first words", (await photo(house, ann, club), "Our boat"))
    gone = await said(ann, club, "", (await photo(house, ann, club), "Our secret boat"))
    await shelf.filled()
    assert await found(ben, "secret boat") == [""]
    await ann.ok("PATCH", f"/api/messages/{kept}", {"text": "other words"})
    await ann.ok("DELETE", f"/api/messages/{gone}")
    assert await found(ben, "boat") == await found(ben, "", "image") == ["other words"]
    assert await found(ben, "first") == await found(ben, "secret") == []
    assert "secret" not in str(await shelf.entries(club))
    await house.blobs.clear_of(gone)


async def test_nobody_finds_images_that_they_may_not_see(house: House, shelf: Shelf) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    private = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user], "history": True})
    await said(ann, private, "the plan", (await photo(house, ann, private), "Treasure map"))
    await shelf.filled()
    assert await found(ben, "treasure", "image") == ["the plan"]
    assert await found(cleo, "treasure", "image") == await found(cleo, "", "image") == []


async def test_what_was_said_with_images_before_is_what_a_fresh_filling_finds(
    house: House, shelf: Shelf
) -> None:
    club, [ann] = await house.club("Ann")
    for n in range(3):
        await said(ann, club, f"words {n}", (await photo(house, ann, club), f"Boat {n}"))
    await ann.post(club, "words alone")
    await shelf.filled()
    kept = await shelf.entries(club)
    await shelf.sql.execute("delete from message_search where group_id = $1", club)
    await shelf.sql.execute("update search_marks set to_seq = 0 where group_id = $1", club)
    await shelf.filled()
    assert kept == await shelf.entries(club)
    assert [entry[-1] for entry in kept if "boat" in entry[-1]] == [
        f" words {n} I boat {n} " for n in range(3)
    ]


async def test_in_a_large_room_the_index_gives_what_has_images(
    house: House, shelf: Shelf, database: Database
) -> None:
    club, [ann] = await house.club("Ann")
    person = await shelf.sql.fetchval("select id from users where sub = $1", ann.user)
    async with shelf.sql.transaction():
        await shelf.sql.execute(UP_TO_MANY, club, person, MANY)
        await shelf.sql.execute(FOUND, club)
        plan = json.loads(await shelf.sql.fetchval(PLAN, club))[0]["Plan"]
        await shelf.sql.execute("set local enable_seqscan = off")
        told = await shelf.sql.fetchval(OF_THE_ROOM, person, club)
        assert len(json.loads(told)) == MANY // 400
        await shelf.sql.execute("delete from message_search where group_id = $1", club)
        await shelf.sql.execute("delete from messages where group_id = $1", club)
    assert "message_search_tokens" in json.dumps(plan)
    assert search.WINDOW_MESSAGES >= MANY
