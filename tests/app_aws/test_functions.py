"""What only functions do, beside the conversation that they hold as every other house does."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from app_aws.conftest import HERE
from clubroom.app.aws.calls import routes
from clubroom.app.aws.frames import Notification
from clubroom.app.aws.function import Function
from clubroom.app.aws.place import Place, place_of
from clubroom.app.settings import SettingError, Settings
from clubroom.ports.waking import LATER
from house.functions import CREDENTIALS, Functions, told
from house.person import Person

ENVIRONMENT = {
    "DATABASE_URL": "postgresql://clubroom@db.example/clubroom",
    "CLUBROOM_SECRET": "ab" * 32,
    "PUBLIC_URL": HERE,
    "CLUBROOM_GATEWAY": "https://abc.execute-api.eu-central-1.amazonaws.example/live",
    "CLUBROOM_WAKE_QUEUE": "https://sqs.eu-central-1.amazonaws.example/123456789012/wakes",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "nobody's",
    "AWS_SESSION_TOKEN": "lent",
    "AWS_REGION": "eu-central-1",
}


# --- commits are forwarded --------------------------------------------------------------------------------


async def test_what_is_committed_by_a_call_wakes_the_worker_and_is_heard(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    await ann.post(club, "by a call")
    await his.until(lambda: his.actions(club))
    assert [action["text"] for action in his.actions(club)] == ["by a call"]
    assert 0 in house.api.wakes


async def test_what_nobody_was_woken_for_is_found_by_the_clock(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    await house.settled()
    house.api.deaf = True
    placed = await ann.post(club, "who hears me?")
    house.api.deaf = False
    await house.settled()
    assert his.actions(club) == []
    await house.sweep()
    await his.until(lambda: his.actions(club))
    assert [action["seq"] for action in his.actions(club)] == [placed["seq"]]


async def test_a_post_by_a_socket_is_handed_on_by_the_very_call(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    await house.settled()
    house.api.deaf = True
    await hers.post(club, "at once")
    await his.until(lambda: his.actions(club))
    house.api.deaf = False


async def test_the_worker_asks_to_be_woken_again_for_whom_it_waits(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ben.device()
    house.api.wakes.clear()
    await ann.post(club, "are you there?")
    await house.settled()
    assert 16 in house.api.wakes


async def test_whoever_was_woken_later_asks_for_nobody_after_them(house: Functions) -> None:
    """Else each message would keep somebody coming for as long as people talk."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ben.device()
    await ann.post(club, "are you there?")
    await house.settled()
    house.api.wakes.clear()
    await house.api.functions["worker"]({"Records": [{"body": LATER}]})
    assert house.api.wakes == []


# --- sockets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 200),
        ({"headers": {"Origin": HERE}}, 200),
        ({"headers": {"Origin": "https://elsewhere.example"}}, 403),
        ({"headers": {"origin": "null"}}, 403),
        ({"queryStringParameters": {"token": "x"}}, 400),
    ],
)
async def test_a_page_of_another_site_opens_no_socket(house: Functions, more: Any, status: int) -> None:
    notification = house.api.functions["notification"]
    connection = f"judged={status}"
    answer = await notification(told("CONNECT", connection, **more))
    assert answer == {"statusCode": status}
    await notification(told("DISCONNECT", connection))


async def test_a_frame_that_is_too_long_and_one_of_bytes_are_sent_away(house: Functions) -> None:
    ann = await house.person("Ann")
    long, odd = await ann.device(), await ann.device()
    await long.send_raw("x" * (24 * 1024 + 1))
    assert await long.closed() == 1009
    (connection,) = house.gateway.open
    await house.api.functions["notification"](
        told("MESSAGE", connection) | {"isBase64Encoded": True, "body": "AA=="}
    )
    assert await odd.closed() == 1003


async def test_a_device_that_is_signed_out_is_sent_away_by_its_next_frame(house: Functions) -> None:
    ann = await house.person("Ann")
    device = await ann.device()
    assert (await ann.http.delete("/api/sessions/current", headers=ann.headers)).status_code == 204
    await device.send(type="ping")
    assert await device.closed() == 4403


async def sees(who: Person, club: int, *people: Person) -> None:
    """Who is online, as one asks, until it is these: the gateway tells late that a socket has ended."""
    async with asyncio.timeout(10):
        while True:
            online = await who.ok("GET", f"/api/groups/{club}/online")
            assert online["n"] == len(online["users"])
            if set(online["users"]) == {person.user for person in people}:
                return


async def test_who_is_online_is_known_to_whoever_asks_and_told_to_nobody(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers = await ann.device()
    await hers.send(type="watch", group=club, on=True)
    first, second = await ben.device(), await ben.device()
    await house.settled()
    await sees(ann, club, ann, ben)
    await first.leave()
    await house.settled()
    await sees(ann, club, ann, ben)
    await second.leave()
    await sees(ann, club, ann)
    assert [s for s in hers.heard("signal") if s["kind"] == "presence"] == []


async def test_whoever_wishes_to_be_unseen_is_unseen_from_the_next_heartbeat_on(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.device()
    his = await ben.device()
    await ben.ok("PATCH", "/api/me", {"invisible": True})
    await his.send(type="ping")
    await his.until(lambda: his.heard("pong"))
    await sees(ann, club, ann)


async def test_typing_is_told_to_those_who_show_the_room_alone(house: Functions) -> None:
    club, [ann, ben, cem] = await house.club("Ann", "Ben", "Cem")
    hers, his, other = await ann.device(), await ben.device(), await cem.device()
    await his.send(type="watch", group=club, on=True)
    await house.settled()
    await hers.send(type="typing", group=club)
    await his.until(lambda: his.heard("signal"))
    await house.settled()
    assert other.heard("signal") == []


# --- calls ------------------------------------------------------------------------------------------------


async def test_every_call_is_described_and_head_is_answered(house: Functions) -> None:
    async with house.http() as http:
        described = (await http.get("/api/openapi.json")).json()["paths"]
        calls = {path for service, found in routes().items() if service != "fe" for _, path in found}
        assert {path for path in calls if path.startswith("/api/")} <= described.keys()
        assert (await http.head("/api/health")).status_code == 200
        assert (await http.get("/nothing.txt")).status_code == 404


def test_each_call_belongs_to_one_function() -> None:
    found = [call for service, calls in routes().items() for call in calls]
    assert len(found) == len(set(found))
    assert ("POST", "/api/sync") in routes()["notification"]
    assert ("POST", "/api/accounts") in routes()["auth"]
    assert ("PUT", "/api/messages/{message_id}") in routes()["chat"]


# --- what is not as it should be --------------------------------------------------------------------------


def away(settings: Settings) -> Place:
    """Neither database nor queue nor gateway answers there."""
    return Place(
        settings=structs.replace(settings, public_url=HERE, pooler=True),
        dsn="postgresql://clubroom@127.0.0.1:1/clubroom",
        gateway="http://127.0.0.1:1/live",
        queue="http://127.0.0.1:1/000000000000/wakes",
        credentials=CREDENTIALS,
    )


async def in_a_thread(work: Callable[[], Any]) -> Any:
    """As a process of its own."""
    return await asyncio.get_running_loop().run_in_executor(None, work)


async def test_without_its_database_a_frame_raises_nothing_that_the_client_would_hear(
    settings: Settings,
) -> None:
    def called() -> Any:
        function = Function(away(settings))
        answer = Notification(function)(told("MESSAGE", "abc="), None)
        function.loop.run_until_complete(function.close())
        function.loop.close()
        return answer

    assert await in_a_thread(called) == {"statusCode": 503}


async def test_a_queue_that_does_not_answer_keeps_no_call_from_its_answer(house: Functions) -> None:
    club, [ann] = await house.club("Ann")
    house.api.deaf = True
    assert (await ann.post(club, "all the same"))["seq"]
    house.api.deaf = False
    await house.sweep()


def test_a_place_is_told_by_its_environment(tmp_path: Path) -> None:
    place = place_of(ENVIRONMENT | {"CLUBROOM_DATA": str(tmp_path)})
    assert place.gateway == ENVIRONMENT["CLUBROOM_GATEWAY"]
    assert place.credentials.token == "lent"
    assert "nobody" not in repr(place.credentials)


@pytest.mark.parametrize("missing", sorted(ENVIRONMENT.keys() - {"AWS_SESSION_TOKEN"}))
def test_what_a_function_lacks_is_named(missing: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}
    with pytest.raises(SettingError, match=missing):
        place_of(environment | {"CLUBROOM_DATA": str(tmp_path)})
