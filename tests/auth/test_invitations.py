"""People are invited by name and address, and come by a link that is theirs alone."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from abuse.rig import coming_from, new_address
from auth.invited import (
    FORBIDDEN,
    SHUT,
    UNKNOWN,
    address,
    comes,
    invite,
    invited,
    listed,
    one,
    secret_of,
    turned_away,
)
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.mailbox import Folder, body, secret_in
from house.server import House
from house.uuid7 import uuid7


@pytest.fixture
def mailbox(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")


Block = Callable[[int, str], Awaitable[None]]


@pytest.fixture
async def blocking(postgres: EmbeddedPostgres) -> Block:
    """Somebody is blocked from a club."""

    async def block(club: int, user: str) -> None:
        async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as writer:
            await writer.execute(
                "insert into club_blocks select $1, id, id, now() from users where sub = $2", club, user
            )

    return block


async def test_whoever_is_invited_comes_by_the_link_in_their_mail(house: House, mailbox: Folder) -> None:
    club, [ann] = await house.club("Ann")
    to = address("Ben")
    made = await invite(ann, club, {"name": "Ben", "email": f" {to.upper()} "})
    assert made == {"rows": [{"row": 0, "is": "new", "invitation": made["rows"][0]["invitation"]}], "sent": 1}
    mail = await mailbox.next_to(to)
    assert all(word in body(mail) for word in ("“Ben”", "“Ann”", "“Chess club”"))
    async with house.http() as http:
        shown = await http.post("/api/invitations/preview", json={"secret": secret_in(mail)})
    assert shown.json() == {
        "club": "Chess club",
        "sign": None,
        "colour": 0,
        "name": "Ben",
        "by": "Ann",
        "members": 1,
        "managed": False,
    }
    ben = await comes(house, secret_in(mail))
    assert (await ben.me())["name"] == "Ben"
    assert (await ben.entry(club))["role"] == "member"
    await ben.post(club, "Here I am")
    entry = await one(ann, club, made["rows"][0]["invitation"])
    assert (entry["state"], entry["user"], entry["email"]) == ("came", ben.user, to)
    assert [a.get("by") for a in await ann.actions(club) if a["type"] == "member_joined"] == [None, None]


async def test_whoever_comes_may_say_what_they_are_called(house: House) -> None:
    club, [ann] = await house.club("Ann")
    secret = await secret_of(ann, club, await invited(ann, club, "Ben Miller"))
    ben = await comes(house, secret, name=" Benny ")
    assert (await ben.me())["name"] == "Benny"


async def test_a_link_opens_once_and_looking_uses_nothing_up(house: House) -> None:
    club, [ann] = await house.club("Ann")
    invitation = await invited(ann, club)
    secret, other = await secret_of(ann, club, invitation), await secret_of(ann, club, invitation)
    async with house.http() as http:
        for _ in range(3):
            assert (await http.post("/api/invitations/preview", json={"secret": secret})).is_success
    await comes(house, secret)
    for spent in (secret, other, "x" * 43, "", "ü", "x" * 101):
        for call in ("accept", "preview"):
            assert await turned_away(house, spent, call) == SHUT
    assert len((await ann.snapshot(club))["members"]) == 2
    assert await ann.refused("POST", f"/api/groups/{club}/invitations/{invitation}/link") == UNKNOWN


async def test_of_twenty_who_open_one_link_one_comes(house: House) -> None:
    club, [ann] = await house.club("Ann")
    secret = await secret_of(ann, club, await invited(ann, club))
    async with coming_from(house, new_address()) as http:
        answers = await asyncio.gather(
            *(http.post("/api/invitations/accept", json={"secret": secret}) for _ in range(20))
        )
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 19
    assert len((await ann.snapshot(club))["members"]) == 2


async def test_whoever_lost_the_answer_comes_again_with_the_same_key(house: House) -> None:
    club, [ann] = await house.club("Ann")
    secret, key = await secret_of(ann, club, await invited(ann, club)), str(uuid7())
    first, again = await comes(house, secret, key=key), await comes(house, secret, key=key)
    assert first.user == again.user
    assert first.refresh_token != again.refresh_token
    assert await turned_away(house, secret) == SHUT
    async with house.http() as http:
        other = await http.post("/api/invitations/accept", json={"secret": secret, "key": str(uuid7())})
    assert other.json()["code"] == "invalid_code"
    assert len((await ann.snapshot(club))["members"]) == 2


async def test_whoever_is_signed_in_comes_with_that_account(house: House) -> None:
    club, [ann] = await house.club("Ann")
    ben = await house.person("Ben")
    secret, key = await secret_of(ann, club, await invited(ann, club, "Benjamin")), str(uuid7())
    for _ in range(2):
        came = await ben.ok("POST", "/api/invitations/accept", {"secret": secret, "key": key})
        assert (came["group"], came["name"], came["user"]) == (club, "Chess club", ben.user)
        assert "refresh_token" not in came
    assert (await ben.entry(club))["name"] == "Chess club"
    assert [m["name"] for m in (await ann.snapshot(club))["members"] if m["user"] == ben.user] == ["Ben"]


async def test_a_members_invitation_is_over_once_they_open_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    invitation = await invited(ann, club)
    await ben.ok("POST", "/api/invitations/accept", {"secret": await secret_of(ann, club, invitation)})
    assert (await one(ann, club, invitation))["state"] == "came"
    assert [a["type"] for a in await ben.actions(club)].count("member_joined") == 2


async def test_a_token_that_is_no_good_does_not_come_as_a_stranger(house: House) -> None:
    club, [ann] = await house.club("Ann")
    secret = await secret_of(ann, club, await invited(ann, club))
    async with house.http() as http:
        answer = await http.post(
            "/api/invitations/accept", json={"secret": secret}, headers={"authorization": "Bearer x"}
        )
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    await comes(house, secret)


async def test_a_browser_may_keep_the_refresh_token_in_a_cookie(house: House) -> None:
    club, [ann] = await house.club("Ann")
    secret = await secret_of(ann, club, await invited(ann, club))
    async with house.http() as http:
        answer = await http.post("/api/invitations/accept", json={"secret": secret, "keep": "cookie"})
        assert "refresh_token" not in answer.json()
        assert "HttpOnly" in answer.headers["set-cookie"]
        renewed = await http.post("/api/tokens", json={"keep": "cookie"})
    assert renewed.json()["user"] == answer.json()["user"]


async def test_each_row_is_told_what_became_of_it(house: House) -> None:
    club, [ann] = await house.club("Ann")
    known, fresh = address(), address()
    await invite(ann, club, {"name": "Ben", "email": known}, {"name": "Zoe"})
    made = await invite(
        ann,
        club,
        {"name": "Benny", "email": known.upper()},
        {"name": "Cleo", "email": fresh},
        {"name": "Cleo again", "email": fresh},
        {"name": "Dan", "email": "dan at example.org"},
        {"name": "\u202e", "email": address()},
        {"name": "x" * 61},
        {"name": "zoe"},
        {"name": "Eve", "email": f"eve@example.org\r\nBcc: {address()}"},
        {"name": "Fay", "email": ""},
    )
    told = [(row["is"], row.get("why")) for row in made["rows"]]
    assert told == [
        ("known", None),
        ("new", None),
        ("known", None),
        ("wrong", "email"),
        ("wrong", "name"),
        ("wrong", "name"),
        ("known", None),
        ("wrong", "email"),
        ("new", None),
    ]
    assert [row["row"] for row in made["rows"]] == list(range(9))
    assert made["sent"] == 1
    assert [each["name"] for each in (await listed(ann, club))["invitations"]] == [
        "Ben",
        "Zoe",
        "Cleo",
        "Fay",
    ]


async def test_the_same_key_invites_once(house: House) -> None:
    club, [ann] = await house.club("Ann")
    said = {"key": str(uuid7()), "people": [{"name": "Ben", "email": address()}]}
    path = f"/api/groups/{club}/invitations"
    answers = await asyncio.gather(*(ann.http.post(path, json=said, headers=ann.headers) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert await ann.refused("POST", path, said | {"send": False}) == (409, "id_conflict")
    admins = max(await ann.groups())
    told = [a for a in await ann.actions(admins) if a["type"] == "invitations_sent"]
    assert [(a["by"], a["n"]) for a in told] == [(ann.user, 1)]


async def test_only_who_runs_a_club_invites_into_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    invitation = await invited(ann, club, "Cleo")
    path = f"/api/groups/{club}/invitations"
    people = {"key": str(uuid7()), "people": [{"name": "Dan"}]}
    for who, answer in ((ben, FORBIDDEN), (xenia, UNKNOWN)):
        assert await who.refused("POST", path, people) == answer
        assert await who.refused("GET", path) == answer
        assert await who.refused("POST", f"{path}/send", {}) == answer
        assert await who.refused("POST", f"{path}/{invitation}/link") == answer
        assert await who.refused("DELETE", f"{path}/{invitation}") == answer
    other, [dora] = await house.club("Dora")
    assert await dora.refused("DELETE", f"/api/groups/{other}/invitations/{invitation}") == UNKNOWN
    assert await dora.refused("POST", f"/api/groups/{other}/invitations/{invitation}/link") == UNKNOWN
    notes = min(await ann.groups())
    assert await ann.refused("POST", f"/api/groups/{notes}/invitations", people) == FORBIDDEN
    assert (await one(ann, club, invitation))["state"] == "invited"


async def test_a_withdrawn_invitation_opens_nothing_and_its_address_is_forgotten(house: House) -> None:
    club, [ann] = await house.club("Ann")
    invitation = await invited(ann, club)
    secret = await secret_of(ann, club, invitation)
    await ann.ok("DELETE", f"/api/groups/{club}/invitations/{invitation}")
    assert await turned_away(house, secret) == SHUT
    entry = await one(ann, club, invitation)
    assert (entry["state"], entry["email"], entry["due"]) == ("withdrawn", None, False)
    assert await ann.refused("DELETE", f"/api/groups/{club}/invitations/{invitation}") == UNKNOWN
    assert (await listed(ann, club, waiting=True))["invitations"] == []


async def test_no_answer_tells_whether_an_address_has_an_account(house: House) -> None:
    """Abuse 24."""
    club, [ann] = await house.club("Ann")
    ben = await house.person("Ben", with_email=True)
    theirs = (await ben.me())["email"]
    await ben.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    has_account = (await (await house.person("Cleo", with_email=True)).me())["email"]
    answers = []
    for email in (theirs, has_account, address("nobody")):
        made = await invite(ann, club, {"name": "Somebody", "email": email})
        made["rows"][0].pop("invitation")
        answers.append(made)
    assert answers[0] == answers[1] == answers[2]


async def test_no_link_tells_what_a_blocked_person_signs_in_with(house: House, blocking: Block) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    theirs = address()
    await ben.ok("PUT", "/api/me/sign-in", {"email": theirs, "password": "correct horse battery"})
    await ann.remove(club, ben.user)
    await blocking(club, ben.user)
    for email in (theirs, address("nobody")):
        [row] = (await invite(ann, club, {"name": "Somebody", "email": email}, send=False))["rows"]
        secret = await secret_of(ann, club, row["invitation"])
        async with house.http() as http:
            assert (await http.post("/api/invitations/preview", json={"secret": secret})).status_code == 200


async def test_whom_the_club_has_blocked_no_invitation_lets_in(house: House, blocking: Block) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    email = address()
    made = await invite(ann, club, {"name": "Ben", "email": email}, {"name": "Anybody"}, send=False)
    first, anyones = [await secret_of(ann, club, row["invitation"]) for row in made["rows"]]
    await ben.ok("POST", "/api/invitations/accept", {"secret": first})
    await ann.remove(club, ben.user)
    await blocking(club, ben.user)
    again = await invite(ann, club, {"name": "Ben", "email": email}, send=False)
    own = await secret_of(ann, club, again["rows"][0]["invitation"])
    for call in ("accept", "preview"):
        assert await turned_away(house, own, call) == SHUT
    assert await ben.refused("POST", "/api/invitations/accept", {"secret": own}) == SHUT
    assert await ben.refused("POST", "/api/invitations/accept", {"secret": anyones}) == SHUT
    await comes(house, anyones)
