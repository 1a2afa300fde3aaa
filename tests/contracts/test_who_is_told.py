"""Who is told of a message, over both gateways: our own, and one that holds the sockets elsewhere. And, at
length, of functions that were deployed (`notification/offices.py`).
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.notification.decision import REMOTE_WAIT_S
from house.device import Device
from house.pause import pause
from house.person import Person
from house.uuid7 import uuid7
from house.venues import CHOSEN
from house.within import within
from notification.offices import office_at
from notification.post_office import PostOffice

LOOKING = 20
KINDS = [CHOSEN] if CHOSEN else ["local", "remote"]
NAMES = ["venue"] if CHOSEN else KINDS


@pytest.fixture(params=KINDS, ids=NAMES)
async def office(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, settings: Settings
) -> AsyncIterator[PostOffice]:
    async with office_at(request.param, postgres, settings) as opened:
        yield opened


SHOWN = "select count(*) from _shown_to(array[$1::bigint], $2) where seq >= $3"


async def shown_to(office: PostOffice, people: list[Person], club: int, seq: int) -> None:
    """The database knows that it is before the eyes of all of these; frames may overtake each other."""
    keys = [office.key(person) for person in people]
    async with within(office.patience_s, "what devices show was told"):
        while await office.writer.fetchval(SHOWN, club, keys, seq) < len(people):
            await pause(0.05)
            await office.look()


async def has_it(office: PostOffice, device: Device, club: int, seq: int) -> None:
    """It is applied, and told."""
    await device.until(lambda: device.cursors.get(club, 0) >= seq, office.patience_s)
    await device.send(type="got", **{str(club): seq})


async def test_of_twenty_who_look_nobody_is_pushed_and_a_hidden_laptop_keeps_no_phone_silent(
    office: PostOffice,
) -> None:
    club, [ann, *people] = await office.house.club("Ann", *(f"P{n}" for n in range(LOOKING + 1)))
    hides = people[-1]
    for person in people:
        await office.phone(person)
    devices = await asyncio.gather(*(person.device() for person in people))
    for device in devices[:-1]:
        await device.send(type="watch", group=club, on=True)
    await shown_to(office, people[:-1], club, 0)
    said = uuid7()
    seq = (await ann.post(club, "hello", said))["seq"]
    await asyncio.gather(*(has_it(office, device, club, seq) for device in devices))
    await shown_to(office, people[:-1], club, seq)
    await office.decide(people)
    assert await office.send() == []
    await office.decide(people, after_s=REMOTE_WAIT_S + 1)
    [push] = await office.send()
    assert push.target.address.endswith(hides.user)
    assert {await office.why(person, said) for person in people[:-1]} == {"shown"}
    assert await office.why(hides, said) == "pushed"


async def test_whoever_looks_and_did_not_get_it_is_pushed(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    await office.phone(ben)
    device = await ben.device()
    await device.send(type="watch", group=club, on=True)
    await shown_to(office, [ben], club, 0)
    await ann.post(club, "hello")
    await device.until(partial(device.actions, club), office.patience_s)
    await office.look()
    await office.decide([ben])
    await office.decide([ben], after_s=REMOTE_WAIT_S + 1)
    assert len(await office.send()) == 1
