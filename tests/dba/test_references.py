"""Rows that go are looked for in whatever refers to them: by an index, or a deletion reads whole tables."""

import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected

WITHOUT_INDEX = """
select c.conrelid::regclass::text || ' ' || c.conname
from pg_constraint c join pg_class t on t.oid = c.confrelid
where c.contype = 'f' and t.relname = any($1)
  and not exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])
"""
DELETED_FROM = ["messages", "labels", "join_codes", "invitations", "sessions"]


@pytest.mark.usefixtures("database")
async def test_whatever_refers_to_rows_that_go_has_an_index(postgres: EmbeddedPostgres) -> None:
    async with connected(postgres.owner_dsn) as owner:
        missing = [row[0] for row in await owner.fetch(WITHOUT_INDEX, DELETED_FROM)]
    assert missing == []
