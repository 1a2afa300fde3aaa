"""The connections: what they say in our words."""

import asyncio

import pytest

from clubroom.dba.pool import guarded


async def test_whoever_is_cancelled_on_a_dead_connection_stays_cancelled() -> None:
    """It once was taken for a database that is away for a moment, and a server never came to its end."""

    async def ask() -> None:
        async with guarded():
            try:
                await asyncio.Event().wait()
            finally:
                raise ConnectionResetError

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
