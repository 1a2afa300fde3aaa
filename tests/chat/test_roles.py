"""Who runs a club: given, handed over, given up; and that it is never nobody."""

import asyncio
import json
import random

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
LAST = (409, "last_owner")
TIMES = 40


async def nothing(_: object) -> None:
    """F17 at the end is enough."""


async def a_club(house: House, *names: str) -> tuple[int, list[Person]]:
    """A club of people who all can sign in again; the first owns it."""
    people = [await house.person(name, with_email=True) for name in names]
    made = await people[0].create_club()
    for person in people[1:]:
        await person.join(made["code"])
    return made["group"], people


def path(club: int, person: Person) -> str:
    return f"/api/groups/{club}/members/{person.user}/role"


async def give(asker: Person, club: int, person: Person, role: str, **more: bool) -> None:
    await asker.ok("PUT", path(club, person), {"role": role} | more)


async def roles(person: Person, group: int) -> dict[str, str]:
    """Of those who are there, by name."""
    members = (await person.snapshot(group))["members"]
    return {member["name"]: member["role"] for member in members if not member["left"]}


async def admins_of(person: Person, club: int) -> int | None:
    found = [g for g in (await person.me())["groups"] if (g["kind"], g["parent"]) == ("admins", club)]
    return int(found[0]["group"]) if found else None


async def said(person: Person, group: int, after: int = 0) -> list[Json]:
    return [
        {key: value for key, value in action.items() if key not in ("seq", "at")}
        for action in await person.actions(group, after)
    ]


async def audited(postgres: EmbeddedPostgres, club: int) -> list[tuple[str, str, str | None, Json]]:
    """The record, which no call of these shows."""
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    writer = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    try:
        rows = await writer.fetch(
            "select b.name as by, what, a.name as about, details from audit"
            " join users b on b.id = by_user left join users a on a.id = about_user"
            " where group_id = $1 order by audit.id",
            club,
        )
    finally:
        await writer.close()
    return [(row["by"], row["what"], row["about"], json.loads(row["details"])) for row in rows]


async def test_an_owner_makes_an_admin_who_reads_all_that_admins_know(house: House) -> None:
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    admins = await admins_of(ann, club)
    assert admins is not None
    await ann.post(admins, "Shall we ask Ben?")
    await give(ann, club, ben, "admin")
    assert await admins_of(ben, club) == admins
    assert [m["text"] for m in (await ben.page(admins))["messages"]] == ["Shall we ask Ben?"]
    assert await roles(ben, club) == await roles(ben, admins) == {"Ann": "owner", "Ben": "admin"}
    changed = {"type": "role_changed", "user": ben.user, "role": "admin", "by": ann.user}
    assert (await said(ann, club))[-1] == changed
    entry = await ben.entry(club)
    assert (entry["role"], entry["manages"]) == ("admin", True)
    room = await ann.channel(club)
    await ben.ok("PATCH", f"/api/groups/{room}", {"announce": True})
    head = entry["head"]
    await give(ann, club, ben, "admin")
    assert (await ben.entry(club))["head"] == head + 1  # the room; the same role again changes nothing


async def test_whoever_steps_down_hears_no_more_of_what_admins_know(house: House) -> None:
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    admins = await admins_of(ann, club)
    assert admins is not None
    his = await ben.device()
    await give(ann, club, ben, "admin")
    await ann.post(admins, "Good evening")
    await his.until(lambda: len(his.log.get(admins, [])) == 2)
    assert [action["type"] for action in his.log[admins]] == ["member_joined", "message_posted"]
    room = await ann.channel(club, announce=True)
    await ben.post(room, "Tonight at seven")
    await give(ben, club, ben, "member")
    await ann.post(admins, "He is gone")
    await ann.post(club, "Good evening all")
    await his.until(lambda: his.log[club][-1]["type"] == "message_posted")
    assert [action["type"] for action in his.log[admins][2:]] == ["member_removed"]
    assert await ben.refused("GET", f"/api/groups/{admins}/messages") == UNKNOWN
    entry = await ben.entry(room)
    assert (entry["manages"], entry["may_post"]) == (False, False)
    assert await roles(ann, admins) == {"Ann": "owner"}


async def test_who_may_make_whom_what(house: House) -> None:
    """Abuse 7."""
    club, [ann, ada, ben, cleo] = await a_club(house, "Ann", "Ada", "Ben", "Cleo")
    xenia = await house.person("Xenia", with_email=True)
    await give(ann, club, ada, "admin")
    for role in ("owner", "admin", "member"):
        for asker, person in (
            (ben, ben), (ben, cleo), (ben, ada), (ben, ann), (ada, ann), (ada, ben),
        ):  # fmt: skip
            assert await asker.refused("PUT", path(club, person), {"role": role}) == FORBIDDEN
        for asker, person in ((xenia, xenia), (xenia, ben), (ann, xenia)):
            assert await asker.refused("PUT", path(club, person), {"role": role}) == UNKNOWN
    assert await ada.refused("PUT", path(club, ada), {"role": "owner"}) == FORBIDDEN
    assert await ada.refused("PUT", path(club, ben), {"role": "owner", "hand_over": True}) == FORBIDDEN
    assert await ann.refused("PUT", path(club, ann), {"role": "owner", "hand_over": True}) == FORBIDDEN
    wrong = {"role": "admin", "hand_over": True}
    assert await ann.refused("PUT", path(club, ben), wrong) == (400, "invalid_field")
    for user in ("u_nobody", "x" * 300):
        assert (
            await ann.refused("PUT", f"/api/groups/{club}/members/{user}/role", {"role": "admin"}) == UNKNOWN
        )
    assert await roles(ben, club) == {"Ann": "owner", "Ada": "admin", "Ben": "member", "Cleo": "member"}
    await give(ada, club, ada, "member")
    assert (await roles(ben, club))["Ada"] == "member"


async def test_roles_are_a_clubs_and_nothing_elses(house: House) -> None:
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    room, private, dm = await ann.channel(club), await ann.channel(club, private=True), await ann.dm(ben)
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user]})
    admins = await admins_of(ann, club)
    assert admins is not None
    for group in (private, dm):
        assert await ann.refused("PUT", path(group, ben), {"role": "owner"}) == FORBIDDEN
    for group in (room, admins):
        assert await ann.refused("PUT", path(group, ben), {"role": "owner"}) == UNKNOWN
    assert await ann.refused("PUT", path(admins, ann), {"role": "member"}) == FORBIDDEN


async def test_whoever_comes_to_run_a_club_can_sign_in_again(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")  # Ben has a name and nothing else
    for role in ("admin", "owner"):
        answer = await ann.call("PUT", path(club, ben), {"role": role})
        assert (answer.status_code, answer.json()["code"]) == (409, "their_sign_in_needed")
    hand_over = {"role": "owner", "hand_over": True}
    assert await ann.refused("PUT", path(club, ben), hand_over) == (409, "their_sign_in_needed")
    assert await roles(ann, club) == {"Ann": "owner", "Ben": "member"}
    await ben.ok("PUT", "/api/me/sign-in", {"email": f"{ben.user}@example.org", "password": "correct horse"})
    await give(ann, club, ben, "admin")


async def test_the_last_owner_neither_steps_down_nor_leaves(house: House) -> None:
    """Abuse 7."""
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    await give(ann, club, ben, "admin")
    for role in ("admin", "member"):
        assert await ann.refused("PUT", path(club, ann), {"role": role}) == LAST
    assert await ann.refused("DELETE", f"/api/groups/{club}/members/{ann.user}") == LAST
    await give(ann, club, ben, "owner")
    await give(ann, club, ann, "member")
    assert await roles(ann, club) == {"Ann": "member", "Ben": "owner"}
    assert await ben.refused("DELETE", f"/api/groups/{club}/members/{ben.user}") == LAST
    await ann.remove(club, ann.user)


async def test_a_club_is_handed_over_in_one_moment(house: House) -> None:
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    admins = await admins_of(ann, club)
    assert admins is not None
    head = (await ann.entry(club))["head"]
    await give(ann, club, ben, "owner", hand_over=True)
    assert await roles(ann, club) == await roles(ann, admins) == {"Ann": "admin", "Ben": "owner"}
    assert [(one["type"], one["user"], one["role"]) for one in await said(ann, club, head)] == [
        ("role_changed", ben.user, "owner"),
        ("role_changed", ann.user, "admin"),
    ]
    assert await ann.refused("PUT", path(club, ben), {"role": "member"}) == FORBIDDEN
    await give(ann, club, ann, "member")
    await ann.remove(club, ann.user)


async def test_two_owners_who_demote_each_other_at_once_leave_one(house: House) -> None:
    """Judged after the lock: whoever comes second is no owner any more."""
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    ann.changed = ben.changed = nothing
    rng = random.Random(7)
    owner, other = ann, ben
    for _ in range(TIMES):
        await give(owner, club, other, "owner")
        role = rng.choice(["admin", "member"])
        pairs = [(owner, other), (other, owner), (owner, owner), (other, other)][: rng.choice([2, 3, 4])]
        rng.shuffle(pairs)
        calls = [asker.call("PUT", path(club, one), {"role": role}) for asker, one in pairs]
        answers = [answer.status_code for answer in await asyncio.gather(*calls)]
        assert 204 in answers
        assert set(answers) <= {204, 403, 409}
        found = await roles(ann, club)
        owners = [person for person, name in ((ann, "Ann"), (ben, "Ben")) if found[name] == "owner"]
        assert len(owners) == 1, (answers, found)
        owner, other = owners[0], ben if owners[0] is ann else ann
        await give(owner, club, other, "member")
    assert (await roles(ann, club)).keys() == {"Ann", "Ben"}


@pytest.mark.parametrize("act", ["label", "promote", "remove"])
async def test_what_somebody_does_while_they_are_demoted_happens_before_or_not_at_all(
    house: House, act: str
) -> None:
    """The log tells the order: nothing that only an owner may do stands behind the demotion."""
    club, [ann, ben, cleo] = await a_club(house, "Ann", "Ben", "Cleo")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ann.changed = ben.changed = cleo.changed = nothing
    met = set()
    for n in range(TIMES // 3):
        await give(ann, club, ben, "owner")
        head = (await ann.entry(club))["head"]
        deed = {
            "label": ("PUT", f"/api/groups/{club}/labels/{uuid7()}", {"name": f"L{n}"}),
            "promote": ("PUT", path(club, cleo), {"role": "admin"}),
            "remove": ("DELETE", f"/api/groups/{club}/members/{cleo.user}", None),
        }[act]
        demoted, done = await asyncio.gather(
            ann.call("PUT", path(club, ben), {"role": "member"}), ben.call(*deed)
        )
        assert demoted.status_code == 204
        log = [(one["type"], one.get("user"), one.get("by")) for one in await said(ann, club, head)]
        end = log.index(("role_changed", ben.user, ann.user))
        his = [n for n, (_, _, by) in enumerate(log) if by == ben.user]
        assert len(his) == (done.status_code == 204)
        assert all(n < end for n in his)
        assert done.status_code in (204, 403)
        met.add(done.status_code)
        if act == "promote":
            await give(ann, club, cleo, "member")
        if act == "remove" and done.status_code == 204:
            await cleo.join(code)
    assert met <= {204, 403}


async def test_whoever_is_demoted_announces_nothing_after_it(house: House) -> None:
    """What a role lets one do in a room comes before the demotion in the club, or not at all."""
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    room = await ann.channel(club, announce=True)
    ann.changed = ben.changed = nothing
    for _ in range(TIMES // 4):
        await give(ann, club, ben, "admin")
        posts = [
            ben.call("PUT", f"/api/messages/{uuid7()}", {"group": room, "text": "hear"}) for _ in range(4)
        ]
        demoted = ann.call("PUT", path(club, ben), {"role": "member"})
        answers = [answer.status_code for answer in await asyncio.gather(*posts[:2], demoted, *posts[2:])]
        assert answers[2] == 204
        assert set(answers) <= {201, 204, 403}
        end = (await ann.actions(club))[-1]
        assert (end["type"], end["role"]) == ("role_changed", "member")
        said = [action for action in await ann.actions(room) if action["type"] == "message_posted"]
        assert all(action["at"] < end["at"] for action in said)


async def test_what_was_done_to_roles_and_labels_stands_in_the_record(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben] = await a_club(house, "Ann", "Ben")
    await give(ann, club, ben, "admin")
    await give(ann, club, ben, "owner", hand_over=True)
    tenor = "01900000-0000-7000-8000-0000000000aa"
    await ben.ok("PUT", f"/api/groups/{club}/labels/{tenor}", {"name": "Tenor"})
    await ben.ok("PUT", f"/api/groups/{club}/labels/{tenor}", {"name": "Tenors"})
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": [tenor]})
    await ben.ok("DELETE", f"/api/groups/{club}/labels/{tenor}")
    assert await audited(postgres, club) == [
        ("Ann", "role_changed", "Ben", {"role": "admin", "was": "member"}),
        ("Ann", "role_changed", "Ben", {"role": "owner", "was": "admin"}),
        ("Ann", "role_changed", "Ann", {"role": "admin", "was": "owner"}),
        ("Ben", "label_defined", None, {"name": "Tenor"}),
        ("Ben", "label_defined", None, {"name": "Tenors", "was": "Tenor"}),
        ("Ann", "member_labelled", "Ben", {"added": ["Tenors"], "removed": []}),
        ("Ben", "label_removed", None, {"name": "Tenors"}),
    ]
