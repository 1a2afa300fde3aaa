"""The number at the app's face is what the list of somebody's groups adds up to, for many people at once."""

import msgspec

from house import events
from house.person import Person
from house.uuid7 import uuid7
from notification.post_office import PostOffice


async def listed(office: PostOffice, person: Person) -> int:
    """What a client adds up (web/src/state/unread.svelte.ts), out of the list as it is told."""
    number = 0
    rows = await office.writer.fetch("select my_groups($1)", office.key(person))
    for entry in (msgspec.json.decode(row[0]) for row in rows):
        group = entry["group"]
        level = await office.writer.fetchval("select _level_of($1, $2)", office.key(person), group)
        if level == "nothing" or entry["archived"] or not entry["followed"]:
            continue
        if entry["kind"] != "dm" or level == "mentions":
            number += entry["mentions"]
        elif entry["mute"] is None:
            number += entry["unread"]
    return number


async def test_the_numbers_of_many_are_what_each_of_their_lists_adds_up_to(office: PostOffice) -> None:
    club, [ann, ben, cleo, dan] = await office.house.club("Ann", "Ben", "Cleo", "Dan")
    tenor = str(uuid7())
    await ann.ok("PUT", f"/api/groups/{club}/labels/{tenor}", {"name": "Tenor"})
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": [tenor]})
    landing, plain, old = [await ann.channel(club, name, landing=name != "B") for name in ("A", "B", "C")]
    [_, party] = await events.made(ann, club)
    [over, gone] = await events.made(ann, old)
    await events.says(ben, over, "going")
    talk, muted = await ann.dm(ben), await ann.dm(cleo)
    for group in (club, landing, plain, old, party, gone):
        for text in (
            f"<@{ben.user}>",
            f"<@{ben.user}> and <@{cleo.user}>",
            "<@all>",
            f"<@label:{tenor}>",
            "hm",
        ):
            await ann.post(group, text)
    for text in ("hello", "are you there?"):
        await ann.post(talk, text)
        await ann.post(muted, text)
    await ann.ok("PATCH", f"/api/groups/{old}", {"archived": True})
    await cleo.ok("PUT", f"/api/groups/{muted}/mute", {"for_s": None})
    await cleo.ok("PUT", f"/api/groups/{landing}/level", {"level": "nothing"})
    await dan.ok("PUT", f"/api/groups/{club}/level", {"level": "mentions"})
    people = [ann, ben, cleo, dan]
    rows = await office.writer.fetch("select * from push_badges($1)", [office.key(one) for one in people])
    numbers = {row["user_id"]: row["badge"] for row in rows}
    assert numbers == {office.key(one): await listed(office, one) for one in people}
    assert [numbers[office.key(one)] for one in people] == [0, 11, 3, 3]


async def test_no_more_than_a_hundred_of_a_group_are_counted(office: PostOffice) -> None:
    _, [ann, ben] = await office.house.club("Ann", "Ben")
    talk = await ann.dm(ben)
    for number in range(102):
        await ann.post(talk, f"{number}")
    [row] = await office.writer.fetch("select * from push_badges($1)", [office.key(ben)])
    assert row["badge"] == 100 == await listed(office, ben)
