"""What opens nothing, and many who come at once (abuse 12 and 13)."""

import asyncio

import asyncpg
import pytest

from auth.coding import WRONG, code, founded, listed
from auth.rig import Rig
from clubroom import errors
from clubroom.auth import clubs


@pytest.mark.parametrize(
    "spoilt",
    [
        "update join_codes set revoked_at = now() where group_id = $1",
        "update join_codes set expires_at = now() - interval '1 second' where group_id = $1",
        "update join_codes set uses_left = 0 where group_id = $1",
        "update groups set joining_paused = true where id = $1",
        "update groups set suspended_at = now() where id = $1",
        "update groups set deleted_at = now() where id = $1",
    ],
)
async def test_whatever_the_reason_a_code_that_opens_nothing_is_like_one_that_never_was(
    rig: Rig, writer: asyncpg.Connection, spoilt: str
) -> None:
    """Abuse 13."""
    ann, club = await founded(rig)
    asking = await code(rig, ann, club.group, asks=True)
    await writer.execute(spoilt, club.group)
    told = set()
    for opening in (club.code, asking.code, WRONG):
        ben = await rig.person("Ben")
        with pytest.raises(errors.InvalidCode) as refused:
            await rig.join(ben, opening)
        told.add((refused.value.code, refused.value.detail, refused.value.retry_ms))
        with pytest.raises(errors.InvalidCode):
            await clubs.preview_club(opening, rig.peer, rig.auth)
    assert len(told) == 1


async def test_a_thousand_guesses_get_nowhere(rig: Rig) -> None:
    """Abuse 12: from as many addresses as people, all with one club to find."""
    _, club = await founded(rig)
    people = [await rig.person(f"Guesser {n}") for n in range(10)]
    answers = await asyncio.gather(
        *(
            clubs.join_club(who, f"{n:012X}", f"203.0.113.{at}", rig.auth)
            for at, who in enumerate(people)
            for n in range(at * 100, at * 100 + 100)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, errors.InvalidCode) for one in answers) == 50  # five a person
    assert sum(isinstance(one, errors.RateLimited) for one in answers) == 950
    assert len(await rig.log(club.group)) == 2


async def test_a_hundred_and_twenty_people_sign_up_and_join_from_one_address_in_five_minutes(
    rig: Rig,
) -> None:
    """One mistypes now and then, and somebody there guesses: nobody is refused for it."""
    ann, club = await founded(rig)
    hall = await code(rig, ann, club.group, note="Hall", uses=120)
    for n in range(120):
        if n % 10 == 0:
            rig.clock.move(seconds=25)
        guest = await rig.person(f"Guest {n}")
        if n % 6 == 0:
            with pytest.raises((errors.InvalidCode, errors.RateLimited)):
                await clubs.preview_club(WRONG, rig.peer, rig.auth)
        await clubs.preview_club(hall.code, rig.peer, rig.auth)
        assert (await rig.join(guest, hall.code)).group == club.group
    assert (await listed(rig, ann, club.group))[1].uses_left == 0
