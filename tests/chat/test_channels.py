"""Rooms of a club: who sees them, who hears them, who runs them."""

import asyncio

from house.person import Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")


async def texts(person: Person, group: int) -> list[str]:
    return [message["text"] for message in (await person.page(group))["messages"]]


async def test_a_public_room_is_everybodys_and_its_past_too(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Rehearsals", description="When and where")
    await ann.post(room, "Thursday")
    await ben.post(room, "I am there")
    cleo = await house.person("Cleo")
    await cleo.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    assert await texts(cleo, room) == ["Thursday", "I am there"]
    entry = await cleo.entry(room)
    assert (entry["name"], entry["parent"], entry["private"]) == ("Rehearsals", club, False)
    assert entry["description"] == "When and where"
    assert entry["unread"] == 0  # what was said before one came is not news


async def test_whoever_makes_a_room_has_it_in_their_list_and_others_choose(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    landing = await ann.channel(club, "Welcome", landing=True)
    assert [(await person.entry(room))["followed"] for person in (ann, ben)] == [True, False]
    assert [(await person.entry(landing))["followed"] for person in (ann, ben)] == [True, True]
    for group, on in ((room, True), (landing, False)):
        await ben.ok("PUT", f"/api/groups/{group}/follow", {"on": on})
        await ben.ok("PUT", f"/api/groups/{group}/follow", {"on": on})
        assert (await ben.entry(group))["followed"] is on
    notes = next(entry["group"] for entry in (await ben.me())["groups"] if entry["kind"] == "self")
    said = [a for a in await ben.actions(notes) if a["type"] == "channel_followed"]
    assert [(one["group"], one["on"]) for one in said] == [(room, True), (landing, False)]
    assert await ben.refused("PUT", f"/api/groups/{club}/follow", {"on": False}) == FORBIDDEN


async def test_the_same_key_gives_the_same_room_once(house: House) -> None:
    club, [ann] = await house.club("Ann")
    new = {"key": str(uuid7()), "name": "Rehearsals"}
    path = f"/api/groups/{club}/channels"
    answers = await asyncio.gather(*(ann.http.post(path, json=new, headers=ann.headers) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["group"] for answer in answers}) == 1
    assert await ann.refused("POST", path, new | {"name": "Other"}) == (409, "id_conflict")


async def test_a_private_room_does_not_exist_for_others(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(club, "Surprise for Ann", private=True)
    await ben.post(room, "a cake?")
    name = uuid7()
    await ben.post(room, "with candles", name)
    for other in (ann, cleo):  # the owner of the club, too
        assert room not in await other.groups()
        for path in ("messages", "snapshot", "actions", "online", "pins"):
            assert await other.refused("GET", f"/api/groups/{room}/{path}") == UNKNOWN
        assert await other.refused("PUT", f"/api/messages/{uuid7()}", {"group": room, "text": "x"}) == UNKNOWN
        assert await other.refused("GET", f"/api/messages/{name}") == UNKNOWN
        assert await other.refused("PATCH", f"/api/groups/{room}", {"name": "x"}) == UNKNOWN
        assert await other.refused("PUT", f"/api/groups/{room}/follow", {"on": True}) == UNKNOWN
        assert await other.refused("POST", f"/api/groups/{room}/members", {"users": [other.user]}) == UNKNOWN
        assert await other.refused("DELETE", f"/api/groups/{room}/members/{ben.user}") == UNKNOWN
        assert room not in [action.get("group") for action in await other.actions(club)]


async def test_whoever_adds_decides_how_much_of_the_past_is_read(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    await ann.post(room, "before")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user], "history": False})
    await ann.post(room, "after")
    assert await texts(ben, room) == ["before", "after"]
    assert await texts(cleo, room) == ["after"]
    assert "before" not in str(await cleo.actions(room)) + str(await cleo.snapshot(room))
    joined = [action for action in await ann.actions(room) if action["type"] == "member_joined"]
    assert [action.get("by") for action in joined] == [None, ann.user, ann.user]


async def test_only_people_of_the_club_can_be_added_and_all_or_none_are(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    for room in (await ann.channel(club, "Board", private=True), await ann.channel(club, "Open")):
        path = f"/api/groups/{room}/members"
        for stranger in (xenia.user, "u_nobody", "x\0y", "x" * 300):
            assert await ann.refused("POST", path, {"users": [ben.user, stranger]}) == UNKNOWN
        assert await ann.refused("POST", path, {"users": []}) == (400, "invalid_field")
        assert await ann.refused("POST", path, {"users": ["x"] * 2_000}) == UNKNOWN
        many = [f"u_{n}" for n in range(51)]
        assert await ann.refused("POST", path, {"users": many}) == (400, "invalid_field")
    assert await ben.groups() == [g for g in await ben.groups() if (await ben.entry(g))["name"] != "Board"]


async def test_adding_somebody_to_a_public_room_puts_it_into_their_list(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    assert (await ben.entry(room))["followed"]


async def test_only_whoever_runs_a_room_changes_it(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(club, "Chess problems")
    await ben.ok("PATCH", f"/api/groups/{room}", {"name": "Problems", "description": "Mate in three"})
    await ann.ok("PATCH", f"/api/groups/{room}", {"announce": True})
    assert await cleo.refused("PATCH", f"/api/groups/{room}", {"name": "Mine"}) == FORBIDDEN
    assert await ben.refused("PATCH", f"/api/groups/{room}", {"landing": True}) == FORBIDDEN
    entry = await cleo.entry(room)
    assert (entry["name"], entry["description"], entry["announce"]) == ("Problems", "Mate in three", True)
    for wrong in ({}, {"description": "x", "dms_off": True}):
        assert await ann.refused("PATCH", f"/api/groups/{room}", wrong) == (400, "invalid_field")
    assert await ann.refused("PATCH", f"/api/groups/{room}", {"name": " "}) == (400, "invalid_text")
    assert await ann.refused("PATCH", f"/api/groups/{room}", {"rooms_by_admins": True}) == FORBIDDEN
    assert await ann.refused("PATCH", f"/api/groups/{club}", {"landing": True}) == FORBIDDEN


async def test_where_only_announcements_are_made_members_read_and_react(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "News", announce=True)
    name = uuid7()
    await ann.post(room, "The hall is closed", name)
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", {"group": room, "text": "why?"}) == FORBIDDEN
    await ben.react(name, "😢")
    assert not (await ben.entry(room))["may_post"]
    assert (
        await ben.refused(
            "POST", f"/api/groups/{club}/channels", {"key": str(uuid7()), "name": "x", "announce": True}
        )
        == FORBIDDEN
    )


async def test_an_archived_room_is_read_and_nothing_more(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    name = uuid7()
    await ben.post(room, "hello", name)
    await ann.ok("PATCH", f"/api/groups/{room}", {"archived": True})
    for person in (ann, ben):
        assert await texts(person, room) == ["hello"]
        for call in (
            ("PUT", f"/api/messages/{uuid7()}", {"group": room, "text": "x"}),
            ("PUT", f"/api/messages/{name}/emotes/👍", None),
            ("PUT", f"/api/messages/{name}/pin", None),
            ("POST", f"/api/groups/{room}/members", {"users": [ben.user]}),
        ):
            assert await person.refused(*call) == FORBIDDEN
    await ben.ok("DELETE", f"/api/messages/{name}")  # what is one's own may always go
    await ann.ok("PATCH", f"/api/groups/{room}", {"archived": False})
    await ben.post(room, "again")


async def test_a_club_may_keep_the_making_of_rooms_to_whoever_runs_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    assert await ben.refused("PATCH", f"/api/groups/{club}", {"rooms_by_admins": True}) == FORBIDDEN
    await ann.ok("PATCH", f"/api/groups/{club}", {"rooms_by_admins": True})
    new = {"key": str(uuid7()), "name": "x"}
    assert await ben.refused("POST", f"/api/groups/{club}/channels", new) == FORBIDDEN
    await ann.channel(club)
    await ann.ok("PATCH", f"/api/groups/{club}", {"rooms_by_admins": False})
    await ben.ok("POST", f"/api/groups/{club}/channels", new)


async def test_leaving_a_private_room_ends_it_there_and_hands_it_on(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    assert await ben.refused("DELETE", f"/api/groups/{room}/members/{cleo.user}") == FORBIDDEN
    await ann.remove(room, ann.user)
    assert room not in await ann.groups()
    assert club in await ann.groups()
    assert [(await person.entry(room))["role"] for person in (cleo, ben)] == ["owner", "member"]
    await cleo.remove(room, ben.user)
    assert room not in await ben.groups()
    assert await ben.refused("GET", f"/api/groups/{room}/messages") == UNKNOWN


async def test_a_public_room_is_left_by_taking_it_out_of_the_list(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    for person in (ann, ben):
        assert await person.refused("DELETE", f"/api/groups/{room}/members/{ben.user}") == FORBIDDEN


async def test_only_so_many_rooms_fit_in_a_club_and_none_in_what_is_no_club(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Board", private=True)
    for group in (room, (await ann.groups())[0], 987_654_321):
        new = {"key": str(uuid7()), "name": "x"}
        assert await ann.refused("POST", f"/api/groups/{group}/channels", new) == UNKNOWN
    new = {"key": "01900000-0000-4000-8000-000000000000", "name": "x"}
    assert await ann.refused("POST", f"/api/groups/{club}/channels", new) == (400, "invalid_field")
    long = {"key": str(uuid7()), "name": "x", "description": "x" * 501}
    assert await ben.refused("POST", f"/api/groups/{club}/channels", long) == (400, "text_too_long")


# --- live -------------------------------------------------------------------------------------------------


async def test_a_new_public_room_is_heard_at_once_by_everybody_in_the_club(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    room = await ann.channel(club)
    await ann.post(room, "the first")
    await his.until(lambda: len(his.log.get(room, [])) == 2)
    assert [action["type"] for action in his.log[room]] == ["channel_created", "message_posted"]
    assert his.log[club][-1]["type"] == "channel_listed"
    await his.post(room, "the second")
    late = await ben.device({room: 1})
    assert [action.get("text") for action in late.log[room]] == ["the first", "the second"]


async def test_who_is_here_is_told_in_the_club_and_not_again_in_each_of_its_rooms(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    hers = await ann.device()
    await ben.device()
    await hers.until(
        lambda: any(s["kind"] == "presence" and s.get("user") == ben.user for s in hers.heard("signal"))
    )
    later = await ann.channel(club, "Later")
    his = await ben.device()
    await his.leave()
    assert not [s for s in hers.heard("signal") if s["kind"] == "presence" and s["group"] in (room, later)]
    assert (await ann.ok("GET", f"/api/groups/{room}/online"))["n"] == 2


async def test_whoever_joins_the_club_hears_its_rooms_on_the_socket_they_have(house: House) -> None:
    club, [ann] = await house.club("Ann")
    room = await ann.channel(club)
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ben = await house.person("Ben")
    his = await ben.device()
    await ben.join(code)
    await his.until(lambda: any(str(room) in frame["heads"] for frame in his.heard("behind")))
    await ann.post(room, "hello Ben")
    await his.until(lambda: any(a.get("text") == "hello Ben" for a in his.actions(room)))


async def test_whoever_is_added_to_a_private_room_hears_it_from_there_on(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    room = await ann.channel(club, "Board", private=True)
    await ann.post(room, "before")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    await ann.post(room, "after")
    await his.until(lambda: len(his.log.get(room, [])) == 2)
    assert [action["type"] for action in his.log[room]] == ["member_joined", "message_posted"]
    assert "before" not in str(his.frames)


async def test_a_removal_from_the_club_cuts_every_room_of_it_in_log_order(house: House) -> None:
    club, [ann, kim] = await house.club("Ann", "Kim")
    public = await ann.channel(club)
    device = await kim.device()
    private = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [kim.user]})
    rooms = (club, public, private)
    for group in rooms:
        await ann.post(group, "before")
        await device.until(lambda: device.log.get(group))  # noqa: B023
    await asyncio.gather(
        ann.remove(club, kim.user), *(ann.post(group, f"meanwhile {n}") for n in range(20) for group in rooms)
    )
    for group in rooms:
        await ann.post(group, "after")
    for group in rooms:
        await device.until(lambda: device.log[group][-1]["type"] == "member_removed")  # noqa: B023
        log = await ann.actions(group)
        cut = next(action["seq"] for action in log if action["type"] == "member_removed")
        assert device.log[group][-1]["seq"] == cut
        assert all(action["seq"] <= cut for action in device.actions(group))
        assert not [a for a in log if a["seq"] > cut and a.get("author") == kim.user]
        assert await kim.refused("GET", f"/api/groups/{group}/messages") == UNKNOWN


async def test_rooms_are_counted_unread_and_the_pointer_stands_in_each(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    for n in range(3):
        await ann.post(room, f"number {n}")
    assert (await ben.entry(room))["unread"] == 3
    head = (await ben.entry(room))["head"]
    await ben.ok("PUT", f"/api/groups/{room}/read", {"seq": head})
    entry = await ben.entry(room)
    assert (entry["unread"], entry["read"]) == (0, head)


async def test_nobody_gives_more_of_the_past_than_they_read_themselves(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    await ann.post(room, "before")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    await ann.post(room, "between")
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    assert await texts(cleo, room) == ["between"]
    assert "before" not in str(await cleo.actions(room)) + str(await cleo.snapshot(room))


async def test_where_the_owner_of_a_private_room_leaves_the_club_it_is_handed_on_too(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(club, "Surprise", private=True)
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    await ann.remove(club, ben.user)
    assert (await cleo.entry(room))["role"] == "owner"
    assert [action["type"] for action in await cleo.actions(room)][-2:] == ["role_changed", "member_removed"]
    await cleo.ok("PATCH", f"/api/groups/{room}", {"name": "Mine now"})


async def test_a_room_that_is_in_everybodys_list_no_more_stays_where_it_was(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, "Welcome", landing=True)
    await cleo.ok("PUT", f"/api/groups/{room}/follow", {"on": False})
    await ann.ok("PATCH", f"/api/groups/{room}", {"landing": False})
    dora = await house.person("Dora")
    await dora.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    followed = [(await person.entry(room))["followed"] for person in (ann, ben, cleo, dora)]
    assert followed == [True, True, False, False]


async def test_whoever_made_a_private_room_and_left_it_runs_it_no_more(house: House) -> None:
    club, [_, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room, name = await ben.channel(club, "Board", private=True), uuid7()
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    await ben.remove(room, ben.user)
    await cleo.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    await cleo.ok("PATCH", f"/api/groups/{room}", {"announce": True})
    await cleo.post(room, "<@all> mine", name)
    entry = await ben.entry(room)
    assert (entry["role"], entry["manages"], entry["may_post"]) == ("member", False, False)
    assert await ben.refused("PATCH", f"/api/groups/{room}", {"name": "His"}) == FORBIDDEN
    assert await ben.refused("DELETE", f"/api/messages/{name}") == FORBIDDEN
    body = {"group": room, "text": "x"}
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
    await cleo.ok("PATCH", f"/api/groups/{room}", {"announce": False})
    await ben.ok("PUT", f"/api/messages/{uuid7()}", body)
    body["text"] = "<@all> his"
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN


async def test_the_key_of_a_room_makes_no_club(house: House) -> None:
    club, [ann] = await house.club("Ann")
    new = {"key": str(uuid7()), "name": "Rehearsals"}
    await ann.ok("POST", f"/api/groups/{club}/channels", new)
    assert await ann.refused("POST", "/api/clubs", new) == (409, "id_conflict")
