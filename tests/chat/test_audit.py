"""The record of what was done in a club: who reads it, what stands in it, and that nobody changes it."""

import csv
import io
import re
from pathlib import Path

import asyncpg
import pytest

from clubroom.chat.club.record import cell
from clubroom.dba.embedded import EmbeddedPostgres
from house.person import Json, Person
from house.server import House

TOP = Path(__file__).parents[2]
FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")


async def record(person: Person, club: int, **asked: object) -> list[Json]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    entries: list[Json] = (await person.ok("GET", f"/api/groups/{club}/audit?{query}"))["entries"]
    return entries


async def test_what_is_done_stands_in_the_record_with_names_as_they_are_now(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ben.channel(club, "Plans")
    await ben.channel(club, "Surprise for Ann", private=True)
    await ann.ok(
        "PATCH", f"/api/groups/{room}", {"name": "Sunday", "description": "who plays", "announce": True}
    )
    await ann.ok("PATCH", f"/api/groups/{club}", {"name": "Chess and tea", "colour": 3})
    await ann.remove(club, ben.user)
    removed, club_changed, room_changed, made = await record(ann, club)
    assert (removed["what"], removed["by"]["name"], removed["about_user"]["name"]) == (
        "member_removed",
        "Ann",
        "Ben",
    )
    assert club_changed["details"] == {"name": ["Chess club", "Chess and tea"], "colour": [0, 3]}
    assert room_changed["details"] == {
        "name": ["Plans", "Sunday"],
        "announce": [False, True],
        "description": [],
    }
    assert room_changed["about_group"] == {"group": room, "name": "Sunday"}
    assert (made["what"], made["by"]["name"], made["details"]) == ("room_made", "Ben", {"name": "Plans"})


async def test_the_record_is_read_page_by_page_and_by_kind(house: House) -> None:
    club, [ann] = await house.club("Ann")
    for colour in range(1, 6):
        await ann.ok("PATCH", f"/api/groups/{club}", {"colour": colour})
    await ann.channel(club)
    found: list[Json] = []
    while True:
        page = await ann.ok(
            "GET", f"/api/groups/{club}/audit?limit=2&what=club_,x"
            + (f"&before={found[-1]['id']}" if found else "")
        )  # fmt: skip
        found += page["entries"]
        if not page["more"]:
            break
    assert [entry["details"]["colour"][1] for entry in found] == [5, 4, 3, 2, 1]
    for wrong in ("what=A", "what=", "what=x,,y", "limit=0", "before=-1"):
        assert await ann.refused("GET", f"/api/groups/{club}/audit?{wrong}") == (400, "invalid_field")


async def test_only_whoever_runs_the_club_reads_its_record(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    xenia = await house.person("Xenia")
    for path in ("audit", "audit.csv"):
        assert await ben.refused("GET", f"/api/groups/{club}/{path}") == FORBIDDEN
        assert await ann.refused("GET", f"/api/groups/{room}/{path}") == FORBIDDEN
        assert await xenia.refused("GET", f"/api/groups/{club}/{path}") == UNKNOWN


async def test_the_table_to_keep_is_no_program(house: House) -> None:
    club, [ann] = await house.club("Ann")
    evil = '=HYPERLINK("http://evil.example")'
    mallory = await house.person("=1+1")
    await mallory.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await mallory.channel(club, evil)
    answer = await ann.call("GET", f"/api/groups/{club}/audit.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["what"] for row in rows] == ["room_made"]
    assert (rows[0]["by"], rows[0]["by_id"], rows[0]["room"]) == ("'=1+1", mallory.user, f"'{evil}")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(f"a{text}") == f"a{text}"


@pytest.mark.parametrize(
    "sql",
    [
        "update audit set what = 'nothing' where group_id = {club}",
        "update audit set at = now() where group_id = {club}",
        "delete from audit where group_id = {club}",
    ],
)
async def test_nobody_changes_what_stands_there_not_even_the_functions(
    house: House, postgres: EmbeddedPostgres, sql: str
) -> None:
    club, [ann] = await house.club("Ann")
    await ann.channel(club)
    before = await record(ann, club)
    for dsn, role in ((postgres.app_dsn, None), (postgres.owner_dsn, "clubroom_writer")):
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute("set search_path = clubroom")
            if role:
                await connection.execute(f"set role {role}")
            with pytest.raises(asyncpg.PostgresError) as refused:
                await connection.execute(sql.format(club=club))
            wanted = "only added to" if role else "permission denied"
            assert wanted in str(refused.value)
        finally:
            await connection.close()
    assert await record(ann, club) == before


def kinds_written() -> set[str]:
    """Every `what` that a function of any migration writes into the record."""
    found: set[str] = set()
    for path in (TOP / "src/clubroom/dba/migrations").glob("*.sql"):
        for call in re.finditer(r"_audit(?:_room)?\((?!\n)", text := path.read_text()):
            what = arguments(text[call.end() :])[2]
            found |= set(re.findall(r"'(\w+)'", what))
    return found


def arguments(text: str) -> list[str]:
    """Of a call, up to its closing bracket."""
    found, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            break
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [*found, "", "", ""]


@pytest.mark.parametrize("language", ["en", "de"])
def test_there_are_words_for_whatever_may_stand_in_the_record(language: str) -> None:
    words = (TOP / f"web/src/texts/record.{language}.ts").read_text()
    said = set(re.findall(r"^    (\w+): ", words, re.MULTILINE))
    missing = kinds_written() - said
    assert not missing
    assert {"club_changed", "room_made", "member_removed", "member_left", "club_suspended"} <= kinds_written()
