"""Who is told of a message: whoever has not had it before their eyes, nobody twice, and never against their
wish.
"""

import asyncio
from functools import partial

import pytest

from clubroom.notification.decision import WAIT_S
from house.person import Person
from house.uuid7 import uuid7
from notification.post_office import PostOffice


async def waiting(office: PostOffice) -> list[tuple[int, int, int]]:
    """(group, seq, person) of what is to be pushed."""
    rows = await office.writer.fetch(
        "select group_id, seq, user_id from pushes where kind = 'message' and done_at is null order by id"
    )
    return [tuple(row) for row in rows]


async def test_whoever_is_nowhere_here_is_pushed_at_once_on_each_of_their_devices(office: PostOffice) -> None:
    club, [ann, ben, cleo] = await office.house.club("Ann", "Ben", "Cleo")
    await office.phone(ben)
    said = uuid7()
    seq = (await ann.post(club, "hello", said))["seq"]
    assert await office.why(ben, said) == "waits"
    await office.decide()
    assert await waiting(office) == [(club, seq, office.key(ben))]
    assert await office.why(ben, said) == "waits"
    assert await office.why(cleo, said) == "none"
    assert await office.why(ann, said) == "own"
    [push] = await office.send()
    assert push.target.address.endswith(ben.user)
    assert await office.why(ben, said) == "pushed"
    assert not await office.send(after_s=3_600)


async def test_whoever_is_here_is_told_later_unless_a_device_shows_the_room_and_has_the_message(
    office: PostOffice,
) -> None:
    club, [ann, ben, cleo] = await office.house.club("Ann", "Ben", "Cleo")
    for person in (ben, cleo):
        await office.phone(person)
    looks, hidden = await ben.device(), await cleo.device()
    await looks.send(type="watch", group=club, on=True)
    said = uuid7()
    seq = (await ann.post(club, "hello", said))["seq"]
    for device in (looks, hidden):
        await device.until(partial(device.actions, club))
        await device.send(type="got", **{str(club): seq})
        await device.send(type="ping")
        await device.until(partial(device.heard, "pong"))
    await office.house.process.beat.looking.round()
    await office.decide([ben, cleo])
    assert await waiting(office) == []
    await office.decide([ben, cleo], after_s=WAIT_S - 2)
    assert await waiting(office) == []
    await office.decide([ben, cleo], after_s=3)
    assert await waiting(office) == [(club, seq, office.key(cleo))]
    assert await office.why(ben, said) == "shown"
    await office.send()
    assert await office.why(cleo, said) == "pushed"


async def test_what_a_device_shows_is_no_reason_unless_it_has_said_that_it_got_the_message(
    office: PostOffice,
) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    device = await ben.device()
    await device.send(type="watch", group=club, on=True)
    said = uuid7()
    await ann.post(club, "hello", said)
    await device.until(lambda: device.actions(club))
    await office.house.process.beat.looking.round()
    await office.decide([ben])
    await office.decide([ben], after_s=WAIT_S + 1)
    assert len(await waiting(office)) == 1


async def test_many_who_decide_at_once_decide_once(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    for n in range(40):
        await ann.post(club, f"line {n}")
    await asyncio.gather(*(office.decide() for _ in range(5)))
    rows = await waiting(office)
    assert len(rows) == len(set(rows)) == 40
    [push] = await office.send()  # one conversation, one notification: the newest
    assert push.body == "line 39"


async def test_read_in_time_nobody_is_told_and_read_before_it_is_sent_neither(office: PostOffice) -> None:
    club, [ann, ben, cleo] = await office.house.club("Ann", "Ben", "Cleo")
    for person in (ben, cleo):
        await office.phone(person)
    said = uuid7()
    seq = (await ann.post(club, "hello", said))["seq"]
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": seq})
    await office.decide()
    assert await office.why(ben, said) == "read"
    await cleo.ok("PUT", f"/api/groups/{club}/read", {"seq": seq})
    assert await office.send() == []
    assert await office.why(cleo, said) == "read"


async def test_who_has_left_or_signed_out_and_what_was_deleted_is_pushed_no_more(office: PostOffice) -> None:
    club, [ann, ben, cleo, dora] = await office.house.club("Ann", "Ben", "Cleo", "Dora")
    for person in (ben, cleo, dora):
        await office.phone(person)
    for n in range(2):
        await ann.post(club, f"line {n}")
    said = uuid7()
    await ann.post(club, "the last", said)
    await office.decide()
    await ann.remove(club, ben.user)
    await cleo.http.delete("/api/sessions/current", headers=cleo.headers)
    await ann.ok("DELETE", f"/api/messages/{said}")
    [push] = await office.send()
    assert push.body == "line 1"  # the newest that is left
    outcomes = await office.writer.fetch("select outcome, count(*) from pushes group by outcome order by 1")
    assert dict(map(tuple, outcomes)) == {"collapsed": 1, "gone": 7, "pushed": 1}


@pytest.mark.parametrize(
    ("wish", "plain", "called"),
    [
        ("level mentions", "level", "pushed"),
        ("level nothing", "level", "level"),
        ("muted", "muted", "pushed"),
        ("blocked", "blocked", "blocked"),
        ("quiet", "quiet", "quiet"),
        ("none", "pushed", "pushed"),
    ],
)
async def test_nobody_is_told_against_their_wish(
    office: PostOffice, wish: str, plain: str, called: str
) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    await wished(office, ben, club, wish, ann)
    answered, said, asked, reply = (uuid7() for _ in range(4))
    await ben.post(club, "who comes?", answered)
    await ann.post(club, "hello", said)
    await ann.post(club, f"<@{ben.user}>, hello", asked)
    await ann.ok("PUT", f"/api/messages/{reply}", {"group": club, "text": "I do", "reply_to": str(answered)})
    for _ in range(3):
        await office.decide()
        await office.send()
    kept = {"pushed": ("pushed", "collapsed")}
    assert await office.why(ben, said) in kept.get(plain, (plain,))
    assert await office.why(ben, asked) in kept.get(called, (called,))
    assert await office.why(ben, reply) in kept.get(called, (called,))


async def wished(office: PostOffice, person: Person, club: int, wish: str, other: Person) -> None:
    match wish.split():
        case ["level", level]:
            await person.ok("PUT", f"/api/groups/{club}/level", {"level": level})
        case ["muted"]:
            await person.ok("PUT", f"/api/groups/{club}/mute", {"for_s": None})
        case ["blocked"]:
            await person.ok("PUT", f"/api/me/blocks/{other.user}")
        case ["quiet"]:
            await person.ok("PATCH", "/api/me", {"time_zone": "Europe/Berlin"})
            await person.ok(
                "PUT", "/api/me/quiet", {"spans": [{"days": list(range(7)), "from": "00:00", "to": "00:00"}]}
            )


async def test_a_conversation_is_told_by_its_author_and_counts_unless_only_calls_are_wanted(
    office: PostOffice,
) -> None:
    _, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    talk = await ann.dm(ben)
    said, more = uuid7(), uuid7()
    await ann.post(talk, "between us", said)
    await office.decide()
    [push] = await office.send()
    assert await office.why(ben, said) == "pushed"
    assert (push.title, push.badge) == ("Ann", 1)
    await ben.ok("PUT", f"/api/groups/{talk}/level", {"level": "mentions"})
    await ann.post(talk, "and more", more)
    await office.decide()
    assert await office.why(ben, more) == "level"


async def test_a_room_that_is_not_in_somebodys_list_tells_them_only_what_calls_them(
    office: PostOffice,
) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    room = await ann.channel(club)
    said, asked = uuid7(), uuid7()
    await ann.post(room, "hello", said)
    await ann.post(room, f"<@{ben.user}>, hello", asked)
    await office.decide()
    await office.send()
    assert (await office.why(ben, said), await office.why(ben, asked)) == ("unfollowed", "pushed")


async def test_what_was_said_before_somebody_came_is_not_told_to_them(office: PostOffice) -> None:
    club, [ann] = await office.house.club("Ann")
    said = uuid7()
    await ann.post(club, "hello", said)
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ben = await office.house.person("Ben")
    await ben.join(code)
    await office.phone(ben)
    await office.decide()
    assert await waiting(office) == []
    assert await office.why(ben, said) == "before"


async def test_outsiders_learn_nothing_from_why(office: PostOffice) -> None:
    club, [ann] = await office.house.club("Ann")
    eve = await office.house.person("Eve")
    said = uuid7()
    await ann.post(club, "hello", said)
    assert await eve.refused("GET", f"/api/messages/{said}/why") == (404, "not_found")
    assert await eve.refused("GET", f"/api/messages/{uuid7()}/why") == (404, "not_found")
