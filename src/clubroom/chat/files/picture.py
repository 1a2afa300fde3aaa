"""Images are looked at in a process of its own (see `picture_child`), one at a time: whatever an image does
to its decoder, it does not do it to the server.
"""

import asyncio
import json
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any

import msgspec

from clubroom import wire
from clubroom.chat.files.framing import LENGTHS

LOOK_S = 30.0  # by the clock; the child has 10 s of the processor
LOOKS_MAX = 100  # then it starts afresh
IDLE_S = 60.0
ANSWER_BYTES_MAX = 32 << 20
CHILD = "clubroom.chat.files.picture_child"
# Python looks in its own place alone (-I); where Clubroom is unpacked elsewhere, it is told where.
BEGIN = f"""
import runpy, sys
sys.path.append({str(Path(__file__).parents[3])!r})
runpy.run_module({CHILD!r}, run_name="__main__", alter_sys=True)
"""


class Refused(Exception):
    """The image is no good. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Picture(msgspec.Struct, frozen=True):
    """What others see: its sizes as WebP, the largest of them `width` by `height` pixels."""

    sizes: dict[str, bytes]
    width: int
    height: int
    placeholder: str


class Pictures:
    """One child, kept warm while there is something to do. `close` it at the end."""

    def __init__(self, *, look_s: float = LOOK_S, idle_s: float = IDLE_S) -> None:
        self.look_s = look_s
        self.idle_s = idle_s
        self.child: Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._looks = 0
        self._idle_since = 0.0

    async def look(self, data: bytes, type: str, purpose: wire.StoredPurpose) -> Picture:  # noqa: A002
        """Raises Refused, or ChildProcessError: it died of it, or was killed."""
        asked = {
            "type": type,
            "purpose": purpose,
            "pixels_max": wire.IMAGE_PIXELS_MAX,
            "frames_max": wire.EMOTE_FRAMES_MAX,
        }
        async with self._one_at_a_time:
            told, made = await self._asked(json.dumps(asked).encode(), data)
            self._looks += 1
            self._idle_since = time.monotonic()
            if "refused" in told or self._looks >= LOOKS_MAX:
                await self._end()  # what a broken image has left behind in there is nobody's
        if "refused" in told:
            raise Refused(told["refused"])
        sizes, begin = {}, 0
        for size, length in told["sizes"].items():
            sizes[size] = made[begin : begin + length]
            begin += length
        return Picture(sizes, told["width"], told["height"], told["placeholder"])

    @property
    def busy(self) -> bool:
        """It looks at one."""
        return self._one_at_a_time.locked()

    async def rest(self) -> None:
        """Nothing waits: a child that has had nothing to do for long gives its memory back."""
        if self.child is not None and time.monotonic() > self._idle_since + self.idle_s:
            await self.close()

    async def close(self) -> None:
        """It may be asked again: then another child comes."""
        async with self._one_at_a_time:
            await self._end()

    async def _asked(self, header: bytes, data: bytes) -> tuple[dict[str, Any], bytes]:
        answered = False
        try:
            async with asyncio.timeout(self.look_s):
                answer = await self._answer(header, data)
            answered = True
        except (TimeoutError, EOFError, OSError) as error:
            raise ChildProcessError("It did not answer.") from error
        finally:
            if not answered:  # also where whoever asked was cancelled: the next one would hear the answer
                await self._end()
        return answer

    async def _answer(self, header: bytes, data: bytes) -> tuple[dict[str, Any], bytes]:
        child = self.child
        if child is None or child.returncode is not None or child.stdin is None or child.stdin.is_closing():
            await self._end()
            child = await self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(LENGTHS.pack(len(header), len(data)) + header)
        child.stdin.write(data)
        await child.stdin.drain()
        said, made = LENGTHS.unpack(await child.stdout.readexactly(LENGTHS.size))
        if said + made > ANSWER_BYTES_MAX:
            raise ChildProcessError("It said too much.")
        return json.loads(await child.stdout.readexactly(said)), await child.stdout.readexactly(made)

    async def _start(self) -> Process:
        """A session of its own: what is typed at the server's terminal does not reach it."""
        self.child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-W", "ignore", "-c", BEGIN,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True,
        )  # fmt: skip
        self._looks = 0
        return self.child

    async def _end(self) -> None:
        child, self.child = self.child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.wait()
        if child.stdin is not None:
            child.stdin.close()
