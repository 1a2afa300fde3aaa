"""Mistakes sown into the SQL of a database of its own, to see whether the model finds them."""

from collections.abc import Awaitable, Callable

import asyncpg

from faults.sql_seeds import EVER_A_MEMBER, NAME

Sow = Callable[[asyncpg.Connection], Awaitable[None]]

# The view `readers` as it is in a database by now, with a column that says something else, or with more rows.
BESIDE = """
alter view clubroom.readers rename to sound_readers;
create view clubroom.readers with (security_invoker = true) as {}{};
grant select on clubroom.readers to clubroom_writer;
"""
SOUND = "select {} from clubroom.sound_readers r"
PRIVATE_ROOMS = (
    " union all select {} from clubroom.sound_readers r join clubroom.groups g on g.parent = r.group_id"
    " where g.kind = 'channel' and g.members_of = g.id and not exists (select 1 from clubroom.sound_readers s"
    " where s.user_id = r.user_id and s.group_id = g.id)"
)


async def _columns(owner: asyncpg.Connection, **instead: str) -> str:
    rows = await owner.fetch(
        "select attname from pg_attribute where attrelid = 'clubroom.readers'::regclass order by attnum"
    )
    return ", ".join(f"{instead.get(name, f'r.{name}')} as {name}" for (name,) in rows)


async def everybody_reads_from_the_beginning(owner: asyncpg.Connection) -> None:
    columns = await _columns(owner, first_seq="1::bigint")
    await owner.execute(BESIDE.format(SOUND.format(columns), ""))


async def a_club_reads_its_private_rooms(owner: asyncpg.Connection) -> None:
    sound, more = await _columns(owner), await _columns(owner, group_id="g.id")
    await owner.execute(BESIDE.format(SOUND.format(sound), PRIVATE_ROOMS.format(more)))


async def whoever_was_removed_still_posts(owner: asyncpg.Connection) -> None:
    definition = await owner.fetchval("select pg_get_functiondef($1::regprocedure)", NAME)
    for old, new in EVER_A_MEMBER:
        assert definition.count(old) == 1, f"post_messages reads otherwise now; sow anew: {old}"
        definition = definition.replace(old, new)
    await owner.execute(definition)


def _body(function: str, returns: str, body: str) -> Sow:
    async def sow(owner: asyncpg.Connection) -> None:
        """The function, answering something else; its owner and grants stay."""
        await owner.execute(
            f"create or replace function clubroom.{function} returns {returns} language sql"
            f" security definer set search_path = clubroom, pg_temp as $$ {body} $$"
        )

    return sow


def _policy(table: str, condition: str) -> Sow:
    async def sow(owner: asyncpg.Connection) -> None:
        await owner.execute(f"alter policy what_one_reads on clubroom.{table} using ({condition})")

    return sow


SEEDS: dict[str, Sow] = {
    each.__name__: each
    for each in (
        everybody_reads_from_the_beginning,
        a_club_reads_its_private_rooms,
        whoever_was_removed_still_posts,
    )
} | {
    "rows_stay_open_to_whoever_was_removed": _body(
        "_fence_groups()",
        "bigint[]",
        "select array(select group_id from readers where user_id = _fence_asker()"
        " union select group_id from memberships where user_id = _fence_asker())",
    ),
    "rows_forget_where_a_history_begins": _policy(
        "messages", "group_id = any ((select clubroom._fence_groups())::bigint[])"
    ),
    "rows_show_everybodys_reactions": _policy("emotes", "true"),
    "rows_show_the_pointers_of_others": _policy(
        "read_pointers", "group_id = any ((select clubroom._fence_groups())::bigint[])"
    ),
    "rows_show_the_log_of_a_room_one_is_not_in": _policy("actions", "group_id % 2 = 0"),
    "a_block_blocks_nobody": _body("_blocked_between(one bigint, other bigint)", "boolean", "select false"),
    "the_log_keeps_what_was_deleted": _body("_rewrite(m clubroom.messages, new_text text)", "void", "select"),
}
QUICKLY_FOUND = (
    "a_club_reads_its_private_rooms",
    "whoever_was_removed_still_posts",
    "rows_stay_open_to_whoever_was_removed",
)
