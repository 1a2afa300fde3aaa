import asyncio
import logging

import pytest

from clubroom.errors import Unavailable
from clubroom.notification.worker import Worker
from house.within import within


class Work:
    """A job that does what it is told, and counts."""

    def __init__(self, *pieces: bool | Exception) -> None:
        self.pieces = list(pieces)
        self.done_count = 0
        self.finished = asyncio.Event()

    async def __call__(self) -> bool:
        self.done_count += 1
        piece = self.pieces.pop(0)
        if not self.pieces:
            self.finished.set()
            self.pieces = [False]
        if isinstance(piece, Exception):
            raise piece
        return piece


async def test_a_job_that_has_more_to_do_comes_again_at_once() -> None:
    work = Work(True, True, False)
    await _run_until(work, Worker({"work": work}, round_s=3_600))
    assert work.done_count == 3


@pytest.mark.parametrize("error", [Unavailable(), ValueError("it failed")])
async def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    failing, other = Work(error, False), Work(True, True, False)
    runner = Worker({"failing": failing, "other": other}, round_s=0.001, failed_s=0.001)
    with caplog.at_level(logging.ERROR):
        await _run_until(failing, runner, other)
    assert ("failing" in caplog.text) == isinstance(error, ValueError)
    assert runner.failed_count == isinstance(error, ValueError)


async def _run_until(work: Work, runner: Worker, *others: Work) -> None:
    running = asyncio.create_task(runner.run())
    try:
        for one in (work, *others):
            async with within(5, "the job was done"):
                await one.finished.wait()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
