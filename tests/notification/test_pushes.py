"""What is to be pushed goes out once, or once more after a kill; it takes the place of what stands there, and
goes when it is read elsewhere (F13).
"""

import asyncio
from typing import Any

import msgspec
import pytest

from clubroom.dba import pushing
from clubroom.notification.pushes import GOOD_S, LEASE_S, WAITS_S
from clubroom.ports.push import NotPushed, Push, payload
from house.person import Person
from house.uuid7 import uuid7
from house.within import within
from notification.post_office import Post, PostOffice


def said(push: Push) -> dict[str, Any]:
    """As it arrives."""
    found: dict[str, Any] = msgspec.json.decode(payload(push))
    return found


async def told(office: PostOffice, *texts: str) -> tuple[int, Person, Person, list[int]]:
    """Ben's phone is to be told of what Ann says: the group, both of them, and the seqs."""
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    seqs = [(await ann.post(club, text))["seq"] for text in texts]
    await office.decide()
    return club, ann, ben, seqs


async def test_a_push_says_who_where_and_what_and_nothing_else(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    name = uuid7()
    seq = (await ann.post(club, f"<@{ben.user}> and <@all>, **hello** " + "word " * 100, name))["seq"]
    await office.decide()
    [push] = await office.send()
    content = said(push)
    body = content.pop("body")
    assert body.startswith("@Ben and @all, **hello** word")
    assert len(body) <= 300
    assert content["data"].pop("at").startswith("20")
    data = {"kind": "message", "group": str(club), "message": str(name), "seq": str(seq), "silent": "0"}
    assert content == {"topic": f"g{club}", "title": "Ann · Chess club", "badge": 1, "data": data}


async def test_whoever_was_killed_between_the_call_and_the_mark_pushes_it_once_more_under_the_same_topic(
    office: PostOffice,
) -> None:
    await told(office, "hello")
    taken = asyncio.Event()

    class Slow(Post):
        async def send(self, push: Push) -> None:
            await super().send(push)
            taken.set()
            await asyncio.Event().wait()

    slow = Slow()
    job = office.pushing(slow)
    killed = asyncio.create_task(job())
    async with within(10, "the service had the push and had not said so"):
        await taken.wait()
    for task in [killed, *job._under_way]:
        task.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    assert await office.send() == []  # what the killed one took is its own, as long as the lease lasts
    [again] = await office.send(after_s=LEASE_S + 1)
    assert (again.topic, said(again)) == (slow.pushes[0].topic, said(slow.pushes[0]))
    assert await office.send(after_s=LEASE_S + 1) == []


async def test_many_who_send_at_once_send_each_push_once(office: PostOffice) -> None:
    club, people = await office.house.club("Ann", *(f"P{n}" for n in range(20)))
    for person in people[1:]:
        await office.phone(person)
    await people[0].post(club, "hello")
    await office.decide()
    post = Post()
    jobs = [office.pushing(post) for _ in range(4)]
    while any(await asyncio.gather(*(job() for job in jobs))):
        pass
    assert len({push.target.address for push in post.pushes}) == len(post.pushes) == 20


async def test_what_is_refused_is_tried_again_later_and_later_until_it_says_nothing_new(
    office: PostOffice,
) -> None:
    _, _, ben, _ = await told(office, "hello")
    assert await office.send(NotPushed("busy", retry_s=100)) == []
    assert await office.send(after_s=99) == []
    assert await office.send(NotPushed("busy"), after_s=1.5 * 100) == []
    [push] = await office.send(after_s=1.5 * WAITS_S[1])
    assert said(push)["body"] == "hello"
    assert (await ben.ok("GET", "/api/me/push"))["failed"] is None


@pytest.mark.parametrize(
    "refusal", [NotPushed("too_large", permanent=True), NotPushed("busy", retry_s=GOOD_S)]
)
async def test_what_never_goes_out_is_given_up_and_its_person_is_told_why(
    office: PostOffice, refusal: NotPushed
) -> None:
    club, ann, ben, _ = await told(office)
    name = uuid7()
    await ann.post(club, "hello", name)
    await office.decide()
    assert await office.send(refusal) == []
    assert await office.send(after_s=2 * GOOD_S) == []
    assert await office.why(ben, name) == "failed"
    assert (await ben.ok("GET", "/api/me/push"))["failed"] == refusal.code


async def test_a_device_that_is_no_more_is_forgotten(office: PostOffice) -> None:
    club, ann, ben, _ = await told(office, "hello")
    assert await office.send(NotPushed("gone", gone=True)) == []
    assert (await ben.ok("GET", "/api/me/push"))["on"] is False
    await ann.post(club, "again")
    await office.decide()
    assert await office.send(after_s=3_600) == []


async def test_a_device_that_hangs_holds_up_no_other(office: PostOffice) -> None:
    club, people = await office.house.club("Ann", *(f"P{n}" for n in range(5)))
    for person in people[1:]:
        await office.phone(person)
    await people[0].post(club, "hello")
    await office.decide()
    hangs = people[1].user

    class OneHangs(Post):
        async def send(self, push: Push) -> None:
            if push.target.address.endswith(hangs):
                await asyncio.Event().wait()
            await super().send(push)

    post = OneHangs()
    job = office.pushing(post)
    async with within(10, "the others were told"):
        while len(post.pushes) < 4:
            await job()
    for task in job._under_way:
        task.cancel()
    await job.finish()
    outcomes = await office.writer.fetch("select coalesce(outcome, 'waits') as o from pushes order by 1")
    assert [row["o"] for row in outcomes] == ["pushed"] * 4 + ["waits"]


async def test_the_newest_of_a_conversation_takes_the_place_of_the_others_and_rings_no_second_time(
    office: PostOffice,
) -> None:
    club, ann, _, _ = await told(office, "one", "two")
    [first] = await office.send()
    await ann.post(club, "three")
    await office.decide()
    [second] = await office.send()
    assert [said(push)["body"] for push in (first, second)] == ["two", "three"]
    assert [said(push)["data"]["silent"] for push in (first, second)] == ["0", "1"]
    assert first.topic == second.topic
    await ann.post(club, "four")
    await office.decide()
    [third] = await office.send(after_s=60)
    assert said(third)["data"]["silent"] == "0"


async def test_what_is_read_elsewhere_is_taken_from_the_device_once(office: PostOffice) -> None:
    club, ann, ben, [_, two] = await told(office, "one", "two")
    await office.send()
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": two - 1})
    assert await office.send(after_s=5) == []  # what stands there is the newest, and is not read
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": two})
    [push] = await office.send(after_s=5)
    data = {"kind": "read", "group": str(club), "seq": str(two)}
    assert said(push) == {"topic": f"g{club}", "badge": 0, "data": data, "withdraw": True}
    await ann.post(club, "three")
    assert await office.send(after_s=5) == []


async def test_what_is_deleted_does_not_go_on_standing_on_a_device(office: PostOffice) -> None:
    club, ann, ben, _ = await told(office)
    name = uuid7()
    await ann.post(club, "a slip", name)
    await office.decide()
    await office.send()
    await ann.ok("DELETE", f"/api/messages/{name}")
    [push] = await office.send(after_s=5)
    assert push.withdraw
    assert await office.why(ben, name) == "withdrawn"


async def test_what_goes_out_after_something_newer_was_taken_back_is_taken_back_as_well(
    office: PostOffice,
) -> None:
    club, ann, ben, [six] = await told(office, "six")
    assert await pushing.take(
        office.house.process.db, 10, lease_s=LEASE_S, good_s=GOOD_S, moment=office.now
    )  # and killed
    newer = uuid7()
    await ann.post(club, "seven", newer)
    await office.decide()
    await office.send()
    await ann.ok("DELETE", f"/api/messages/{newer}")
    [back] = await office.send(after_s=5)
    assert back.withdraw
    [late] = await office.send(after_s=LEASE_S)
    assert said(late)["data"]["seq"] == str(six)
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": six})
    [push] = await office.send(after_s=5)
    assert push.withdraw


async def test_what_says_nothing_any_more_holds_up_nobody_who_waits_behind_it(office: PostOffice) -> None:
    club, ann, _, _ = await told(office)
    for _ in range(3):
        name = uuid7()
        await ann.post(club, "a slip", name)
        await office.decide()
        await ann.ok("DELETE", f"/api/messages/{name}")
    _, _, cem, [seq] = await told(office, "hello")
    db = office.house.process.db
    [push] = await pushing.take(db, 1, lease_s=LEASE_S, good_s=GOOD_S, moment=office.now)
    assert (push.user, push.seq) == (office.key(cem), seq)


async def test_what_was_read_while_it_was_on_its_way_is_withdrawn(office: PostOffice) -> None:
    club, _, ben, [seq] = await told(office, "hello")

    class ReadMeanwhile(Post):
        async def send(self, push: Push) -> None:
            if not push.withdraw:
                await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": seq})
            await super().send(push)

    post = ReadMeanwhile()
    job = office.pushing(post)
    while await job():
        pass
    [push] = await office.send(after_s=5)
    assert push.withdraw


async def test_a_device_asks_for_a_push_to_see_whether_it_arrives(office: PostOffice) -> None:
    ben = await office.house.person("Ben")
    assert await ben.refused("POST", "/api/me/push/test") == (404, "not_found")
    await office.phone(ben)
    for _ in range(3):
        await ben.ok("POST", "/api/me/push/test")
    [push] = await office.send(after_s=1)
    assert said(push)["title"] == "It works"
    state = await ben.ok("GET", "/api/me/push")
    assert (state["on"], state["kind"], state["failed"]) == (True, "web", None)
    assert state["pushed_at"]


async def test_an_address_belongs_to_whoever_named_it_last(office: PostOffice) -> None:
    ann, ben = await office.house.person("Ann"), await office.house.person("Ben")
    for person in (ann, ben):
        await office.phone(person, "the-same-browser")
    assert [(await person.ok("GET", "/api/me/push"))["on"] for person in (ann, ben)] == [False, True]
    await ben.ok("DELETE", "/api/me/push")
    assert (await ben.ok("GET", "/api/me/push"))["on"] is False


async def test_what_gave_way_to_a_message_that_never_went_out_goes_out_after_all(office: PostOffice) -> None:
    club, ann, ben, _ = await told(office)
    first, slip = uuid7(), uuid7()
    await ann.post(club, "training moved to six", first)
    await ann.post(club, "a slip", slip)
    await office.decide()
    assert await office.send(NotPushed("busy")) == []
    assert await office.why(ben, first) == "collapsed"
    await ann.ok("DELETE", f"/api/messages/{slip}")
    [push] = await office.send(after_s=60)
    assert said(push)["body"] == "training moved to six"


async def test_what_is_older_never_goes_out_after_what_is_newer(office: PostOffice) -> None:
    club, ann, _, _ = await told(office, "five")
    assert await office.send(NotPushed("busy", retry_s=60)) == []
    await ann.post(club, "six")
    await office.decide()
    assert await office.send() == []  # its device is left in peace for as long
    [push] = await office.send(after_s=120)
    assert said(push)["body"] == "six"
    assert await office.send(after_s=3_600) == []


async def test_a_push_that_waited_meets_the_wishes_of_its_person_once_more(office: PostOffice) -> None:
    club, ann, ben, _ = await told(office)
    name = uuid7()
    await ann.post(club, "hello", name)
    await office.decide()
    assert await office.send(NotPushed("busy")) == []
    await ben.ok("PUT", f"/api/groups/{club}/mute", {"for_s": None})
    assert await office.send(after_s=60) == []
    assert await office.why(ben, name) == "unwanted"


async def test_what_was_deleted_or_read_further_while_it_was_on_its_way_is_taken_back(
    office: PostOffice,
) -> None:
    club, ann, _, _ = await told(office)
    name = uuid7()
    await ann.post(club, "a slip", name)
    await office.decide()

    class DeletedMeanwhile(Post):
        async def send(self, push: Push) -> None:
            if not push.withdraw:
                await ann.ok("DELETE", f"/api/messages/{name}")
            await super().send(push)

    post = DeletedMeanwhile()
    job = office.pushing(post)
    while await job():
        pass
    assert [push.withdraw for push in post.pushes] == [False, True]


async def test_the_number_at_the_face_is_what_the_client_counts(office: PostOffice) -> None:
    club, ann, ben, _ = await told(office)
    quiet, talk = await ann.channel(club, "Plans", landing=True), await ann.dm(ben)
    await ben.ok("PUT", f"/api/groups/{quiet}/level", {"level": "nothing"})
    for group, text in ((quiet, f"<@{ben.user}>"), (club, "hello"), (club, f"<@{ben.user}>"), (talk, "hm")):
        await ann.post(group, text)
    await office.decide()
    pushed = {push.topic: push.badge for push in await office.send()}
    assert pushed == {f"g{club}": 2, f"g{talk}": 2}


async def test_what_is_older_than_a_week_is_forgotten(office: PostOffice) -> None:
    club, ann, ben, _ = await told(office)
    name = uuid7()
    await ann.post(club, "hello", name)
    await office.decide()
    await office.send()
    forget = "select forget_tellings(100, now() + interval '{} days')"
    await office.writer.fetchval(forget.format(6))
    assert await office.why(ben, name) == "pushed"
    await office.writer.fetchval(forget.format(8))
    assert await office.why(ben, name) == "forgotten"
