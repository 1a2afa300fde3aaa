"""Tokens that are no good, questions that ask for too much, and everything that would write."""

import asyncio
import time
from typing import Any

import pytest

from clubroom.app.readers import claims
from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.reading.tokens import ReadingTokens
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.server import House
from peers.postgraphile.conftest import Peer, reading

GROUPS = "{ allGroups(first: 5) { nodes { name } } }"


def minted(house: House, secret: bytes, user: str, *, issuer: str | None = None, ago_s: int = 0) -> str:
    tokens = ReadingTokens(
        Keys(secret), issuer=issuer or house.url, shape=claims, clock=lambda: time.time() - ago_s
    )
    return tokens.mint(user, [])


async def test_only_a_good_token_for_reading_is_taken(house: House, peer: Peer, settings: Settings) -> None:
    _, [ann] = await house.club("Ann")
    secret = settings.secret
    good = await reading(ann)
    header, payload, signature = good.split(".")
    bad: dict[str, str | None] = {
        "none": None,
        "nonsense": "x.y.z",
        "an access token": ann.token,
        "expired": minted(house, secret, ann.user, ago_s=400),
        "of another place": minted(house, secret, ann.user, issuer="http://another.example"),
        "of another secret": minted(house, b"x" * 32, ann.user),
        "unsigned": f"eyJhbGciOiJub25lIn0.{payload}.",
        "a changed signature": f"{header}.{payload}.{signature[:-8]}AAAAAAAA",
    }
    for name, token in bad.items():
        answer = await peer.posted({"query": GROUPS}, token)
        assert answer.status_code == 401, name
        assert "data" not in answer.json(), name
    assert (await peer.posted({"query": GROUPS}, minted(house, secret, ann.user))).status_code == 200
    assert (await peer.posted({"query": GROUPS}, good)).status_code == 200


async def test_who_is_unknown_to_the_database_reads_nothing(
    house: House, peer: Peer, settings: Settings
) -> None:
    await house.club("Ann")
    token = minted(house, settings.secret, "' or true --")
    assert await peer.asked(token, GROUPS) == {"allGroups": {"nodes": []}}


async def test_there_is_no_mutation_and_none_is_taken(house: House, peer: Peer) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    shape = await peer.asked(
        token, "{ __schema { mutationType { name } subscriptionType { name } queryType { name } } }"
    )
    assert shape["__schema"] == {
        "mutationType": None,
        "subscriptionType": None,
        "queryType": {"name": "Query"},
    }
    for wrong in ("mutation { deleteMessage(id: 1) { x } }", "subscription { allGroups { nodes { name } } }"):
        assert await peer.refused(token, wrong)


async def test_introspection_shows_what_the_reader_may_read_and_nothing_else(
    house: House, peer: Peer, postgres: EmbeddedPostgres
) -> None:
    _, [ann] = await house.club("Ann")
    found = await peer.asked(
        await reading(ann),
        "{ __schema { types { name fields { name type { kind ofType { kind } } } } } }",
    )
    types = {
        one["name"]: {each["name"] for each in one["fields"] or () if "OBJECT" not in str(each["type"])}
        for one in found["__schema"]["types"]
    }
    async with connected(postgres.owner_dsn) as owner:
        rows = await owner.fetch(
            "select relname::text as name, array_agg(attname::text) as columns from pg_class c"
            " join pg_attribute a on attrelid = c.oid and attnum > 0"
            " and has_column_privilege('clubroom_reader', c.oid, attnum, 'select')"
            " where relnamespace = 'clubroom'::regnamespace and relkind in ('r', 'p', 'v') group by 1"
        )
    singular = {"group_people": "GroupPerson", "event_attendance": "EventAttendance"}
    for row in rows:
        name = singular.get(row["name"]) or _camel(row["name"].removesuffix("s"))
        wanted = {"rowId" if one == "id" else _lower(_camel(one)) for one in row["columns"]}
        assert types.pop(name) == wanted, name
    left = {name for name in types if types[name] and not name.startswith("__")}
    assert left <= {"Query", "PageInfo"} | {name for name in left if name.endswith(("Connection", "Edge"))}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


DEEP = "{ allGroups(first: 1) { nodes { groupByParent " + "{ groupByParent " * 10 + "{ name }" + " }" * 10
WIDE = " ".join(f'a{n}: groupByRowId(rowId: "{n}") {{ name }}' for n in range(160))
NESTED = "{ allGroups(first: 100) { nodes { messages(first: 100) { nodes { text } } } } }"
TOO_MUCH = {
    "deep": (DEEP + " } } }", "8 levels"),
    "wide": ("{ " + WIDE + " }", "300 fields"),
    "of many rows": (NESTED, "5000 rows"),
    "of a list without an end": ("{ allGroups { nodes { name } } }", 'needs "first" or "last"'),
    "of a long list": ("{ allGroups(first: 101) { nodes { name } } }", "at most 100 rows"),
    "of a list that is long by one of two": (
        "{ allGroups(first: 1, last: 1000) { nodes { name } } }",
        "at most 100 rows",
    ),
    "of less than nothing": ("{ allGroups(first: -1) { nodes { name } } }", "at most 100 rows"),
    "by a fragment": (
        "query { ...A } fragment A on Query { allGroups { nodes { name } } }",
        'needs "first" or "last"',
    ),
    "in a circle": (
        "query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "Cannot spread fragment",
    ),
    "of many words": ("{ " + "a " * 3_000 + "}", "2000 tokens"),
}


@pytest.mark.parametrize(("query", "told"), TOO_MUCH.values(), ids=TOO_MUCH)
async def test_a_question_that_asks_for_too_much_never_reaches_the_database(
    house: House, peer: Peer, query: str, told: str
) -> None:
    _, [ann] = await house.club("Ann")
    assert told in await peer.refused(await reading(ann), query)


async def test_a_length_in_a_variable_is_bounded_too(house: House, peer: Peer) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    asked = "query($n: Int) { allGroups(first: $n) { nodes { name } } }"
    assert "at most 100 rows" in await peer.refused(token, asked, n=101)
    assert "needs" in await peer.refused(token, asked)
    assert "needs" in await peer.refused(token, asked.replace("$n: Int", "$n: Int = 1000"))
    assert await peer.asked(token, asked, n=2)


async def test_what_is_no_question_is_refused(house: House, peer: Peer) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    bodies: list[Any] = [[], 7, "x", {}, {"query": 7}, {"query": GROUPS, "variables": []}]
    for body in bodies:
        assert (await peer.posted(body, token)).status_code == 400, body
    assert (await peer.posted({"query": GROUPS, "more": "x" * 40_000}, token)).status_code == 413
    bearer = {"authorization": f"Bearer {token}"}
    assert (await peer.http.get("/graphql", headers=bearer)).status_code == 405
    assert (await peer.http.post("/graphiql", headers=bearer)).status_code == 404
    assert (await peer.http.post("/graphql", content=b"{}", headers=bearer)).status_code == 415


async def test_a_statement_that_takes_too_long_is_ended_and_the_next_one_is_answered(
    house: House, peer: Peer, postgres: EmbeddedPostgres
) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    async with connected(postgres.owner_dsn) as owner, owner.transaction():
        await owner.execute("lock table clubroom.groups in access exclusive mode")
        begun = time.monotonic()
        answer = (await peer.posted({"query": GROUPS}, token)).json()
        assert 2 < time.monotonic() - begun < 15
    assert [one["message"] for one in answer["errors"]] == ["It failed."]
    assert (await peer.asked(token, GROUPS))["allGroups"]["nodes"]


async def test_those_who_ask_at_once_read_each_their_own(house: House, peer: Peer) -> None:
    clubs = [await house.club(name) for name in ("Ann", "Ben", "Cleo", "Dan")]
    tokens = [await reading(people[0]) for _, people in clubs]
    for (club, [owner]), name in zip(clubs, "abcd", strict=True):
        await owner.post(club, name)
    query = "{ allMessages(first: 50) { nodes { text } } }"
    for _ in range(10):
        found = await asyncio.gather(*(peer.asked(token, query) for token in tokens))
        assert [one["allMessages"]["nodes"] for one in found] == [[{"text": name}] for name in "abcd"]
