"""A bot for one club: says hello, and answers each "ping" with one "pong". Run it: python bot.py URL CODE

Written from docs/protocol.md alone. Whatever cuts its connection, it comes back and answers what it missed.
It lets its access token run out: the socket then closes with 4401, and it comes back with a new one.
"""

import asyncio
import hashlib
import json
import secrets
import sys
import time
from typing import Any
from uuid import UUID

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

between = secrets.SystemRandom().uniform


class Bot:
    """`cursor` is how far it has heard, `outbox` what it says, by id, until that is acknowledged."""

    async def run(self, http: httpx.AsyncClient, code: str) -> None:
        """Joins, and comes back after every cut, until the server says not to."""
        self.http, self.tries, self.outbox, ended = http, 0, dict[str, str](), 0
        await self.sign_in("accounts", name="Echo")
        self.group = (await self.call("POST", "clubs/join", code=code))["group"]
        self.say("hello", self.me["user"], (time.time_ns() // 1_000_000).to_bytes(6, "big"))
        await self.start_afresh()
        while ended not in (4400, 4403, 4409, 4426):
            try:
                await self.sign_in("tokens", refresh_token=self.me["refresh_token"])
                async with connect(str(http.base_url).replace("http", "ws", 1) + "/socket") as socket:
                    await self.talk(socket)
            except ConnectionClosed as closed:
                ended = closed.rcvd.code if closed.rcvd else 1006
            except (WebSocketException, httpx.TransportError, OSError, TimeoutError):
                pass  # not reached, not ready, or gone without a word
            await asyncio.sleep(between(0, min(30, 0.5 * 2**self.tries)))
            self.tries += 1

    async def talk(self, socket: ClientConnection) -> None:
        """One connection. A ping each heartbeat; without its pong within 10 s it is dead."""
        cursors, sent, due = {self.group: self.cursor}, set[str](), time.monotonic() + between(20, 30)
        hello = {"version": 1, "token": self.me["access_token"], "epoch": self.epoch, "cursors": cursors}
        await socket.send(json.dumps({"type": "hello", **hello}))
        while True:
            for name in self.outbox.keys() - sent:
                sent.add(name)
                post = {"type": "post", "group": self.group, "id": name, "text": self.outbox[name]}
                await socket.send(json.dumps(post, ensure_ascii=False))
            try:
                async with asyncio.timeout(max(0, due - time.monotonic())):
                    frame = json.loads(await socket.recv())
            except TimeoutError:
                await socket.send('{"type": "ping"}')
                async with asyncio.timeout(10):
                    frame = json.loads(await socket.recv())
                due = time.monotonic() + between(20, 30)
            match frame:
                case {"type": "pong" | "behind", "heads": heads}:
                    await self.hear([], heads.get(str(self.group), 0))
                case {"type": "actions", "group": self.group, "actions": actions, "to": last}:
                    await self.hear(actions, last)
                case {"type": "reset", "group": self.group}:
                    await self.start_afresh()
                case {"type": "live"}:
                    self.tries = 0
                case {"type": "ack", "id": name}:
                    self.outbox.pop(name, None)
                case {"type": "error", "id": name, "retry_ms": wait}:
                    await asyncio.sleep(wait / 1000)
                    sent.discard(name)

    async def hear(self, actions: list[dict[str, Any]], head: int) -> None:
        """Applies what follows the cursor; what is then still missing up to `head` is pulled."""
        for action in actions:
            if action["seq"] == self.cursor + 1:
                self.cursor += 1
                if action.get("text") == "ping" and action["author"] != self.me["user"]:
                    self.say("pong", action["id"], UUID(action["id"]).bytes)
        if self.cursor < head:
            page = await self.call("GET", f"groups/{self.group}/actions?after={self.cursor}")
            await self.hear(page["actions"], head)

    def say(self, text: str, key: str, moment: bytes) -> None:
        """Under a UUIDv7 made from a key, so that an answer given twice is stored once."""
        raw = bytearray(moment[:6] + hashlib.sha256(key.encode()).digest()[:10])
        raw[6], raw[8] = raw[6] & 0x0F | 0x70, raw[8] & 0x3F | 0x80
        self.outbox[str(UUID(bytes=bytes(raw)))] = text

    async def start_afresh(self) -> None:
        """Where the log stands now."""
        snapshot = await self.call("GET", f"groups/{self.group}/snapshot")
        self.epoch, self.cursor = snapshot["epoch"], snapshot["seq"]

    async def sign_in(self, path: str, **body: str) -> None:
        """Gets tokens, and uses them from now on."""
        self.me = await self.call("POST", path, **body)
        self.http.headers["authorization"] = f"Bearer {self.me['access_token']}"

    async def call(self, method: str, path: str, **body: str) -> Any:
        """One call. OSError if it may work later; what never will ends the bot."""
        answer = await self.http.request(method, f"/api/{path}", json=body or None)
        if answer.status_code in (429, 503):
            raise OSError(answer.text)
        return answer.raise_for_status().json()


async def main(url: str, code: str) -> None:
    """Until it is stopped."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        await Bot().run(http, code)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
