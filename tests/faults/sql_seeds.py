"""Faults sown into the SQL of a test's own database, by rewriting the function as it stands there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from faults.server import Server

NAME = "clubroom.post_messages(uuid[], bigint[], bigint[], text[], bytea[], bytea[])"

Edits = tuple[tuple[str, str], ...]

# The lock and the judgement share one snapshot, taken before the lock was waited for: whoever was removed in
# the meantime is still a member in it (L10).
IN_ONE_STATEMENT: Edits = (
    ("perform 1 from groups where id = any(gs) order by id for no key update;", ""),
    (
        "with asked as materialized (",
        "with locked as materialized ("
        "select id from groups where id = any(gs) order by id for no key update), asked as materialized (",
    ),
    ("from asked a\n", "from asked a cross join (select count(*) from locked) l\n"),
)

# Places are given away before it is certain that they are needed, as by a SEQUENCE; some are lost (L1).
PLACES_GIVEN_AWAY: Edits = (
    ("set head = head + c.n from", "set head = head + c.n + (random() < 0.05)::int from"),
)

# Membership is known from an earlier look, and nobody tells of its end: whoever was a member once may post.
EVER_A_MEMBER: Edits = (
    (
        "left join memberships ms on ms.group_id = a.g and ms.user_id = a.author and ms.to_seq is null",
        "left join lateral (select true as may_post from memberships k"
        " where k.group_id = a.g and k.user_id = a.author limit 1) ms on true",
    ),
)


@asynccontextmanager
async def sown(server: Server, edits: Edits) -> AsyncIterator[None]:
    """Until the block ends. As the owner of the database; `create or replace` keeps the function's own owner
    and grants.
    """
    async with server.owner() as owner:
        sound = await owner.fetchval("select pg_get_functiondef($1::regprocedure)", NAME)
        definition = sound
        for old, new in edits:
            assert definition.count(old) == 1, f"post_messages reads otherwise now; sow anew: {old}"
            definition = definition.replace(old, new)
        await owner.execute(definition)
    yield
    async with server.owner() as owner:
        await owner.execute(sound)
