"""One connection for all calls to a host: what becomes of it, and of the others, when a call fails on it."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from clubroom.ports.push import SEND_S, NotPushed, Push, Target
from clubroom.ports.push.apns import ApnsPusher
from house.certificate import issued
from house.mailbox import until
from house.push_vendors import Apns, vending


@pytest.fixture
async def apns(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Apns, ApnsPusher]]:
    vendor, certificate = Apns(), issued(tmp_path_factory.mktemp("tls"))
    async with vending(vendor, certificate):
        pusher = ApnsPusher(vendor.ours, base_url=vendor.url, trusted=certificate.ours)
        yield vendor, pusher
        await pusher.close()


def push() -> Push:
    return Push(target=Target(kind="apns", address=os.urandom(32).hex()), topic="t", ttl_s=60)


async def test_a_connection_that_died_silently_swallows_one_call_and_no_other(
    apns: tuple[Apns, ApnsPusher],
) -> None:
    vendor, pusher = apns
    await pusher.send(push())
    assert vendor.line is not None
    vendor.line.forget()
    pusher.send_s = 0.3
    with pytest.raises(NotPushed, match="unreachable"):
        await pusher.send(push())
    pusher.send_s = SEND_S
    await pusher.send(push())
    assert vendor.asked == 2


async def test_who_waits_on_a_connection_that_another_gave_up_still_gets_an_answer(
    apns: tuple[Apns, ApnsPusher],
) -> None:
    vendor, pusher = apns
    given_up, patient = push(), push()
    vendor.told = {given_up.target.address: "hang", patient.target.address: "hang"}
    sent = [asyncio.create_task(pusher.send(each)) for each in (given_up, patient)]
    await until(lambda: vendor.asked == 2)
    sent[0].cancel()
    await asyncio.gather(sent[0], return_exceptions=True)
    await pusher.send(push())  # goes by another connection
    vendor.hanging_ends.set()
    await sent[1]
