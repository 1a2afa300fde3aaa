"""A signal lost between commit and delivery costs two seconds, never a message."""

from collections.abc import Sequence

from clubroom.actions import Logged
from house.server import House


async def test_what_was_committed_and_never_told_is_heard_within_moments(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    db = house.process.db
    told = db.committed

    def lose(_: Sequence[Logged]) -> None:
        """The server stumbles between COMMIT and delivery."""

    db.committed = lose
    try:
        await ann.post(club, "into the void")
    finally:
        db.committed = told
    await his.until(lambda: his.actions(club), within_s=4)
    assert [action["text"] for action in his.actions(club)] == ["into the void"]
