"""Who pushes: the signatures and tokens that services ask for, when they are made and when they are kept."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

import pytest

from clubroom.auth.keys import Keys
from clubroom.ports.push import NotPushed, Push, Target
from clubroom.ports.push.apns import ApnsPusher
from clubroom.ports.push.fcm import FcmPusher
from clubroom.ports.push.web_push import ORIGINS_MAX, Vapid, WebPusher
from house.certificate import Certificate, issued
from house.push_receiver import is_signed, receiving
from house.push_vendors import Apns, Fcm, Told, vending

KEYS = Keys(b"s" * 32)


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return issued(tmp_path_factory.mktemp("tls"))


def to_app(kind: str) -> Push:
    target = Target(kind="apns" if kind == "apns" else "fcm", address=os.urandom(32).hex())
    return Push(target=target, topic="room-7", ttl_s=60, title="Ann", body="Hello")


async def code_of(send: Callable[[], Awaitable[None]]) -> tuple[str, bool]:
    with pytest.raises(NotPushed) as met:
        await send()
    return met.value.code, met.value.permanent


def test_one_signature_serves_a_push_service_for_six_hours() -> None:
    clock = Clock()
    vapid = Vapid(KEYS.vapid, "https://club.example", clock)
    first = vapid.header("https://push.example/s/1")
    assert first.endswith(f", k={KEYS.application_server_key}")
    assert vapid.header("https://push.example:443/s/2") == first
    assert vapid.header("https://push.example:8443/s/1") != first
    assert vapid.header("https://other.example/s/1") != first
    clock.now += 6 * 3_600 + 1
    assert vapid.header("https://push.example/s/1") != first
    for n in range(2 * ORIGINS_MAX):
        vapid.header(f"https://{n}.example/s")
    assert len(vapid._made) <= ORIGINS_MAX
    token = first.removeprefix("vapid t=").partition(",")[0]
    assert is_signed(token, KEYS.application_server_key, "https://push.example")
    assert not is_signed(token, KEYS.application_server_key, "https://other.example")
    assert not is_signed(token, Keys(b"t" * 32).application_server_key, "https://push.example")


async def test_a_browser_that_subscribed_with_another_key_is_not_pushed_to(certificate: Certificate) -> None:
    async with receiving(certificate) as receiver:
        pusher = WebPusher(
            KEYS.vapid, "mailto:a@b.example", trusted=certificate.ours, besides=lambda one: one.is_loopback
        )
        target = receiver.subscribe(Keys(b"t" * 32).application_server_key)
        push = Push(target=target, topic="t", ttl_s=60)
        assert await code_of(lambda: pusher.send(push)) == ("refused", True)
        assert receiver.received(target) == []
        await pusher.close()


async def test_a_subscription_that_leads_to_our_own_network_is_not_called(certificate: Certificate) -> None:
    async with receiving(certificate) as receiver:
        pusher = WebPusher(KEYS.vapid, "mailto:a@b.example", trusted=certificate.ours)
        push = Push(target=receiver.subscribe(), topic="t", ttl_s=60)
        assert await code_of(lambda: pusher.send(push)) == ("not_public", True)
        assert receiver.connections == 0
        await pusher.close()


async def test_one_token_serves_all_phones_for_forty_minutes(certificate: Certificate) -> None:
    apns, clock = Apns(), Clock()
    async with vending(apns, certificate):
        pusher = ApnsPusher(apns.ours, base_url=apns.url, trusted=certificate.ours, clock=clock)
        for _ in range(3):
            await pusher.send(to_app("apns"))
        clock.now += 39 * 60
        await pusher.send(to_app("apns"))
        assert len(set(apns.signed_by)) == 1
        clock.now += 60
        await pusher.send(to_app("apns"))
        assert len(set(apns.signed_by)) == 2
        await pusher.close()


async def test_a_token_that_is_refused_as_too_old_is_renewed_once_for_all(certificate: Certificate) -> None:
    apns, clock = Apns(), Clock()
    async with vending(apns, certificate):
        pusher = ApnsPusher(apns.ours, base_url=apns.url, trusted=certificate.ours, clock=clock)
        await pusher.send(to_app("apns"))
        clock.now += 25 * 60
        apns.expired = {*apns.signed_by}
        await asyncio.gather(*(pusher.send(to_app("apns")) for _ in range(5)))
        assert len(set(apns.signed_by)) == 2
        # One that is new and too old all the same: the clock is wrong here, and more of them would not help.
        apns.expired = {*apns.signed_by}
        asked = apns.asked
        assert await code_of(lambda: pusher.send(to_app("apns"))) == ("refused", False)
        assert apns.asked == asked + 1
        await pusher.close()


async def test_a_token_is_asked_for_once_and_again_before_it_ends(certificate: Certificate) -> None:
    fcm, clock = Fcm(), Clock()
    async with vending(fcm, certificate):
        pusher = FcmPusher(fcm.ours, base_url=fcm.url, trusted=certificate.ours, clock=clock)
        await asyncio.gather(*(pusher.send(to_app("fcm")) for _ in range(5)))
        clock.now += 54 * 60
        await pusher.send(to_app("fcm"))
        assert len(fcm.given) == 1
        clock.now += 2 * 60
        await pusher.send(to_app("fcm"))
        assert len(fcm.given) == 2
        fcm.taken_back = {*fcm.given}
        await asyncio.gather(*(pusher.send(to_app("fcm")) for _ in range(5)))
        assert len(fcm.given) == 3
        await pusher.close()


async def test_who_gives_no_token_now_may_give_one_later(certificate: Certificate) -> None:
    fcm = Fcm()
    async with vending(fcm, certificate):
        pusher = FcmPusher(fcm.ours, base_url=fcm.url, trusted=certificate.ours)
        fcm.gives = Told(503, headers={"retry-after": "7"})
        with pytest.raises(NotPushed) as met:
            await pusher.send(to_app("fcm"))
        assert (met.value.code, met.value.permanent, met.value.retry_s) == ("busy", False, 7)
        fcm.gives = Told(400, {"error": "invalid_grant"})
        assert await code_of(lambda: pusher.send(to_app("fcm"))) == ("refused", False)
        fcm.gives = Told()
        await pusher.send(to_app("fcm"))
        await pusher.close()


async def test_keys_are_not_printed_with_what_they_belong_to(certificate: Certificate) -> None:
    fcm = Fcm()
    async with vending(fcm, certificate):
        assert "PRIVATE" not in repr(fcm.ours)
    assert "PRIVATE" not in repr(Apns().ours)
