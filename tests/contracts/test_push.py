"""The contract of the push port, run by every adapter against a service of its kind over TLS: a browser's,
which opens what arrives, and two for apps, which speak HTTP/2.
"""

import asyncio
import logging
import os
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Literal

import pytest

from clubroom.auth.keys import Keys
from clubroom.ports.push import SEND_S, NotPushed, Push, Pusher, Target, Urgency
from clubroom.ports.push.apns import ApnsPusher
from clubroom.ports.push.fcm import FcmPusher
from clubroom.ports.push.web_push import WebPusher
from house.certificate import Certificate, issued
from house.push_receiver import Receiver, receiving
from house.push_vendors import Apns, Fcm, Told, vending
from house.server import NO_AUTHORITIES

NOW = 1_795_000_000.0
KEYS = Keys(b"s" * 32)
WORDS = "Bring the score of the Requiem"


@dataclass
class Arrived:
    """What every service understands of a push."""

    topic: str
    title: str = ""
    body: str = ""
    badge: int | None = None
    data: dict[str, str] = field(default_factory=dict)
    withdraw: bool = False
    ttl_s: int = 0
    urgent: bool = False


@dataclass
class Way:
    """An adapter, and the service behind it. `gone` and `refusals` are the answers that mean so there."""

    pusher: Any
    stranger: Pusher  # who trusts nobody whom we know
    target: Callable[[], Target]
    answers: Callable[[Target, Told | Literal["hang", "cut"]], None]
    arrived: Callable[[Target], list[Arrived]]
    asked: Callable[[], int]
    gone: list[Told]
    refusals: list[Told]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return issued(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=["web", "apns", "fcm"])
async def way(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Way]:
    async with AsyncExitStack() as stack:
        make = {"web": by_web, "apns": by_apns, "fcm": by_fcm}[request.param]
        made = await make(stack, certificate)
        stack.push_async_callback(made.pusher.close)
        stack.push_async_callback(made.stranger.close)
        yield made


async def by_web(stack: AsyncExitStack, certificate: Certificate) -> Way:
    receiver = await stack.enter_async_context(receiving(certificate))
    targets: list[Target] = []

    def pusher(**more: Any) -> WebPusher:
        return WebPusher(
            KEYS.vapid, "mailto:host@club.example", besides=lambda address: address.is_loopback, **more
        )

    def target() -> Target:
        targets.append(receiver.subscribe(KEYS.application_server_key))
        return targets[-1]

    def answers(target: Target, does: Told | Literal["hang", "cut"]) -> None:
        if isinstance(does, Told):
            receiver.answers(target, 201 if does.status == 200 else does.status, headers=does.headers)
        else:
            receiver.answers(target, does)

    return Way(
        pusher=pusher(trusted=certificate.ours),
        stranger=pusher(trusted=NO_AUTHORITIES),
        target=target,
        answers=answers,
        arrived=lambda target: arrived_by_web(receiver, target),
        asked=lambda: sum(receiver.of(one).asked for one in targets),
        gone=[Told(404), Told(410)],
        refusals=[Told(400), Told(401), Told(403), Told(307, headers={"location": "https://localhost/"})],
    )


def arrived_by_web(receiver: Receiver, target: Target) -> list[Arrived]:
    return [
        Arrived(
            **one.said,
            ttl_s=int(one.headers["ttl"]),
            urgent=one.headers["urgency"] == "high" and not one.said.get("withdraw"),
        )
        for one in receiver.of(target).pushed
        if one.headers["topic"] == one.said["topic"]
    ]


async def by_apns(stack: AsyncExitStack, certificate: Certificate) -> Way:
    apns = Apns()
    await stack.enter_async_context(vending(apns, certificate))

    def arrived(target: Target) -> list[Arrived]:
        return [from_apns(headers, body) for headers, body in apns.taken.get(target.address, [])]

    return Way(
        pusher=ApnsPusher(apns.ours, base_url=apns.url, trusted=certificate.ours, clock=lambda: NOW),
        stranger=ApnsPusher(apns.ours, base_url=apns.url, trusted=NO_AUTHORITIES),
        target=lambda: Target(kind="apns", address=os.urandom(32).hex()),
        answers=lambda target, does: apns.told.update({target.address: does}),
        arrived=arrived,
        asked=lambda: apns.asked,
        gone=[Told(410, {"reason": "Unregistered"}), Told(400, {"reason": "BadDeviceToken"})],
        refusals=[Told(400, {"reason": "BadTopic"}), Told(403, {"reason": "InvalidProviderToken"})],
    )


def from_apns(headers: dict[str, str], body: dict[str, Any]) -> Arrived:
    aps = body.pop("aps")
    withdraw = body.get("withdraw", False)
    assert headers["apns-topic"] == "org.club.app"
    assert headers["apns-push-type"] == ("background" if withdraw else "alert")
    if withdraw:
        assert aps == {"content-available": 1}
        assert headers["apns-priority"] == "5"
    else:
        assert aps["thread-id"] == body["topic"] == headers["apns-collapse-id"]
        assert aps.get("badge") == body.get("badge")
    expires = int(headers["apns-expiration"])
    return Arrived(
        **aps.get("alert", {}),
        **body,
        ttl_s=expires - int(NOW) if expires else 0,
        urgent=headers["apns-priority"] == "10",
    )


async def by_fcm(stack: AsyncExitStack, certificate: Certificate) -> Way:
    fcm = Fcm()
    await stack.enter_async_context(vending(fcm, certificate))

    def arrived(target: Target) -> list[Arrived]:
        return [from_fcm(body) for _, body in fcm.taken.get(target.address, [])]

    def answer(status: int, code: str) -> Told:
        kind = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
        details = [{"@type": "type.googleapis.com/google.rpc.Other"}, {"@type": kind, "errorCode": code}]
        return Told(status, {"error": {"code": status, "message": WORDS, "details": details}})

    return Way(
        pusher=FcmPusher(fcm.ours, base_url=fcm.url, trusted=certificate.ours, clock=lambda: NOW),
        stranger=FcmPusher(fcm.ours, base_url=fcm.url, trusted=NO_AUTHORITIES),
        target=lambda: Target(kind="fcm", address=f"{os.urandom(11).hex()}:APA91b-{os.urandom(60).hex()}"),
        answers=lambda target, does: fcm.told.update({target.address: does}),
        arrived=arrived,
        asked=lambda: fcm.asked,
        gone=[answer(404, "UNREGISTERED")],
        refusals=[answer(400, "INVALID_ARGUMENT"), answer(403, "SENDER_ID_MISMATCH"), Told(404), Told(401)],
    )


def from_fcm(message: dict[str, Any]) -> Arrived:
    data, android = message["data"], message["android"]
    withdraw = data.pop("withdraw", "false") == "true"
    topic, badge = data.pop("topic"), data.pop("badge", None)
    assert android["collapse_key"] == topic
    assert ("notification" in message) is not withdraw
    assert withdraw or android["notification"] == {"tag": topic}
    return Arrived(
        **message.get("notification", {}),
        topic=topic,
        badge=None if badge is None else int(badge),
        data=data,
        withdraw=withdraw,
        ttl_s=int(android["ttl"].removesuffix("s")),
        urgent=android["priority"] == "HIGH",
    )


def push(target: Target, topic: str = "room-7", body: str = WORDS, **said: Any) -> Push:
    usual: dict[str, Any] = {"ttl_s": 3_600, "title": "Ann", "badge": 3, "data": {"url": "/c/1/r/7#42"}}
    return Push(target=target, topic=topic, body=body, **(usual | said))


async def not_pushed(way: Way, target: Target, **said: Any) -> NotPushed:
    with pytest.raises(NotPushed) as met:
        await way.pusher.send(push(target, **said))
    return met.value


async def test_a_push_arrives_whole_and_under_its_topic(way: Way) -> None:
    target = way.target()
    await way.pusher.send(push(target, title="Özge 🎉", body="„Grüße“\n\n" + "漢" * 500))
    await way.pusher.send(push(target, topic="x" * 32, urgency="low", ttl_s=0, badge=None, data={}))
    first, second = way.arrived(target)
    assert first == Arrived(
        topic="room-7",
        title="Özge 🎉",
        body="„Grüße“\n\n" + "漢" * 500,
        badge=3,
        data={"url": "/c/1/r/7#42"},
        ttl_s=3_600,
        urgent=True,
    )
    assert second == Arrived(topic="x" * 32, title="Ann", body=WORDS)


async def test_a_push_that_withdraws_says_no_word(way: Way) -> None:
    target = way.target()
    await way.pusher.send(push(target, withdraw=True, badge=0))
    [arrived] = way.arrived(target)
    assert arrived == Arrived(
        topic="room-7", badge=0, data={"url": "/c/1/r/7#42"}, withdraw=True, ttl_s=3_600
    )


async def test_who_is_not_there_any_more_is_gone(way: Way) -> None:
    for answer in way.gone:
        target = way.target()
        way.answers(target, answer)
        met = await not_pushed(way, target)
        assert (met.code, met.gone, met.retry_s) == ("gone", True, None)


async def test_what_was_stored_and_is_no_target_is_gone_without_a_call(way: Way) -> None:
    kind = way.target().kind
    met = await not_pushed(way, Target(kind=kind, address="../../secrets"))
    assert (met.code, met.gone, way.asked()) == ("gone", True, 0)


async def test_what_is_refused_never_goes(way: Way) -> None:
    for answer in way.refusals:
        target = way.target()
        way.answers(target, answer)
        met = await not_pushed(way, target)
        assert (met.code, met.gone, met.permanent) == ("refused", False, True)


async def test_who_is_busy_says_for_how_long(way: Way) -> None:
    target = way.target()
    way.pusher.clock = lambda: NOW
    said = {
        "120": 120.0,
        formatdate(NOW + 90, usegmt=True): 90.0,
        formatdate(NOW - 90, usegmt=True): 0.0,
        "99999999": 3_600.0,
        formatdate(NOW + 86_400, usegmt=True): 3_600.0,
        "soon": None,
        "-5": None,
    }
    for header, seconds in said.items():
        way.answers(target, Told(429, headers={"retry-after": header}))
        met = await not_pushed(way, target)
        assert (met.code, met.gone, met.permanent, met.retry_s) == ("busy", False, False, seconds), header
    for status in (500, 503):
        way.answers(target, Told(status))
        met = await not_pushed(way, target)
        assert (met.code, met.gone, met.permanent, met.retry_s) == ("busy", False, False, None)


@pytest.mark.parametrize("does", ["hang", "cut"])
async def test_who_hangs_or_breaks_off_is_tried_again_and_nobody_else_suffers(
    way: Way, does: Literal["hang", "cut"]
) -> None:
    well, ill = way.target(), way.target()
    await way.pusher.send(push(well))
    way.answers(ill, does)
    way.pusher.send_s = 0.5 if does == "hang" else SEND_S
    met = await not_pushed(way, ill)
    assert (met.code, met.gone, met.permanent) == ("unreachable", False, False)
    way.pusher.send_s = SEND_S
    way.answers(ill, Told())
    await asyncio.gather(*(way.pusher.send(push(target)) for target in (well, ill)))
    assert (len(way.arrived(well)), len(way.arrived(ill))) == (2, 1)


async def test_who_is_not_who_they_say_gets_nothing(way: Way) -> None:
    with pytest.raises(NotPushed) as met:
        await way.stranger.send(push(way.target()))
    assert (met.value.code, met.value.permanent, way.asked()) == ("unreachable", False, 0)


async def test_what_is_too_large_is_not_even_tried(way: Way) -> None:
    target = way.target()
    met = await not_pushed(way, target, body="漢" * 1_000)
    assert (met.code, met.permanent, way.asked()) == ("too_large", True, 0)
    way.answers(target, Told(413))
    met = await not_pushed(way, target)
    assert (met.code, met.permanent) == ("too_large", True)


async def test_many_at_once_all_arrive_once(way: Way) -> None:
    targets = [way.target() for _ in range(30)]
    urgency: list[Urgency] = ["high", "normal"]
    await asyncio.gather(
        *(way.pusher.send(push(target, urgency=urgency[n % 2])) for n, target in enumerate(targets))
    )
    assert [len(way.arrived(target)) for target in targets] == [1] * 30


async def test_neither_errors_nor_logs_repeat_what_is_pushed_or_to_whom(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    target = way.target()
    told: list[str] = [repr(target), repr(push(target))]
    with caplog.at_level(logging.INFO):
        caplog.set_level(logging.DEBUG, logger="clubroom")
        await way.pusher.send(push(target))
        for answer in (*way.gone, *way.refusals, Told(500)):
            way.answers(target, answer)
            met = await not_pushed(way, target)
            told += [repr(met), *traceback.format_exception(met)]
        met = await not_pushed(way, target, body=WORDS * 1_000)
        told += [repr(met), *traceback.format_exception(met), caplog.text]
    for secret in (target.address, target.address[-20:], WORDS, "bearer"):
        assert not any(secret in line for line in told)


def test_a_topic_or_a_time_that_no_service_takes_is_refused_at_once() -> None:
    target = Target(kind="apns", address="ab" * 32)
    for topic in ("", "x" * 33, "a b", "a\r\nb: c", "ä"):
        with pytest.raises(ValueError, match="topic"):
            push(target, topic=topic)
    for seconds in (-1, 28 * 86_400 + 1):
        with pytest.raises(ValueError, match="28 days"):
            push(target, ttl_s=seconds)
