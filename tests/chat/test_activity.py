"""Activity: who called, answered, reacted to or added somebody, as far as they may read it now."""

import itertools
from typing import Any
from uuid import UUID

import pytest

from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7


async def said(person: Person, group: int, text: str = "hello", **more: object) -> UUID:
    name = uuid7()
    more = {key: str(value) for key, value in more.items()}
    await person.ok("PUT", f"/api/messages/{name}", {"group": group, "text": text, **more})
    return name


async def page(person: Person, **asked: Any) -> Json:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return await person.ok("GET", f"/api/activity?{query}")


async def entries(person: Person) -> list[Json]:
    found: list[Json] = (await page(person, limit=50))["entries"]
    return found


async def kinds(person: Person) -> list[str]:
    return [entry["kind"] for entry in await entries(person)]


async def messages(person: Person) -> list[str]:
    return [entry["message"]["text"] for entry in await entries(person) if "message" in entry]


async def test_whoever_is_called_by_name_by_a_label_or_with_everybody_sees_who_and_where(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    label = uuid7()
    await ann.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": "tenor"})
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": [str(label)]})
    room = await ann.channel(club, "Plans", landing=True)
    for text in (f"<@{ben.user}> one", f"<@label:{label}> two", "<@all> three", "nobody"):
        await said(ann, room, text)
    both = await said(ann, club, f"<@{ben.user}> and <@all> and <@label:{label}>")
    found = await entries(ben)
    assert [entry["message"]["text"].split()[-1] for entry in found] == [
        f"<@label:{label}>",
        "three",
        "two",
        "one",
    ]
    assert {entry["kind"] for entry in found} == {"mention"}
    assert [entry["group"] for entry in found] == [club, room, room, room]
    assert found[0]["by"] == [{"user": ann.user, "name": "Ann"}]
    assert found[0]["message"]["id"] == str(both)
    assert found[0]["message"]["seq"] == found[0]["seq"]
    assert await entries(ann) == []  # nobody calls themselves
    await ben.ok("PUT", f"/api/groups/{room}/follow", {"on": False})
    assert [text.split()[-1] for text in await messages(ben)][1:] == [
        "two",
        "one",
    ]  # their list is without it


async def test_an_answer_to_ones_message_is_there_once_even_where_it_calls_one_too(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    mine, hers = await said(ben, club, "Who comes?"), await said(ann, club, "hers")
    await said(ann, club, f"I do, <@{ben.user}>", reply_to=mine)
    await said(ben, club, "me too", reply_to=mine)
    await said(ann, club, "of my own", reply_to=hers)
    [entry] = await entries(ben)
    assert (entry["kind"], entry["message"]["reply_to"]) == ("reply", str(mine))
    assert await entries(ann) == []


async def test_reactions_to_a_message_are_one_entry_and_go_as_they_are_taken_back(house: House) -> None:
    club, [ann, ben, cleo, dan, eve] = await house.club("Ann", "Ben", "Cleo", "Dan", "Eve")
    mine = await said(ben, club, "I won")
    await ben.react(mine, "🎉")
    assert await entries(ben) == []
    for person, emote in ((ann, "👍"), (cleo, "👍"), (dan, "❤"), (eve, "👍"), (ann, "❤")):
        await person.react(mine, emote)
    await said(ann, club, f"<@{ben.user}> well done")
    await dan.react(mine, "🎉")
    [entry, _] = await entries(ben)
    assert (entry["kind"], entry["people"], entry["message"]["text"]) == ("reaction", 4, "I won")
    assert [one["name"] for one in entry["by"]] == ["Dan", "Ann", "Eve"]
    assert entry["emotes"] == ["❤️", "🎉", "👍"]
    for emote in ("🎉", "❤"):
        await dan.react(mine, emote, on=False)
    [_, entry] = await entries(ben)  # what is left of it is older
    assert (entry["people"], entry["by"][0]["name"]) == (3, "Ann")
    for person, emote in ((ann, "👍"), (cleo, "👍"), (eve, "👍"), (ann, "❤")):
        await person.react(mine, emote, on=False)
    assert await kinds(ben) == ["mention"]


async def test_whom_others_let_in_somewhere_is_told_and_whoever_came_by_themselves_is_not(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    assert await entries(ben) == []  # by the code
    board = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{board}/members", {"users": [ben.user]})
    talk = await ann.dm(ben)
    found = await entries(ben)
    assert [(entry["kind"], entry["group"]) for entry in found] == [("added", talk), ("added", board)]
    assert all(entry["by"] == [{"user": ann.user, "name": "Ann"}] for entry in found)
    assert "message" not in found[0]
    assert await entries(ann) == []
    await ann.remove(board, ben.user)
    assert [entry["group"] for entry in await entries(ben)] == [talk]


async def filled(ann: Person, ben: Person, club: int) -> tuple[int, UUID, list[UUID]]:
    """One of each kind for Ben, in a private room; his message, and hers."""
    room = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    mine = await said(ben, room, "mine")
    hers = [await said(ann, room, f"<@{ben.user}>"), await said(ann, room, "answer", reply_to=mine)]
    await ann.react(mine, "👍")
    return room, mine, hers


async def test_what_is_deleted_or_does_not_call_any_more_is_gone(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    _, mine, hers = await filled(ann, ben, club)
    assert await kinds(ben) == ["reaction", "reply", "mention", "added"]
    await ann.ok("PATCH", f"/api/messages/{hers[0]}", {"text": "nobody"})
    await ann.ok("DELETE", f"/api/messages/{hers[1]}")
    assert await kinds(ben) == ["reaction", "added"]
    await ben.ok("DELETE", f"/api/messages/{mine}")
    assert await kinds(ben) == ["added"]


async def test_with_the_membership_all_of_it_ends_and_outsiders_never_see_any(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    room, _, _ = await filled(ann, ben, club)
    await said(ann, room, f"<@{xenia.user}> <@all>")
    assert await entries(xenia) == []
    assert len(await entries(ben)) == 5
    await ann.remove(room, ben.user)
    assert await entries(ben) == []
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    assert await kinds(ben) == ["added"]  # what was before is not for him any more
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    await said(ann, club, "<@all> before she came")
    await xenia.join(code)
    assert await entries(xenia) == []


async def test_pages_of_any_size_are_one_list_without_holes_or_doubles(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    rooms = [club, await ann.channel(club, "Plans", landing=True), await ann.dm(ben)]
    for room in rooms:
        mine = await said(ben, room, "mine")
        await said(ann, room, f"<@{ben.user}> <@all>")
        await said(ann, room, "answer", reply_to=mine)
        await ann.react(mine, "👍")
    whole = await entries(ben)
    assert len(whole) == 10
    for size in (1, 2, 3, 5, 9, 10, 50):
        asked: Json = {"limit": size}
        paged: list[Json] = []
        while True:
            got = await page(ben, **asked)
            paged += got["entries"]
            if "cursor" not in got:
                break
            assert len(got["entries"]) == size
            asked = {"limit": size, "before": got["cursor"]}
        assert paged == whole
    assert all(a["at"] >= b["at"] for a, b in itertools.pairwise(whole))
    first = await page(ben, limit=3)
    await said(ann, club, f"<@{ben.user}> meanwhile")
    assert (await page(ben, limit=50, before=first["cursor"]))["entries"] == whole[3:]


@pytest.mark.parametrize(
    "cursor",
    ["x", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z_1_-1", "_1_1", "2026-01-01T00:00:00Z_1_" + "9" * 30],
)
async def test_a_cursor_that_nobody_gave_is_refused(house: House, cursor: str) -> None:
    ann = await house.person("Ann")
    assert await ann.refused("GET", f"/api/activity?before={cursor}") == (400, "invalid_field")


async def test_what_was_seen_is_seen_on_every_device_and_only_goes_forward(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    for n in range(12):
        await said(ann, club, f"<@{ben.user}> {n}")
    other = await ben.device()
    own = next(one["group"] for one in (await ben.me())["groups"] if one["kind"] == "self")
    whole = await entries(ben)
    me = await ben.me()
    assert (me["activity_unseen"], (await page(ben))["unseen"]) == (10, 10)
    for at in (whole[3]["at"], whole[3]["at"], whole[5]["at"]):
        await ben.ok("PUT", "/api/activity/seen", {"at": at})
    await other.until(lambda: bool(other.actions(own)))
    assert [(each["type"], each["upto"]) for each in other.actions(own)] == [
        ("activity_seen", whole[3]["at"])
    ]
    me, now = await ben.me(), await page(ben)
    assert (me["activity_seen"], me["activity_unseen"]) == (now["seen"], now["unseen"]) == (whole[3]["at"], 3)
    await ben.ok("PUT", "/api/activity/seen", {"at": "2999-01-01T00:00:00Z"})  # no further than now
    assert (await ben.me())["activity_unseen"] == 0
    await said(ann, club, f"<@{ben.user}> more")
    assert (await ben.me())["activity_unseen"] == 1
    assert (await ann.me())["activity_unseen"] == 0
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": (await ben.entry(club))["head"]})
    assert (await ben.me())["activity_unseen"] == 0  # it was read where it stands
    assert await ben.refused("PUT", "/api/activity/seen", {"at": "2026-01-01T00:00:00"}) == (
        400,
        "invalid_field",
    )


async def test_an_event_awaits_an_answer_until_it_is_given(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event = uuid7()
    start = {"zone": "Europe/Berlin", "start": "2036-11-28T18:30"}
    made = await ann.ok("PUT", f"/api/events/{event}", {"group": club, "name": "Concert"} | start)
    [entry] = await entries(ben)
    assert (entry["kind"], entry["group"], entry["message"]["event"]) == ("event", club, made["group"])
    assert entry["by"] == [{"user": ann.user, "name": "Ann"}]
    assert await kinds(ann) == []  # one's own
    assert (await page(ben))["unseen"] == 1
    await ben.ok("PUT", f"/api/events/{event}/answer", {"key": "once", "answer": "maybe"})
    assert await kinds(ben) == []
    await ben.ok("PUT", f"/api/events/{event}/answer", {"key": "once", "answer": "going"})
    moved = {"group": club, "name": "Concert", "zone": "Europe/Berlin", "start": "2036-11-29T18:30"}
    await ann.ok("PUT", f"/api/events/{event}/plan", moved)
    assert await kinds(ben) == ["event"]
    await ann.ok("DELETE", f"/api/events/{event}")
    assert await kinds(ben) == []


async def test_an_event_that_asks_a_label_awaits_no_answer_of_others(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    label = uuid7()
    await ann.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": "tenor"})
    new = {"group": club, "name": "Tenors", "zone": "UTC", "asked": [str(label)]}
    await ann.ok("PUT", f"/api/events/{uuid7()}", new)
    assert await kinds(ben) == []
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": [str(label)]})
    assert await kinds(ben) == ["event"]


async def test_of_a_series_only_the_next_occurrence_awaits_an_answer(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event = uuid7()
    new = {"group": club, "name": "Rehearsal", "zone": "UTC", "start": "2036-11-03T19:00"}
    await ann.ok("PUT", f"/api/events/{event}", new | {"rule": "FREQ=WEEKLY;COUNT=3"})
    assert await kinds(ben) == ["event"]
    await ben.ok("PUT", f"/api/events/{event}/answer", {"key": "2036-11-10T19:00", "answer": "no"})
    assert await kinds(ben) == ["event"]
    await ben.ok("PUT", f"/api/events/{event}/answer", {"key": "2036-11-03T19:00", "answer": "no"})
    assert await kinds(ben) == []
