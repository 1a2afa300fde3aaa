"""What only a deployment can show: functions that are killed, sockets that are gone, the client."""

import asyncio
import os
import signal
from functools import partial

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.deployment import STACK, Deployed
from house.device import Device
from house.pause import pause
from house.within import within

LATE_S = 90.0
QUEUE_CALLED = "queue SendMessage"
SOCKETS = "select count(*) from clubroom.connections"


def texts(device: Device, group: int) -> list[str]:
    return [action["text"] for action in device.log.get(group, []) if action["type"] == "message_posted"]


async def test_a_commit_whose_function_was_killed_before_it_woke_anybody_is_told_by_the_sweep(
    club_house: Deployed,
) -> None:
    club, [ann, ben] = await club_house.club("Ann", "Ben")
    his = await ben.device()
    called = (await club_house.peer.counts()).get(QUEUE_CALLED, 0)
    await club_house.peer.hold_the_queue()
    posting = asyncio.create_task(ann.post(club, "before the end"))
    async with within(LATE_S, "the function committed and called the queue"):
        while (await club_house.peer.counts()).get(QUEUE_CALLED, 0) == called:
            await pause(0.05)
    for pid in club_house.peer.workers(f"{STACK}-chat"):
        os.kill(pid, signal.SIGKILL)
    await asyncio.gather(posting, return_exceptions=True)
    await club_house.peer.let_go_of_the_queue()
    assert texts(his, club) == []
    await club_house.sweep()
    await his.until(partial(texts, his, club), LATE_S)
    assert texts(his, club) == ["before the end"]


async def test_the_client_is_there_with_the_headers_of_one_process(club_house: Deployed) -> None:
    async with club_house.http() as http:
        page = await http.get("/")
        assert page.status_code == 200
        assert "<div id=" in page.text or "<script" in page.text
        assert "default-src" in page.headers["content-security-policy"]
        assert (await http.get("/api/nothing")).status_code == 404
        assert (await http.get("/api/me")).status_code == 401
        assert (await http.head("/api/me")).status_code == 401


async def test_a_socket_that_vanished_is_forgotten(club_house: Deployed, postgres: EmbeddedPostgres) -> None:
    ann = await club_house.person("Ann")
    async with connected(postgres.owner_dsn) as owner:
        before = await owner.fetchval(SOCKETS)
        device = await ann.device()
        assert await owner.fetchval(SOCKETS) == before + 1
        await device.vanish()
        async with within(LATE_S, "the socket was forgotten"):
            while await owner.fetchval(SOCKETS) > before:
                await pause(0.1)
