"""What docs/host/hasura.md tells whoever hosts, done as it stands there."""

import asyncio
import json
import os
import re
from asyncio.subprocess import PIPE
from pathlib import Path

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected, dsn
from house.server import House
from peers.postgraphile.conftest import Peer

PAGE = (Path(__file__).parents[3] / "docs" / "host" / "hasura.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


async def test_its_example_reads_what_was_said(house: House, peer: Peer) -> None:
    club, [ann] = await house.club("Ann")
    for text in ("one", "two", "three", "four"):
        await ann.post(club, text)
    [example] = blocks("sh")
    script = example.replace("https://club.example", house.url).replace("http://127.0.0.1:5678", peer.url)
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", script, env=os.environ | {"ACCESS_TOKEN": ann.token}, stdout=PIPE
    )
    said, _ = await shell.communicate()
    rows = json.loads(said)["data"]["allMessages"]["nodes"]
    assert [row["text"] for row in rows] == ["four", "three", "two"]
    assert rows[0]["writer"] == {"name": "Ann"} and rows[0]["group"]["name"]


async def test_its_roles_are_made_by_the_owner_and_may_read(house: House, postgres: EmbeddedPostgres) -> None:
    [reader, judge] = blocks("sql")
    async with connected(postgres.owner_dsn) as owner:
        await owner.execute(reader)
        await owner.execute(judge)
    try:
        async with connected(dsn(postgres, "clubroom_graphql", "clubroom"), role="clubroom_reader") as one:
            assert await one.fetch("select id from clubroom.groups") == []
        async with connected(dsn(postgres, "clubroom_hasura", "clubroom")) as one:
            await one.fetch("select reader from clubroom.who_reads limit 1")
            assert await one.fetchval("show statement_timeout") == "3s"
            assert await one.fetchval("show default_transaction_read_only") == "on"
    finally:
        async with connected(postgres.owner_dsn) as owner:
            await owner.execute("drop role clubroom_graphql")
            await owner.execute("drop role clubroom_hasura")
