"""What one takes along: everything of one's own, and nothing of others."""

import io
import json
import zipfile

from clubroom.dba import leaving
from house.person import Person
from house.server import House
from notification.post_office import AUTH, P256DH


async def taken(who: Person) -> zipfile.ZipFile:
    answer = await who.call("GET", "/api/me/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert "clubroom.zip" in answer.headers["content-disposition"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def lines(file: zipfile.ZipFile, group: int) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read(f"messages/{group}.jsonl").splitlines()]


async def test_one_takes_along_what_one_wrote_and_what_is_known_of_one(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(group, "Games")
    mine, theirs = (await ben.post(group, "mine 🎶"))["id"], (await ann.post(group, "Anns secret"))["id"]
    await ben.post(room, "in a room")
    await ben.react(theirs, "👍")
    await ben.ok("PATCH", f"/api/messages/{mine}", {"text": "mine, better"})
    file = await taken(ben)
    assert file.testzip() is None
    about = json.loads(file.read("account.json"))
    assert (about["user"], about["name"], about["email"]) == (ben.user, "Ben", None)
    assert {one["group"] for one in about["memberships"]} == set(await ben.groups()) - {room}
    said = lines(file, group)
    assert [(one["id"], one.get("text"), one.get("reactions")) for one in said] == [
        (mine, "mine, better", None),
        (theirs, None, ["👍"]),
    ]
    assert [one["text"] for one in lines(file, room)] == ["in a room"]
    for name in file.namelist():
        content = file.read(name).decode()
        assert "Anns secret" not in content
        assert "Ann" not in content
        assert ann.user not in content


async def test_one_takes_along_what_one_wishes_to_be_told_and_on_which_devices(house: House) -> None:
    group, [_, ben] = await house.club("Ann", "Ben")
    night = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "to": "07:00"}
    hours = {"time_zone": "Europe/Berlin", "spans": [night]}
    address = f"https://push.example/{ben.user}"
    await ben.ok("PUT", f"/api/groups/{group}/level", {"level": "mentions"})
    await ben.ok("PUT", f"/api/groups/{group}/mute", {"for_s": None})
    await ben.ok("PUT", "/api/me/quiet", hours)
    await ben.ok("PUT", "/api/me/push", {"kind": "web", "address": address, "p256dh": P256DH, "auth": AUTH})
    file = await taken(ben)
    about = json.loads(file.read("account.json"))
    assert (about["levels"], about["mutes"]) == ({str(group): "mentions"}, {str(group): None})
    assert about["quiet_hours"] == hours
    assert [one["by"] for one in about["told_on"]] == ["web"]
    assert address not in file.read("account.json").decode()


async def test_what_one_wrote_where_one_is_no_more_comes_along_too(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    await ben.post(group, "before I left")
    await ann.remove(group, ben.user)
    file = await taken(ben)
    assert [one["text"] for one in lines(file, group)] == ["before I left"]
    places = json.loads(file.read("account.json"))["memberships"]
    assert [one.get("name") for one in places if one["left"]] == [None]


async def test_however_much_one_wrote_it_is_read_in_pieces(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    for n in range(7):
        await (ann if n % 2 else ben).post(group, f"{n}")
    found, after, more = [], 0, True
    who = house.process.tokens.verify(ben.token).key
    while more:
        written, after, more = await leaving.writing(house.process.db, who, group, after, looked=3)
        assert len(written) <= 3
        found += [json.loads(one)["text"] for one in written]
    assert found == ["0", "2", "4", "6"]


async def test_three_copies_an_hour_are_enough(house: House) -> None:
    ann = await house.person("Ann")
    for _ in range(3):
        await taken(ann)
    assert await ann.refused("GET", "/api/me/export") == (429, "rate_limited")
