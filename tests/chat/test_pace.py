"""How fast one person may write: ten a second, a hundred at once, over everything they use."""

import msgspec
import pytest

from clubroom.app.settings import Settings
from clubroom.chat import pace
from clubroom.chat.pace import Pace
from clubroom.dba.pool import Database
from clubroom.errors import RateLimited
from house.server import running
from house.uuid7 import uuid7

TRIES = 200


def test_a_full_bucket_is_for_a_hundred_posts_and_refills_by_ten_a_second() -> None:
    kept = Pace(10)
    for _ in range(100):
        kept.take(1, now=0.0)
    with pytest.raises(RateLimited) as refused:
        kept.take(1, now=0.0)
    assert refused.value.retry_ms == 100
    for _ in range(10):
        kept.take(1, now=1.0)
    with pytest.raises(RateLimited):
        kept.take(1, now=1.0)
    kept.take(2, now=1.0)


def test_people_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "PEOPLE_MAX", 2)
    kept = Pace(0.1)
    for who in (1, 2, 3):
        kept.take(who, now=0.0)
    assert len(kept._buckets) == 2


async def test_whoever_writes_too_fast_is_told_how_long_to_wait(
    database: Database, settings: Settings
) -> None:
    async with running(database, msgspec.structs.replace(settings, posts_a_second=1)) as house:
        club, [ann] = await house.club("Ann")
        for n in range(TRIES):  # ten, and one more for each second that they take
            refused = await ann.call("PUT", f"/api/messages/{uuid7()}", {"group": club, "text": f"{n}"})
            if refused.is_error:
                break
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert n >= 10
        assert 0 < refused.json()["retry_ms"] <= 1_000
        assert refused.headers["retry-after"] == "1"
        phone = await ann.device()
        answers = [await phone.post(club, "from the phone") for _ in range(3)]  # at most one a second passes
        assert {answer.get("code") for answer in answers} & {"rate_limited"}
        said = [m["text"] for m in (await ann.page(club))["messages"]]
        assert said[:n] == [str(sent) for sent in range(n)]
        assert str(n) not in said
        await house.everyone_leaves()


async def test_rooms_and_conversations_are_made_and_changed_at_the_same_pace(
    database: Database, settings: Settings
) -> None:
    async with running(database, msgspec.structs.replace(settings, posts_a_second=0.1)) as house:
        club, [ann, ben] = await house.club("Ann", "Ben")
        room = await ann.channel(club)
        for call in (
            ("POST", f"/api/groups/{club}/channels", {"key": str(uuid7()), "name": "Another"}),
            ("PATCH", f"/api/groups/{room}", {"name": "Another"}),
            ("PATCH", f"/api/groups/{club}", {"dms_off": True}),
            ("PUT", f"/api/groups/{room}/follow", {"on": False}),
            ("POST", f"/api/groups/{room}/members", {"users": [ben.user]}),
            ("POST", "/api/dms", {"users": [ben.user]}),
            ("PUT", f"/api/me/blocks/{ben.user}", None),
            ("DELETE", f"/api/me/blocks/{ben.user}", None),
        ):
            assert await ann.refused(*call) == (429, "rate_limited")
        await house.everyone_leaves()
