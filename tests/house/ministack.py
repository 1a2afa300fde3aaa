"""ministack, which stands for AWS, as a process of its own, with what `ministack_watched` counts."""

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx

TOP = Path(__file__).parents[2]
PYTHON = TOP / ".cache/peers/ministack/bin/python"
WATCHED = Path(__file__).with_name("ministack_watched.py")
HOST = "127.0.0.1"
REGION = "eu-central-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
READY_S, END_S = 60.0, 15.0


class Ministack:
    """`url` is where everything of it answers, `log` what it said."""

    def __init__(self, process: Process, port: int, log: Path) -> None:
        self.process = process
        self.url = f"http://{HOST}:{port}"
        self.log = log
        self.http = httpx.AsyncClient(base_url=self.url, timeout=60)

    async def counts(self) -> dict[str, int]:
        """What passed since it started; the names are those of `ministack_watched`."""
        counts: dict[str, int] = (await self.http.get("/_watched/counts")).json()
        return counts

    async def hold_the_queue(self) -> None:
        """Whoever calls the queue from now on waits."""
        await self.http.get("/_watched/hold")

    async def let_go_of_the_queue(self) -> None:
        """Whoever waits is told 503; whoever calls from now on is answered."""
        await self.http.get("/_watched/let_go")

    async def outputs(self, stack: str) -> dict[str, str]:
        """Of a stack of CloudFormation."""
        answer = await self.ask("cloudformation", {"Action": "DescribeStacks", "StackName": stack})
        root = ElementTree.fromstring(answer.text)  # noqa: S314 - our own peer's
        named = {each.tag.rpartition("}")[2]: each for each in root.iter()}
        assert "Outputs" in named, answer.text
        pairs = [[field.text or "" for field in member] for member in named["Outputs"]]
        return {pair[0]: pair[1] for pair in pairs}

    async def invoke(self, function: str, event: Any) -> Any:
        """Calls a function and waits; what it answered. A function that failed is a failure."""
        answer = await self.http.post(
            f"/2015-03-31/functions/{function}/invocations", json=event, headers=_signed("lambda")
        )
        assert answer.is_success, answer.text
        assert "x-amz-function-error" not in answer.headers, answer.text
        return answer.json() if answer.content else None

    async def put_parameter(self, name: str, value: str) -> None:
        """Into the parameter store, as somebody does who has a secret to keep."""
        target = {"x-amz-target": "AmazonSSM.PutParameter", "content-type": "application/x-amz-json-1.1"}
        asked = {"Name": name, "Value": value, "Type": "SecureString"}
        answer = await self.http.post("/", json=asked, headers=_signed("ssm") | target)
        assert answer.is_success, answer.text

    async def ask(self, part: str, form: dict[str, str]) -> httpx.Response:
        """A call of the older kind, with a form. It asks for no true signature."""
        answer = await self.http.post("/", data=form, headers=_signed(part))
        assert answer.is_success, answer.text
        return answer

    def workers(self, function: str) -> list[int]:
        """The processes in which a function runs."""
        named = f"AWS_LAMBDA_FUNCTION_NAME={function}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid and named in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found


def _signed(part: str) -> dict[str, str]:
    """It routes by the scope of a signature, and looks at no more of it."""
    scope = f"test/20260101/{REGION}/{part}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"}


@asynccontextmanager
async def ministack(**environment: str) -> AsyncIterator[Ministack]:
    """Answers until the block ends, on a free port of this machine; all that it unpacked goes with it."""
    assert PYTHON.exists(), f"make {PYTHON.parents[1].relative_to(TOP)}/.installed"
    folder = Path(tempfile.mkdtemp(prefix="ministack-"))
    log = folder / "log"
    with socket.create_server((HOST, 0)) as found:
        port = found.getsockname()[1]
    variables = {
        **KEYS, **environment, "PATH": os.environ["PATH"], "TMPDIR": str(folder), "HOME": str(folder),
        "GATEWAY_PORT": str(port), "BIND_HOST": HOST, "MINISTACK_HOST": HOST, "LOG_LEVEL": "WARNING",
        "MINISTACK_REGION": REGION, "S3_DATA_DIR": str(folder / "s3"), "STATE_DIR": str(folder / "state"),
    }  # fmt: skip
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            PYTHON, "-P", WATCHED, env=variables, stdin=DEVNULL, stdout=said, stderr=STDOUT,
            cwd=folder, start_new_session=True,
        )  # fmt: skip
    peer = Ministack(process, port, log)
    try:
        await _answering(peer)
        yield peer
    except BaseException:
        sys.stderr.write(log.read_text()[-8_000:])
        raise
    finally:
        await peer.http.aclose()
        await _ended(process)
        shutil.rmtree(folder, ignore_errors=True)


async def _answering(peer: Ministack) -> None:
    async with asyncio.timeout(READY_S):
        while not await _answers(peer):
            assert peer.process.returncode is None, peer.log.read_text()
            await asyncio.sleep(0.05)


async def _answers(peer: Ministack) -> bool:
    try:
        return (await peer.http.get("/_ministack/health")).is_success
    except httpx.HTTPError:
        return False


async def _ended(process: Process) -> None:
    """With all that it started: they are one group."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutError):
        async with asyncio.timeout(END_S):
            await process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
