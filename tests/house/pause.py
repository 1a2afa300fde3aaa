"""Time that passes by plan."""

import asyncio
from contextlib import suppress


async def pause(seconds: float) -> None:
    """A part of a schedule; never a way to wait until something has happened."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
