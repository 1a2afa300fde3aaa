"""A bot made from docs/protocol.md alone: one "pong" for each "ping" in a club. python bot.py URL CODE"""

import json
import sys
import time
from random import uniform

import httpx
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect


class Bot(httpx.Client):  # `me`: its tokens, its group, and `seq`, the cursor up to which it has answered
    def run(self, code: str) -> None:
        """Joins, and comes back after every end, until it is told to stop."""
        self.tries, self.me, ended = 0, self.call("POST", "accounts", name="Echo"), 0
        self.me |= self.call("POST", "clubs/join", code=code)
        self.me |= self.call("GET", f"groups/{self.me['group']}/snapshot")
        while ended not in (1007, 4400, 4403, 4409, 4426):
            try:
                self.me |= self.call("POST", "tokens", refresh_token=self.me["refresh_token"])
                with connect(f"{self.base_url}/socket".replace("http", "ws", 1), ping_timeout=10) as socket:
                    self.listen(socket, self.me, f"groups/{self.me['group']}")
            except (WebSocketException, httpx.TransportError, OSError) as end:
                ended = end.rcvd.code if isinstance(end, ConnectionClosed) and end.rcvd else 1006
            time.sleep(uniform(0, min(10, 0.5 * 2**self.tries)))
            self.tries += 1

    def listen(self, socket: ClientConnection, me: dict, room: str, ping_at: float = 0.0) -> None:
        """What follows the cursor is pulled, whatever a frame tells; an answer's id is made of its ping's."""
        hello = {"token": me["access_token"], "epoch": me["epoch"], "cursors": {me["group"]: me["seq"]}}
        socket.send(json.dumps({"type": "hello", "version": 1} | hello))
        beat = json.loads(socket.recv(timeout=12))["heartbeat_ms"] / 1000
        while True:
            try:
                frame = json.loads(socket.recv(timeout=max(0, ping_at - time.monotonic())))
            except TimeoutError:
                frame, ping_at = socket.send('{"type": "ping"}'), time.monotonic() + uniform(0.8, 1.2) * beat
            match frame:
                case {"type": "reset"}:
                    me |= self.call("GET", f"{room}/snapshot")
                case {"type": "live" | "actions" | "behind" | "pong"}:
                    self.tries = 0
                    while new := self.call("GET", f"{room}/actions?after={me['seq']}")["actions"]:
                        for action in new:
                            if action.get("text") == "ping" and action["author"] != me["user"]:
                                name = action["id"][:24] + me["user"][-6:].encode().hex()
                                self.call("PUT", f"messages/{name}", group=me["group"], text="pong")
                            me["seq"] = action["seq"]

    def call(self, method: str, path: str, **body: str) -> dict:
        """One call. OSError if it may work later; what never will ends the bot."""
        if (answer := self.request(method, f"/api/{path}", json=body or None)).status_code in (429, 503):
            raise OSError(answer.text)
        if "access_token" in answer.raise_for_status().json():
            self.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer.json()


Bot(base_url=sys.argv[1], timeout=30).run(sys.argv[2])
