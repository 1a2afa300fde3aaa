"""Time in tests: a pause that belongs to a schedule, and a wait that has an end and says what it was for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


async def pause(seconds: float) -> None:
    """A part of a schedule; never a way to wait until something has happened."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()


@asynccontextmanager
async def within(seconds: float, what: str) -> AsyncIterator[None]:
    """Whatever takes longer ends with the sentence that says what did not happen."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise AssertionError(f"Within {seconds:g} s it did not happen that {what}.") from error
