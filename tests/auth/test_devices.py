"""The devices on which somebody is signed in."""

import asyncio

import httpx
import pytest

from clubroom.auth.account.devices import device_name
from house.person import Person
from house.server import PASSWORD, House
from house.within import within

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/26.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26 Safari/605.1.15", "Safari, macOS"),
        ("my bot <script>", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_device_is_called_by_two_words_of_ours(said: str, shown: str | None) -> None:
    assert device_name(said) == shown


async def another_device(who: Person, agent: str = FIREFOX) -> Person:
    email = (await who.me())["email"]
    signed = await who.http.post(
        "/api/sessions", json={"email": email, "password": PASSWORD}, headers={"user-agent": agent}
    )
    return Person(who.http, signed.json(), who.changed)


async def devices(who: Person) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await who.ok("GET", "/api/sessions"))["sessions"]
    return found


async def is_out(who: Person) -> bool:
    return (await who.call("GET", "/api/me")).status_code == 401


async def test_one_sees_where_one_is_signed_in_and_which_of_them_is_this_one(house: House) -> None:
    ann = await house.person("Ann", with_email=True)
    phone = await another_device(ann, IPHONE)
    listed = await devices(ann)
    assert [(one["device"], one["here"]) for one in listed] == [("Safari, iPhone", False), (None, True)]
    assert [one["here"] for one in await devices(phone)] == [True, False]
    assert all(one["signed_in_at"] and one["used_at"] for one in listed)


async def test_a_device_that_one_signs_out_hears_nothing_more_within_two_seconds(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    phone = await another_device(ann)
    socket = await phone.device()
    lost = next(one for one in await devices(ann) if not one["here"])
    await ann.ok("DELETE", f"/api/sessions/{lost['id']}")
    assert await is_out(phone)
    async with within(2, "its socket had ended"):
        assert await socket.closed() == 4403
    assert len(await devices(ann)) == 1
    await ben.post(group, "after it")
    assert not await is_out(ann)


async def test_nobody_signs_out_a_device_of_somebody_else(house: House) -> None:
    ann, eve = await house.person("Ann", with_email=True), await house.person("Eve")
    [anns] = await devices(ann)
    assert await eve.refused("DELETE", f"/api/sessions/{anns['id']}") == (404, "not_found")
    assert not await is_out(ann)


async def test_signing_out_everywhere_else_leaves_this_device_alone_and_closes_open_links(
    house: House,
) -> None:
    ann = await house.person("Ann", with_email=True)
    others = [await another_device(ann) for _ in range(3)]
    link = httpx.URL((await others[0].ok("POST", "/api/sign-in-links"))["url"]).fragment
    await ann.ok("DELETE", "/api/sessions/others")
    assert all(await asyncio.gather(*map(is_out, others)))
    assert not await is_out(ann)
    assert (await ann.http.post("/api/sessions", json={"link": link})).status_code == 401


async def test_signing_out_everywhere_is_everywhere(house: House) -> None:
    ann = await house.person("Ann", with_email=True)
    phone = await another_device(ann)
    answer = await ann.http.delete("/api/sessions", headers=ann.headers)
    assert answer.status_code == 204
    assert "refresh" in answer.headers["set-cookie"]
    assert await is_out(ann)
    assert await is_out(phone)
