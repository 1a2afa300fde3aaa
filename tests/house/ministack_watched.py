"""Runs ministack, which stands for AWS, and counts what passes. It runs in ministack's own environment.

ministack is taken as it is, but for what this machine or its own shape would spoil:

* A socket's frames wait for one worker there, whatever socket they come from; calls have a pool. Here frames
  have the same pool, as on AWS, so that they do overtake each other.
* A pool grows without end, and AWS has more machines than this one. Who finds none free waits.
* A worker that logged nothing is kept for 50 ms; that is shortened.
* Each worker unpacks the zip for itself; here all read the same files, as nothing may write there on AWS.
* The limits of API Gateway that it lacks: 32 KB for a frame (1009), 128 KB for what is sent out (413).

`/_watched/counts` tells the counts; `/_watched/hold` lets calls to the queue wait from now on, and
`/_watched/let_go` lets them fail.
"""

import asyncio
import hashlib
import json
import os
import tempfile
import threading
import zipfile
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

WORKERS_MAX = int(os.environ.get("WATCHED_WORKERS_MAX", "4"))
FRAME_BYTES_MAX = 32 * 1024
MESSAGE_BYTES_MAX = 128 * 1024
KEPT_S = 0.002

counts: Counter[str] = Counter()
lock = threading.Lock()
unpacking = threading.Lock()
rooms: dict[str, threading.BoundedSemaphore] = {}


def count(name: str, n: int = 1) -> None:
    """Threads count, too."""
    with lock:
        counts[name] += n


class Pooled:
    """Stands for a worker: each call takes one of the pool, and waits where all are at work."""

    def __init__(self, runtime: Any, *which: Any, **more: Any) -> None:
        self.runtime, self.which, self.more = runtime, which, more

    def invoke(self, *arguments: Any, **named: Any) -> Any:
        """As a worker's."""
        with waiting_room(self.which[0]):
            worker, _ = self.runtime.acquire_worker(*self.which, **self.more)
            try:
                return worker.invoke(*arguments, **named)
            finally:
                self.runtime.release_worker(worker)


def waiting_room(function: str) -> threading.BoundedSemaphore:
    """One for each function."""
    with lock:
        return rooms.setdefault(function, threading.BoundedSemaphore(WORKERS_MAX))


def watch_functions(runtime: Any, functions: Any) -> None:
    """Counts calls by function, and gives frames the pool."""
    invoke, execute = runtime.Worker.invoke, functions._execute_function

    def counted(worker: Any, *arguments: Any, **named: Any) -> Any:
        count(f"call {worker.func_name}")
        answer = invoke(worker, *arguments, **named)
        if answer.get("status") == "error":
            count(f"failed {worker.func_name}")
        return answer

    def waiting(function: Any, event: Any) -> Any:
        config = function.get("config") or function
        if functions._function_config_scope_mismatch(config):  # it comes again, in the scope of its account
            return execute(function, event)
        with waiting_room(config["FunctionName"]):
            return execute(function, event)

    runtime.Worker.invoke = counted
    runtime.zipfile = SimpleNamespace(ZipFile=SharedZip)
    runtime.Worker._drain_stderr_bounded.__defaults__ = (KEPT_S, KEPT_S, 0.25)
    runtime.get_or_create_worker = lambda *which, **more: Pooled(runtime, *which, **more)
    functions._execute_function = waiting


class SharedZip(zipfile.ZipFile):
    """Is unpacked once, into a folder that nobody writes to."""

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        """As the archive's; `path` becomes a link."""
        assert self.filename is not None
        name = hashlib.sha256(Path(self.filename).read_bytes()).hexdigest()
        folder = Path(tempfile.gettempdir()) / f"unpacked-{name}"
        with unpacking:
            if not folder.exists():
                super().extractall(folder, members, pwd)
        Path(path).rmdir()
        Path(path).symlink_to(folder)


class Watched:
    """The application in front of ministack's own."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.held: asyncio.Event | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._call(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        async def receiving() -> Any:
            event = await receive()
            if event["type"] == "websocket.receive":
                text = event.get("text") or (event.get("bytes") or b"").decode(errors="replace")
                count("frame in")
                count(f"frame in {kind_of(text)}")
                count("frame in bytes", len(text))
            return event

        async def sending(event: Any) -> None:
            if event["type"] == "websocket.send":
                count("frame out")
                count("frame out bytes", len(event.get("text") or ""))
            await send(event)

        await self.app(scope, receiving, sending)

    async def _call(self, scope: Any, receive: Any, send: Any) -> None:
        path, method = scope["path"], scope["method"]
        if path.startswith("/_watched/"):
            await self._answer(path.removeprefix("/_watched/"), send)
            return
        body = await whole(receive)
        status, headers = 0, dict(scope["headers"])
        if "/@connections/" in path:
            count(f"management {method}")
            if len(body) > MESSAGE_BYTES_MAX:
                await answer(send, 413, b"")
                return
        elif path.startswith("/_aws/execute-api/"):
            count("http call")
        elif (target := headers.get(b"x-amz-target", b"").decode()).startswith(
            "AmazonSQS."
        ) or b"Action=Send" in body:
            count(f"queue {target.partition('.')[2] or 'SendMessage'}")
            if self.held is not None:
                await self.held.wait()
                await answer(send, 503, b"")
                return

        async def sending(event: Any) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
            await send(event)

        told = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receiving() -> Any:
            return next(told, None) or await receive()

        await self.app(scope, receiving, sending)
        if "/@connections/" in path:
            count(f"management {method} {status}")

    async def _answer(self, asked: str, send: Any) -> None:
        if asked == "hold":
            self.held = asyncio.Event()
        elif asked == "let_go" and self.held is not None:
            self.held.set()
            self.held = None
        with lock:
            told = dict(counts)
        await answer(send, 200, json.dumps(told).encode())


def kind_of(text: str) -> str:
    """Of a frame; whatever is none has no kind."""
    try:
        return str(json.loads(text)["type"])
    except (ValueError, KeyError, TypeError):
        return "?"


async def answer(send: Any, status: int, body: bytes) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": body})


async def whole(receive: Any) -> bytes:
    parts: list[bytes] = []
    while True:
        event = await receive()
        parts.append(event.get("body", b""))
        if not event.get("more_body"):
            return b"".join(parts)


def main() -> None:
    """As ministack starts itself, with the above around it."""
    hypercorn = import_module("hypercorn.config")
    hypercorn.Config.websocket_max_message_size = FRAME_BYTES_MAX
    peer: Any = import_module("ministack.app")
    watch_functions(
        import_module("ministack.core.lambda_runtime"), import_module("ministack.services.lambda_svc")
    )
    peer.app = Watched(peer.app)
    peer.main()


if __name__ == "__main__":
    main()
