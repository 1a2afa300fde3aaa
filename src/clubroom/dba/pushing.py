"""Who is told of what was said: notices that wait for the decision, pushes that wait to be sent, and why
somebody was told or not. `moment` null = now by the database's clock.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clubroom.dba.pool import Database
from clubroom.ports.push import Target


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A push that was taken, for the `tries`th time. `seq` = of the message, or how far the group is read.
    `silent`: the same conversation rang on this device a moment ago. `calls`: it changes what calls `user`.
    """

    id: int
    kind: str
    target: Target
    language: str
    group: int
    seq: int
    tries: int
    made_at: datetime
    user: int
    silent: bool
    calls: bool


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says. `names`: of whom its text calls, by what stands in the text."""

    message: UUID
    text: str
    sent_at: datetime
    author: str
    room: str
    club: str | None
    kind: str
    names: dict[str, str]


class Closed(msgspec.Struct, frozen=True):
    """How a push went that told of `seq`: `pushed`, `gone` (its device is) or `failed`, with a word of ours
    for why.
    """

    id: int
    seq: int
    outcome: str
    reason: str | None = None


async def decide(
    db: Database,
    here: Collection[int],
    n: int,
    *,
    wait_s: int,
    remote_wait_s: int,
    moment: datetime | None = None,
) -> int:
    """Decides up to `n` messages that are due; how many there were."""
    return int(
        await db.read(
            "decide_notices",
            here=list(here),
            n=n,
            wait_seconds=wait_s,
            remote_wait_seconds=remote_wait_s,
            moment=moment,
        )
    )


async def tell_looking(db: Database, server: str, seen: Mapping[int, Mapping[int, int]]) -> None:
    """group → person → how far they have it before their eyes; of the groups that are named, all there is."""
    await db.read(
        "tell_looking",
        server=server,
        groups=list(seen),
        people=[_array(people.keys()) for people in seen.values()],
        seqs=[_array(people.values()) for people in seen.values()],
    )


def _array(numbers: Collection[int]) -> str:
    """As PostgreSQL writes it."""
    return "{" + ",".join(map(str, numbers)) + "}"


async def set_target(
    db: Database, who: int, device: UUID, target: Target, *, moment: datetime | None = None
) -> None:
    """This device is reached so from now on. Raises Unauthorized if it was signed out meanwhile."""
    await db.read("set_push_target", who=who, device=device, moment=moment, **msgspec.structs.asdict(target))


async def drop_target(db: Database, device: UUID) -> None:
    """It is not to be reached any more."""
    await db.read("drop_push_target", device=device)


async def forget_address(db: Database, address: str) -> None:
    """Whoever should carry pushes there says that nobody is reached there any more."""
    await db.read("forget_push_address", gone=address)


async def target_of(db: Database, device: UUID) -> Any:
    """kind (None = not reached), failed and pushed_at of a device."""
    return await db.read("push_target_of", device=device)


async def test(db: Database, who: int, device: UUID, *, moment: datetime | None = None) -> None:
    """A push of no message. One that is on its way is enough. Raises NotFound."""
    await db.read("push_test", who=who, device=device, moment=moment)


async def take(
    db: Database, n: int, *, lease_s: int, good_s: int, moment: datetime | None = None
) -> list[Waiting]:
    """The next that are due and have something to say. They are this server's until the lease is over."""
    rows = await db.read("take_pushes", n=n, lease_seconds=lease_s, good_seconds=good_s, moment=moment)
    return [
        Waiting(
            id=row["id"],
            kind=row["kind"],
            target=Target(kind=row["target"], address=row["address"], p256dh=row["p256dh"], auth=row["auth"]),
            language=row["language"],
            group=row["group_id"],
            seq=row["seq"],
            tries=row["tries"],
            made_at=row["made_at"],
            user=row["user_id"],
            silent=row["silent"],
            calls=row["calls"],
        )
        for row in rows
    ]


async def said(db: Database, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Said]:
    """What stands at these places (group, seq), where it still does."""
    rows = await db.read("pushed_messages", groups=[g for g, _ in places], seqs=[s for _, s in places])
    return {
        (row["group_id"], row["seq"]): Said(
            message=row["message"],
            text=row["text"],
            sent_at=row["sent_at"],
            author=row["author"],
            room=row["room"],
            club=row["club"],
            kind=row["kind"],
            names=msgspec.json.decode(row["names"]),
        )
        for row in rows
    }


async def badges(db: Database, people: Collection[int]) -> dict[int, int]:
    """How much calls each of these, over all."""
    rows = await db.read("push_badges", people=list(people))
    return {row["user_id"]: row["badge"] for row in rows}


async def close(db: Database, went: Sequence[Closed], *, moment: datetime | None = None) -> None:
    """How they went."""
    await db.read(
        "close_pushes",
        ids=[one.id for one in went],
        seqs=[one.seq for one in went],
        outcomes=[one.outcome for one in went],
        reasons=[one.reason for one in went],
        moment=moment,
    )


async def postpone(
    db: Database, waits: Sequence[tuple[int, float, str]], *, moment: datetime | None = None
) -> None:
    """(push, seconds, why): they did not go out, and are tried again."""
    ids, seconds, reasons = zip(*waits, strict=True)
    await db.read("postpone_pushes", ids=list(ids), waits=list(seconds), reasons=list(reasons), moment=moment)


async def why(db: Database, who: int, device: UUID, message: UUID) -> Any:
    """What became of a message for somebody. Raises NotFound for what they may not read."""
    return msgspec.json.decode(await db.read("why_told", who=who, device=device, message=message))


async def forget(db: Database, n: int, *, moment: datetime | None = None) -> bool:
    """A piece of what is older than it is kept; whether there may be more."""
    return bool(await db.read("forget_tellings", n=n, moment=moment))
