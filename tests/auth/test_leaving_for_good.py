"""An account is deleted: what of it goes, what stays, and what is in the way."""

import asyncio
import json

import asyncpg
import pytest

from auth.invited import invited, secret_of
from auth.rig import new_email
from clubroom.dba.leaving import go_on_leaving
from house.authenticator import passkey_of
from house.person import Json, Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7
from house.within import within

WAITS = "select count(*) from leavings l join users u on u.id = l.user_id where u.sub = $1"
GONE = {"name": "Gone", "gone": True, "left": True}


async def leave(who: Person, **said: object) -> None:
    answer = await who.http.post("/api/me/deletion", json=said, headers=who.headers)
    assert answer.status_code == 204, answer.text


async def member(seen_by: Person, group: int, who: Person) -> Json:
    found: Json = next(one for one in (await seen_by.snapshot(group))["members"] if one["user"] == who.user)
    return found


async def everything_said(writer: asyncpg.Connection, name: str) -> list[str]:
    """In which tables a word stands still."""
    found = []
    for (table,) in await writer.fetch("select tablename from pg_tables where schemaname = 'clubroom'"):
        rows = await writer.fetch(f"select t::text from {table} t")  # noqa: S608
        texts = [row["t"] for row in rows]
        if table == "actions":
            texts = [row[0].decode() for row in await writer.fetch("select body from actions")]
        found += [table for text in texts if name in text]
    return sorted(set(found))


async def test_whoever_deletes_their_account_is_gone_everywhere_and_their_words_stay(
    house: House, writer: asyncpg.Connection
) -> None:
    email = new_email()
    group, [ann, _] = await house.club("Ann", "Cleo")
    ben = await house.person("Benedikt Unverwechselbar")
    await ben.ok("PUT", "/api/me/sign-in", {"email": email, "password": PASSWORD})
    await ben.join((await ann.ok("GET", f"/api/groups/{group}/code"))["code"])
    await passkey_of(ben)
    room, talk = await ann.channel(group, "Dusk", private=True), await ann.dm(ben)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    said = (await ben.post(group, "what I said"))["id"]
    await ben.post(talk, "only for you")
    own = next(one["group"] for one in (await ben.me())["groups"] if one["kind"] == "self")
    await ben.post(own, "a note to myself")
    await ben.ok("PATCH", "/api/me", {"name": "Benedikt der Unverwechselbare"})
    socket, bens = await ann.device(), await ben.device()
    assert await ben.refused("POST", "/api/me/deletion", {"password": "wrong"}) == (401, "wrong_sign_in")
    await leave(ben, password=PASSWORD)
    await socket.until(lambda: any(one["type"] == "account_deleted" for one in socket.actions(group)))
    for one in (group, room, talk):
        assert (await member(ann, one, ben)).items() >= GONE.items()
    assert (await ann.message(said))["text"] == "what I said"
    assert (await ben.call("GET", "/api/me")).status_code == 401
    async with within(2, "their devices were out"):
        assert await bens.closed() == 4403
    async with within(10, "their notes were gone"):
        while await everything_said(writer, "a note to myself"):
            pass
    async with within(10, "the letter that says good-bye had gone"):
        while "outbox" in await everything_said(writer, email):
            pass
    assert await everything_said(writer, "nverwechselbar") == []
    assert await everything_said(writer, email) == []
    signed = await ben.http.post("/api/sessions", json={"email": email, "password": PASSWORD})
    assert signed.status_code == 401
    fresh = await house.person("Somebody")
    await fresh.ok(
        "PUT", "/api/me/sign-in", {"email": email, "password": PASSWORD}
    )  # the address is free again


async def test_the_last_owner_hands_the_club_over_first(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    await ann.create_club("Choir")
    asked = await ann.ok("GET", "/api/me/deletion")
    assert (sorted(one["name"] for one in asked["clubs"]), asked["proof"]) == (
        ["Chess club", "Choir"],
        "password",
    )
    refused = await ann.call("POST", "/api/me/deletion", {"password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    assert "Chess club" in refused.json()["detail"]
    assert "Choir" in refused.json()["detail"]
    assert (await member(ben, group, ann))["role"] == "owner"
    assert (await ben.ok("GET", "/api/me/deletion"))["clubs"] == []


async def test_without_password_and_passkey_one_writes_ones_name(house: House) -> None:
    _, [_, ben] = await house.club("Ann", "Ben")
    assert (await ben.ok("GET", "/api/me/deletion"))["proof"] == "name"
    assert await ben.refused("POST", "/api/me/deletion", {"name": "Ann"}) == (401, "wrong_sign_in")
    await leave(ben, name=" Ben ")
    assert (await ben.call("GET", "/api/me")).status_code == 401


@pytest.mark.parametrize("said", [{}, {"name": "Ann", "password": PASSWORD}, {"messages": True}])
async def test_leaving_takes_one_proof(house: House, said: dict[str, object]) -> None:
    ann = await house.person("Ann")
    assert await ann.refused("POST", "/api/me/deletion", said) == (400, "invalid_field")


async def test_the_name_is_no_proof_where_there_is_a_better_one(house: House) -> None:
    ann, ben = await house.person("Ann", with_email=True), await house.person("Ben")
    key = await passkey_of(ben)
    for who in (ann, ben):
        name = (await who.me())["name"]
        assert await who.refused("POST", "/api/me/deletion", {"name": name}) == (401, "wrong_sign_in")
    options = (await ben.ok("POST", "/api/me/deletion/passkey-options"))["options"]
    await leave(ben, passkey=key.sign(options))
    assert (await ben.call("GET", "/api/me")).status_code == 401


async def test_a_passkey_of_somebody_else_deletes_nothing(house: House) -> None:
    ann, eve = await house.person("Ann"), await house.person("Eve")
    await passkey_of(ann)
    eves = await passkey_of(eve)
    options = (await ann.ok("POST", "/api/me/deletion/passkey-options"))["options"]
    signed = {"passkey": eves.sign(options)}
    assert await ann.refused("POST", "/api/me/deletion", signed) == (401, "wrong_sign_in")
    assert (await ann.me())["name"] == "Ann"


async def test_a_private_room_goes_to_whoever_has_been_there_longest(house: House) -> None:
    group, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(group, "Dusk", private=True)
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    await leave(ben, name="Ben")
    assert (await cleo.entry(room))["role"] == "owner"
    assert ann


async def test_with_their_messages_everything_they_wrote_is_deleted_live_in_every_room(
    house: House, writer: asyncpg.Connection
) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    room, talk = await ann.channel(group, "Games"), await ann.dm(ben)
    places = (group, room, talk)
    for place in places:
        for n in range(3):
            await ben.post(place, f"Bens unverkennbare Worte {n}")
        await ann.post(place, "kept")
    await ann.ok("POST", "/api/tokens", {"refresh_token": ann.refresh_token})  # it knows the conversation
    socket = await ann.device()
    await leave(ben, name="Ben", messages=True)
    for place in places:
        await socket.until(lambda p=place: len(_deleted(socket.actions(p))) == 3)  # type: ignore[misc]
        messages = (await ann.snapshot(place))["messages"]
        assert [one["text"] for one in messages] == ["", "", "", "kept"]
    assert await everything_said(writer, "unverkennbare") == []
    async with within(10, "nothing was left to do"):
        while await writer.fetchval(WAITS, ben.user):
            pass


def _deleted(actions: list[Json]) -> list[Json]:
    return [one for one in actions if one["type"] == "message_deleted"]


async def test_a_leaving_that_was_cut_short_goes_on_where_it_was(
    house: House, writer: asyncpg.Connection
) -> None:
    """Each piece is a transaction of its own: whoever is killed between two leaves the rest to the next."""
    group, [ann, ben] = await house.club("Ann", "Ben")
    for n in range(5):
        await ben.post(group, f"{n}")
    await leave(ben, name="Ben", messages=True)
    db = house.process.db
    pieces = [asyncio.create_task(go_on_leaving(db, looked=2)) for _ in range(4)]
    pieces[0].cancel()
    await asyncio.gather(*pieces, return_exceptions=True)
    async with within(10, "all of it was gone"):
        while await writer.fetchval(WAITS, ben.user):
            await go_on_leaving(db, looked=2)
    log = await ann.actions(group)
    assert len(_deleted(log)) == len({one["id"] for one in _deleted(log)}) == 5
    assert json.dumps(log).count('"text": ""') == 5


async def test_no_record_and_no_admins_log_keeps_the_name_of_whoever_is_gone(
    house: House, writer: asyncpg.Connection
) -> None:
    name = "Friederike Unauffindbar"
    group, [ann] = await house.club("Ann")
    asks = await ann.ok("POST", f"/api/groups/{group}/codes", {"key": str(uuid7()), "asks": True})
    ben = await house.person(name)
    await ben.join(asks["code"])
    await ann.ok("POST", f"/api/groups/{group}/requests/{ben.user}", {"accept": True})
    await ann.remove(group, ben.user)
    invitation = await invited(ann, group, name)
    await ben.ok("POST", "/api/invitations/accept", {"secret": await secret_of(ann, group, invitation)})
    await leave(ben, name=name)
    async with within(10, "the name was gone"):
        while await everything_said(writer, name):
            pass
