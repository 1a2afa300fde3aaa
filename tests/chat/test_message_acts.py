"""What one does to a message: answer, edit, delete, pin, react, name people, see who saw it."""

import asyncio
from uuid import UUID

import pytest

from clubroom.dba.pool import Database
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
TIMES = 100


async def posted(person: Person, group: int, text: str = "hello") -> UUID:
    name = uuid7()
    await person.post(group, text, name)
    return name


async def nothing(_: object) -> None:
    """F17 at the end is enough."""


# --- answering --------------------------------------------------------------------------------------------


async def test_an_answer_names_what_it_answers_and_quotes_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    first = await posted(ann, club, "Who brings the board?")
    body = {"group": club, "text": "I do", "reply_to": str(first)}
    await ben.ok("PUT", f"/api/messages/{uuid7()}", body)
    log = await ann.actions(club)
    assert log[-1]["reply_to"] == str(first)
    assert "board" not in str(log[-1])
    assert (await ben.page(club))["messages"][-1]["reply_to"] == str(first)
    assert (await ben.message(first))["text"] == "Who brings the board?"


async def test_only_what_stands_in_the_same_room_can_be_answered(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    secret = await posted(ann, await ann.channel(club, "Board", private=True))
    for target in (secret, uuid7()):
        body = {"group": club, "text": "what?", "reply_to": str(target)}
        assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == (400, "invalid_field")


async def test_a_retry_that_answers_something_else_is_another_message(house: House) -> None:
    club, [ann] = await house.club("Ann")
    first, second, name = await posted(ann, club), await posted(ann, club), uuid7()
    body = {"group": club, "text": "yes", "reply_to": str(first)}
    await ann.ok("PUT", f"/api/messages/{name}", body)
    assert (await ann.ok("PUT", f"/api/messages/{name}", body))["duplicate"]
    for other in (body | {"reply_to": str(second)}, {"group": club, "text": "yes"}):
        assert await ann.refused("PUT", f"/api/messages/{name}", other) == (409, "id_conflict")


# --- editing ----------------------------------------------------------------------------------------------


async def test_an_edited_message_says_the_new_everywhere_and_the_old_nowhere(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    name = await posted(ann, club, "Seven o'clock")
    his = await ben.device()
    for text in ("Eight o'clock", "Nine o'clock"):
        await ann.ok("PATCH", f"/api/messages/{name}", {"text": text})
    await his.until(lambda: len(his.actions(club)) == 2)
    assert [action["text"] for action in his.actions(club)] == ["Eight o'clock", "Nine o'clock"]
    shown = (await ben.page(club))["messages"][-1]
    assert (shown["text"], "edited_at" in shown) == ("Nine o'clock", True)
    log = await ben.actions(club)
    assert [action["type"] for action in log[-3:]] == ["message_posted", "message_edited", "message_edited"]
    assert {action["text"] for action in log[-3:]} == {"Nine o'clock"}
    assert [action["seq"] for action in log] == list(range(1, len(log) + 1))


async def test_only_its_author_edits_a_message(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    name = await posted(ben, club)
    assert await ann.refused("PATCH", f"/api/messages/{name}", {"text": "mine"}) == FORBIDDEN
    assert await xenia.refused("PATCH", f"/api/messages/{name}", {"text": "mine"}) == UNKNOWN
    assert await ben.refused("PATCH", f"/api/messages/{name}", {"text": " "}) == (400, "invalid_text")
    long = {"text": "x" * 4_001}
    assert await ben.refused("PATCH", f"/api/messages/{name}", long) == (400, "text_too_long")
    assert await ben.refused("PATCH", f"/api/messages/{uuid7()}", {"text": "x"}) == UNKNOWN
    await ben.ok("PATCH", f"/api/messages/{name}", {"text": "hello"})
    assert (await ben.actions(club))[-1]["type"] == "message_posted"  # the same words change nothing


async def test_a_message_is_edited_only_so_often(house: House) -> None:
    club, [ann] = await house.club("Ann")
    ann.changed = nothing
    name = await posted(ann, club)
    for n in range(100):
        await ann.ok("PATCH", f"/api/messages/{name}", {"text": f"version {n}"})
    assert await ann.refused("PATCH", f"/api/messages/{name}", {"text": "one more"}) == (409, "full")


async def test_a_retry_after_an_edit_is_still_the_same_message(house: House) -> None:
    club, [ann] = await house.club("Ann")
    name = await posted(ann, club)
    await ann.ok("PATCH", f"/api/messages/{name}", {"text": "edited"})
    assert (await ann.post(club, "hello", name))["duplicate"]
    assert (await ann.message(name))["text"] == "edited"


# --- deleting ---------------------------------------------------------------------------------------------


async def test_a_deleted_message_says_nothing_anywhere(house: House, database: Database) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    name = await posted(ben, club, "regretted words")
    body = {"group": club, "text": "an answer", "reply_to": str(name)}
    await ann.ok("PUT", f"/api/messages/{uuid7()}", body)
    await ben.ok("PATCH", f"/api/messages/{name}", {"text": "regretted, too"})
    await ann.react(name, "👍")
    await ann.ok("PUT", f"/api/messages/{name}/pin")
    hers = await ann.device()
    await ben.ok("DELETE", f"/api/messages/{name}")
    await ben.ok("DELETE", f"/api/messages/{name}")
    await hers.until(lambda: hers.actions(club))
    assert [action["type"] for action in hers.actions(club)] == ["message_deleted"]
    everything = [await ann.actions(club), await ann.page(club), await ann.snapshot(club), hers.frames]
    assert "regretted" not in str(everything)
    shown = await ann.message(name)
    assert (shown["text"], shown["deleted"]) == ("", True)
    assert "emotes" not in shown
    assert (await ann.snapshot(club))["pinned"] == []
    assert (await ann.ok("GET", f"/api/groups/{club}/pins"))["messages"] == []
    for call in (
        ("PATCH", f"/api/messages/{name}", {"text": "back"}),
        ("PUT", f"/api/messages/{name}/emotes/👍", None),
        ("PUT", f"/api/messages/{name}/pin", None),
    ):
        assert await ben.refused(*call) == UNKNOWN
    assert (await ben.post(club, "whatever", name))["duplicate"]  # L8: the id stays taken


async def test_whoever_runs_the_room_deletes_and_members_only_their_own(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(club)
    in_club, in_room = await posted(cleo, club), await posted(cleo, room)
    two = await ben.dm(cleo)
    in_dm = await posted(cleo, two)
    assert await ben.refused("DELETE", f"/api/messages/{in_club}") == FORBIDDEN
    assert await ben.refused("DELETE", f"/api/messages/{in_dm}") == FORBIDDEN
    assert await ann.refused("DELETE", f"/api/messages/{in_dm}") == UNKNOWN
    await ben.ok("DELETE", f"/api/messages/{in_room}")
    await ann.ok("DELETE", f"/api/messages/{in_club}")
    assert (await cleo.actions(club))[-1]["by"] == ann.user


async def test_editing_while_deleting_ends_deleted_a_hundred_times_in_a_row(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann.changed = ben.changed = nothing
    for n in range(TIMES):
        name = await posted(ben, club, f"words {n}")
        edit = {"text": f"other words {n}"}
        deleted, edited, again = await asyncio.gather(
            ann.call("DELETE", f"/api/messages/{name}"),
            ben.call("PATCH", f"/api/messages/{name}", edit),
            ben.call("DELETE", f"/api/messages/{name}"),
        )
        assert {deleted.status_code, again.status_code} == {204}
        assert edited.status_code in (204, 404)
    log = await ann.actions(club)
    assert "words" not in str(log)
    assert sum(action["type"] == "message_deleted" for action in log) == TIMES
    page: Json = await ann.page(club, limit=100)
    assert all(message["deleted"] and not message["text"] for message in page["messages"])
    await ann.ok("GET", "/api/me")


# --- reacting ---------------------------------------------------------------------------------------------


async def test_a_reaction_is_everybodys_once_and_can_be_taken_back(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    name = await posted(ann, club)
    his = await ben.device()
    for _ in range(2):
        await ben.react(name, "👍")
    await ann.react(name, "👍")
    await ann.react(name, "❤")  # as some keyboards write it
    assert (await ann.message(name))["emotes"] == [
        {"emote": "❤️", "users": [ann.user]},
        {"emote": "👍", "users": sorted([ann.user, ben.user])},
    ]
    for _ in range(2):
        await ben.react(name, "👍", on=False)
    await ann.react(name, "❤️", on=False)
    assert (await ann.message(name))["emotes"] == [{"emote": "👍", "users": [ann.user]}]
    await his.until(lambda: len(his.actions(club)) == 5)
    kinds = [action["type"] for action in his.actions(club)]
    assert kinds == ["emote_added"] * 3 + ["emote_removed"] * 2


@pytest.mark.parametrize("emote", ["x", "👍👍", "<b>", "🏻", "%00", "a" * 300, "👍 ", "\u200d", ":-)"])
async def test_a_reaction_is_one_emoji_and_nothing_else(emote: str, house: House) -> None:
    club, [ann] = await house.club("Ann")
    name = await posted(ann, club)
    response = await ann.call("PUT", f"/api/messages/{name}/emotes/{emote}")
    assert response.status_code in (400, 404)
    assert "emotes" not in await ann.message(name)


async def test_a_message_takes_twenty_kinds(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann.changed = nothing
    name = await posted(ann, club)
    kinds = "😀😃😄😁😆😅😂🙂🙃😉😊😇😍😘😗😚😙😋😛😜"
    for kind in kinds:
        await ann.react(name, kind)
    assert await ben.refused("PUT", f"/api/messages/{name}/emotes/🤪") == (409, "full")
    await ben.react(name, "😀")
    await ann.react(name, "😃", on=False)
    await ben.react(name, "🤪")


async def test_two_who_toggle_the_same_reaction_a_hundred_times_agree_in_the_end(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann.changed = ben.changed = nothing
    name = await posted(ann, club)
    hers = await ann.device()

    async def toggle(person: Person) -> None:
        for n in range(TIMES):
            await person.react(name, "👍", on=n % 2 == 0)

    await asyncio.gather(toggle(ann), toggle(ben), toggle(ann), toggle(ben))
    users: set[str] = set()
    log = await ann.actions(club)
    for action in log:
        if action["type"] == "emote_added":
            assert action["user"] not in users
            users.add(action["user"])
        if action["type"] == "emote_removed":
            users.remove(action["user"])
    shown = (await ann.message(name)).get("emotes", [])
    assert shown == ([{"emote": "👍", "users": sorted(users)}] if users else [])
    await hers.until(lambda: hers.cursors[club] == log[-1]["seq"])
    assert hers.log[club] == log[-len(hers.log[club]) :]


# --- pinning ----------------------------------------------------------------------------------------------


async def test_pins_are_the_rooms_and_the_newest_stands_first(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    first, second = await posted(ann, club, "one"), await posted(ann, club, "two")
    for name in (first, second, second):
        await ben.ok("PUT", f"/api/messages/{name}/pin")
    pins = (await ann.ok("GET", f"/api/groups/{club}/pins"))["messages"]
    assert [message["text"] for message in pins] == ["two", "one"]
    assert (await ann.snapshot(club))["pinned"] == [str(first), str(second)]
    for _ in range(2):
        await ann.ok("DELETE", f"/api/messages/{first}/pin")
    assert (await ben.snapshot(club))["pinned"] == [str(second)]
    kinds = [action["type"] for action in await ann.actions(club)]
    assert kinds[-3:] == ["message_pinned", "message_pinned", "message_unpinned"]


async def test_a_room_holds_on_to_fifty_messages(house: House) -> None:
    club, [ann] = await house.club("Ann")
    ann.changed = nothing
    for n in range(50):
        await ann.ok("PUT", f"/api/messages/{await posted(ann, club, str(n))}/pin")
    one_more = await posted(ann, club)
    assert await ann.refused("PUT", f"/api/messages/{one_more}/pin") == (409, "full")


# --- naming -----------------------------------------------------------------------------------------------


async def test_whom_a_message_calls_has_it_counted_apart(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await ann.post(club, f"<@{ben.user}> can you come? <@{ben.user}>!")
    await ann.post(club, f"`<@{cleo.user}>` is how one writes it, ```\n<@{cleo.user}>\n``` <@u_nobody>")
    await ann.post(club, "<@all> the door is open")
    await ben.post(club, f"<@{ben.user}> that is me")
    counted = [((await p.entry(club))["unread"], (await p.entry(club))["mentions"]) for p in (ben, cleo)]
    assert counted == [(3, 2), (4, 1)]
    head = (await ben.entry(club))["head"]
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": head})
    assert (await ben.entry(club))["mentions"] == 0


async def test_everybody_is_called_only_by_whoever_runs_the_room(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room, two = await ben.channel(club), await ben.dm(ann)
    body = {"text": "<@all> look at me", "group": club}
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
    for group in (room, two):
        await ben.ok("PUT", f"/api/messages/{uuid7()}", body | {"group": group})
    await ben.ok("PUT", f"/api/messages/{uuid7()}", body | {"text": "`<@all>` is not for me"})
    many = " ".join(f"<@u_{n}>" for n in range(51))
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", body | {"text": many}) == (
        400,
        "invalid_field",
    )


# --- reading ----------------------------------------------------------------------------------------------


async def test_who_has_seen_a_message_is_known_from_where_people_have_read_to(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    name = await posted(ann, club)
    await posted(ann, club, "later")
    seq = (await ann.message(name))["seq"]
    assert await ann.ok("GET", f"/api/messages/{name}/seen") == {"n": 0, "users": []}
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": seq})
    await cleo.ok("PUT", f"/api/groups/{club}/read", {"seq": seq - 1})
    await ann.ok("PUT", f"/api/groups/{club}/read", {"seq": seq + 1})
    assert await ann.ok("GET", f"/api/messages/{name}/seen") == {"n": 1, "users": [ben.user]}
    xenia = await house.person("Xenia")
    assert await xenia.refused("GET", f"/api/messages/{name}/seen") == UNKNOWN


async def test_unread_from_here_is_told_to_ones_other_devices_and_unsees_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    names = [await posted(ann, club, f"number {n}") for n in range(3)]
    seq = (await ann.message(names[1]))["seq"]
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": seq + 1})
    phone = await ben.device()
    back = await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": seq - 1, "back": True})
    assert back["seq"] == seq - 1
    await phone.until(lambda: any(frame.get("back") for frame in phone.heard("signal")))
    assert (await ben.entry(club))["unread"] == 2
    assert (await ann.ok("GET", f"/api/messages/{names[2]}/seen"))["n"] == 1
    assert (await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": seq}))["seq"] == seq


async def test_what_is_pinned_is_the_same_for_whoever_may_not_read_all_of_it(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    first, second = await posted(ann, room, "secret"), await posted(ann, room, "secret, too")
    await ann.ok("PUT", f"/api/messages/{first}/pin")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user], "history": False})
    assert (await cleo.snapshot(room))["pinned"] == [str(first)]
    await cleo.ok("PUT", f"/api/groups/{room}/read", {"seq": 1})
    await ann.ok("PUT", f"/api/messages/{second}/pin")
    assert (await cleo.snapshot(room))["pinned"] == [str(first), str(second)]
    assert (await cleo.ok("GET", f"/api/groups/{room}/pins"))["messages"] == []


async def test_whoever_is_called_twice_by_one_message_has_it_counted_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.post(club, f"<@all> and above all <@{ben.user}>: the door is open")
    entry = await ben.entry(club)
    assert (entry["unread"], entry["mentions"]) == (1, 1)


async def test_whoever_may_not_read_a_message_has_not_seen_it(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    name = await posted(ann, room, "before")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user], "history": False})
    for person in (ben, cleo):
        head = (await person.entry(room))["head"]
        await person.ok("PUT", f"/api/groups/{room}/read", {"seq": head})
    assert await ann.ok("GET", f"/api/messages/{name}/seen") == {"n": 1, "users": [ben.user]}


async def test_an_edit_may_name_whom_a_message_may_name_and_takes_calls_back(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    name = await posted(ben, club)
    two = await posted(ben, await ben.dm(ann))
    everybody, many = {"text": "<@all> look"}, {"text": " ".join(f"<@u_{n}>" for n in range(51))}
    assert await ben.refused("PATCH", f"/api/messages/{name}", everybody) == FORBIDDEN
    assert await ben.refused("PATCH", f"/api/messages/{name}", many) == (400, "invalid_field")
    await ben.ok("PATCH", f"/api/messages/{two}", everybody)
    called = await posted(ann, club, f"<@{ben.user}> <@{cleo.user}> <@all> come")
    counted = [[(await p.entry(club))["mentions"] for p in (ben, cleo)]]
    for text in (f"<@all> <@{ben.user}>", f"<@{ben.user}> come", f"<@{cleo.user}> come", f"<@{ben.user}>"):
        await ann.ok("PATCH", f"/api/messages/{called}", {"text": text})
        counted.append([(await p.entry(club))["mentions"] for p in (ben, cleo)])
    assert counted == [[1, 1], [1, 1], [1, 0], [0, 0], [0, 0]]
