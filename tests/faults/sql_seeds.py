"""Faults sown into the SQL of a test's own database, by rewriting the function as it stands there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from faults.server import Server

NAME = "clubroom.post_messages(uuid[], bigint[], bigint[], text[], bytea[], bytea[], uuid[], text[])"
SET_ONLINE = "clubroom.set_online(text, bigint[], smallint[], bigint[])"
JUDGED = "clubroom._judged(clubroom.notices[], bigint[], timestamptz)"

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

# Places come from a SEQUENCE, and each transaction takes its time: the one with the earlier places may commit
# later, or never (L1).
FROM_A_SEQUENCE: Edits = (
    ("perform 1 from groups where id = any(gs) order by id for no key update;", ""),
    (
        "moved as (update groups set head = head + c.n from counted c where id = c.g"
        " returning id, head - c.n as base)",
        "moved as (select c.g as id from counted c)",
    ),
    ("v.base + row_number() over (partition by j.g order by j.ord) as seq", "nextval('places') as seq"),
    (
        "wrote as (insert into messages",
        "raised as (update groups set head = greatest(head, last) from"
        " (select g, max(seq) as last, pg_sleep(random() * 0.02) from placed group by g) p where id = p.g),"
        " wrote as (insert into messages",
    ),
)
THE_SEQUENCE = """
lock table clubroom.groups in exclusive mode;
do $$ begin
    execute format('create sequence clubroom.places start %s', (select max(head) + 1 from clubroom.groups));
end $$;
grant usage on sequence clubroom.places to clubroom_writer;
"""

# Membership is known from an earlier look, and nobody tells of its end: whoever was a member once may post.
EVER_A_MEMBER: Edits = (
    (
        "left join memberships ms on ms.group_id = gr.members_of and ms.user_id = a.author"
        " and ms.to_seq is null",
        "left join lateral (select true as may_post, 'owner' as role from memberships k"
        " where k.group_id = gr.members_of and k.user_id = a.author limit 1) ms on true",
    ),
)

# Coming is counted and going is not: whoever was here once is here for ever.
COUNTED_PRESENCE: Edits = (
    ("delete from online o where o.server = server_id and o.user_id = any(went);", ""),
)

# What was written to a socket of somebody who looks counts as shown.
WRITTEN_IS_SHOWN: Edits = (("coalesce(s.seq, 0) >= r.seq as shown", "s.seq is not null as shown"),)


@asynccontextmanager
async def sown(server: Server, edits: Edits, before: str = "", name: str = NAME) -> AsyncIterator[None]:
    """Until the block ends, with what has to be there `before`. As the owner of the database; `create or
    replace` keeps the function's own owner and grants.
    """
    async with server.owner() as owner:
        sound = await owner.fetchval("select pg_get_functiondef($1::regprocedure)", name)
        definition = sound
        for old, new in edits:
            assert definition.count(old) == 1, f"{name} reads otherwise now; sow anew: {old}"
            definition = definition.replace(old, new)
        await owner.execute(f"{before};{definition}")
    yield
    async with server.owner() as owner:
        await owner.execute(sound)
