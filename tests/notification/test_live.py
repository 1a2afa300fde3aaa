"""Live delivery, through real sockets: at once, in order, and exactly to whom the log says."""

import asyncio

from house.server import House
from house.uuid7 import uuid7


async def test_a_message_reaches_everyone_who_is_here_and_its_author_is_told(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    ack = await hers.post(club, "hello")
    await his.until(lambda: his.actions(club))
    await hers.until(lambda: hers.actions(club))
    assert his.actions(club) == hers.actions(club)
    heard = his.actions(club)[0]
    assert (heard["seq"], heard["at"], heard["text"]) == (ack["seq"], ack["at"], "hello")
    assert not ack["duplicate"]


async def test_what_is_heard_live_is_byte_for_byte_what_is_replayed(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    for text in ("one", "zwei\n„drei“", '四 🎶 \\ " /'):
        await ann.post(club, text)
    await his.until(lambda: len(his.actions(club)) == 3)
    assert his.actions(club) == await ben.actions(club, his.actions(club)[0]["seq"] - 1)


async def test_a_retry_on_another_device_is_stored_once_and_heard_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    phone, laptop, his = await ann.device(), await ann.device(), await ben.device()
    name = uuid7()
    first, second = await asyncio.gather(phone.post(club, "hello", name), laptop.post(club, "hello", name))
    assert sorted([first["duplicate"], second["duplicate"]]) == [False, True]
    assert first["seq"] == second["seq"]
    await ann.post(club, "after")
    await his.until(lambda: len(his.actions(club)) == 2)
    assert [action["text"] for action in his.actions(club)] == ["hello", "after"]


async def test_whoever_joins_hears_the_club_from_their_joining_on(house: House) -> None:
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ben = await house.person("Ben")
    his = await ben.device()
    await ann.post(club, "before")
    await ben.join(code)
    await ann.post(club, "after")
    await his.until(lambda: len(his.actions(club)) == 2)
    assert [action["type"] for action in his.actions(club)] == ["member_joined", "message_posted"]
    [told] = [a for group in his.log for a in his.log[group] if a["type"] == "added_to_group"]
    assert told["group"] == club


async def test_a_removed_member_hears_nothing_after_the_cut(house: House) -> None:
    club, [ann, kim] = await house.club("Ann", "Kim")
    hers, theirs = await ann.device(), await kim.device()
    await ann.post(club, "before")
    await ann.remove(club, kim.user)
    await ann.post(club, "after")
    await hers.until(lambda: len(hers.actions(club)) == 3)
    await theirs.send(type="ping")
    await theirs.until(lambda: theirs.heard("pong"))
    assert [action["type"] for action in theirs.actions(club)] == ["message_posted", "member_removed"]
    assert str(club) not in theirs.heard("pong")[-1]["heads"]
    [told] = [a for group in theirs.log for a in theirs.log[group] if a["type"] == "removed_from_group"]
    assert told["group"] == club


async def test_a_pong_names_only_heads_that_the_client_has_not_got(house: House) -> None:
    club, [ann] = await house.club("Ann")
    device = await ann.device()
    sent = await ann.post(club, "hello")
    await device.until(lambda: device.actions(club))
    await device.send(type="ping")
    await device.until(lambda: len(device.heard("pong")) == 1)
    assert device.heard("pong")[0]["heads"][str(club)] == sent["seq"]
    await device.send(type="got", **{str(group): seq for group, seq in device.cursors.items()})
    await device.send(type="ping")
    await device.until(lambda: len(device.heard("pong")) == 2)
    assert device.heard("pong")[1]["heads"] == {}


async def test_an_order_is_kept_by_one_author_over_one_socket(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    for n in range(30):
        await hers.send(type="post", group=club, id=str(uuid7()), text=f"{n}")
    await his.until(lambda: len(his.actions(club)) == 30)
    assert [action["text"] for action in his.actions(club)] == [f"{n}" for n in range(30)]
