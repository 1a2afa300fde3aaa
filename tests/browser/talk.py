"""What others say in a club while somebody looks at it: straight into the lane, many at once."""

import asyncio
from collections.abc import Iterable

from clubroom.chat.messages import post_message
from house.person import Person
from house.server import House
from house.uuid7 import uuid7


async def say(house: House, person: Person, group: int, *texts: str) -> None:
    """In this order."""
    await everybody_says(house, group, [(person, text) for text in texts])


async def everybody_says(house: House, group: int, said: Iterable[tuple[Person, str]]) -> None:
    """In this order; returns when all of it is committed."""
    chat, verify = house.process.chat, house.process.tokens.verify
    await asyncio.gather(
        *(post_message(chat, verify(person.token), group, uuid7(), text) for person, text in said)
    )


def lines(word: str, count: int, first: int = 1) -> list[str]:
    """`word 1`, `word 2`, …"""
    return [f"{word} {number}" for number in range(first, first + count)]
