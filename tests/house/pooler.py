"""pgbouncer in front of the PostgreSQL of the tests: a pooler that gives a connection for one transaction."""

import asyncio
import os
import pwd
import socket
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

PROGRAM = Path("/usr/sbin/pgbouncer")
HOST = "127.0.0.1"
READY_S = 10.0
SERVER_CONNECTIONS_MAX = 8
# Strict: what a client sets at its start it is refused, and whoever keeps a statement finds it gone.
SETTINGS = """
[databases]
{database} = host={sockets} port={server_port} dbname={database} user={role}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 500
admin_users = {role}
log_connections = 0
log_disconnections = 0
"""


class Pooler:
    """`dsn` leads to the database by it."""

    def __init__(self, dsn: str, port: int) -> None:
        self.dsn = dsn
        self.port = port


@asynccontextmanager
async def pooled(dsn: str, role: str, size: int = SERVER_CONNECTIONS_MAX) -> AsyncIterator[Pooler]:
    """Pools connections to the database of `dsn`, all of which are `role`'s, until the block ends."""
    with socket.create_server((HOST, 0)) as found:
        port = found.getsockname()[1]
    parts = urlsplit(dsn)
    database, [sockets] = parts.path.strip("/"), parse_qs(parts.query)["host"]
    text = SETTINGS.format(
        database=database, sockets=sockets, server_port=5432, role=role, host=HOST, port=port, size=size
    )
    with tempfile.TemporaryDirectory(prefix="pooler-") as folder:
        command = _command(Path(sockets), Path(folder), text)
        process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
        try:
            pooler = Pooler(f"postgresql://{role}@{HOST}:{port}/{database}", port)
            await _answering(pooler, process)
            yield pooler
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _command(sockets: Path, folder: Path, text: str) -> list[str | Path]:
    """It refuses to be root's, and only the owner of the sockets gets in."""
    settings = folder / "pgbouncer.ini"
    settings.write_text(text)
    if os.geteuid() != 0:
        return [PROGRAM, "-q", settings]
    owner = pwd.getpwuid(sockets.stat().st_uid)
    for path in (folder, settings):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return [PROGRAM, "-q", "-u", owner.pw_name, settings]


async def _answering(pooler: Pooler, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(READY_S):
        while not await _answers(pooler):
            if process.returncode is not None:
                assert process.stderr is not None
                raise AssertionError((await process.stderr.read()).decode())
            await asyncio.sleep(0.05)


async def _answers(pooler: Pooler) -> bool:
    try:
        connection = await asyncpg.connect(pooler.dsn, statement_cache_size=0)
    except OSError:
        return False
    await connection.close()
    return True
