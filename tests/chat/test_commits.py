"""A message is acknowledged and told after its commit, and not a moment before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from clubroom.dba.embedded import EmbeddedPostgres
from house.server import House

DOOMED = "this one fails at its commit"
SOWN = f"""
create function fail_at_commit() returns trigger language plpgsql as $$
begin
  raise exception 'not this one';
end $$;
create constraint trigger doomed after insert on messages deferrable initially deferred
  for each row when (new.text = '{DOOMED}') execute function fail_at_commit();
"""


@asynccontextmanager
async def commits_that_fail(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    """Until the block ends, a message with this text is written without complaint, and its COMMIT fails."""
    connection = await asyncpg.connect(postgres.owner_dsn, server_settings={"search_path": "clubroom"})
    try:
        await connection.execute(SOWN)
        yield
        await connection.execute("drop trigger doomed on messages; drop function fail_at_commit")
    finally:
        await connection.close()


async def test_what_fails_at_its_commit_is_heard_by_nobody_and_not_acknowledged(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    async with commits_that_fail(postgres):
        refused = await hers.post(club, DOOMED)
    assert (refused["type"], refused["code"]) == ("error", "unavailable")
    await hers.post(club, "but this one does not")
    await his.until(lambda: his.actions(club))
    assert [action["text"] for action in his.actions(club)] == ["but this one does not"]
