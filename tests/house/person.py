"""A person with a signed-in device, who uses the calls of docs/protocol.md and nothing else."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from house.device import Device, Frame
from house.patient import PatientDevice
from house.uuid7 import uuid7

Json = dict[str, Any]


class Person:
    """`token` is kept fresh by the calls that answer with one."""

    def __init__(self, http: httpx.AsyncClient, signed_in: Json, changed: Callable[["Person"], Any]) -> None:
        self.http = http
        self.user: str = signed_in["user"]
        self.token: str = signed_in["access_token"]
        self.refresh_token: str | None = signed_in.get("refresh_token")
        self.changed = changed
        self.devices: list[Device] = []
        self.sockets_at = str(http.base_url).rstrip("/")
        self.kind: type[Device] = Device

    async def call(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """One HTTP call, signed in. After every change F17 looks at this person's groups."""
        body = {} if json is None else {"json": json}
        response = await self.http.request(method, path, headers=self.headers, **body)
        if method != "GET" and response.is_success:
            if response.content and "access_token" in (answer := response.json()):
                self.token = answer["access_token"]
            await self.changed(self)
        return response

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def ok(self, method: str, path: str, json: Any = None) -> Json:
        """A call that has to succeed; its answer."""
        response = await self.call(method, path, json)
        assert response.is_success, response.text
        found: Json = response.json() if response.content else {}
        return found

    async def refused(self, method: str, path: str, json: Any = None) -> tuple[int, str]:
        """A call that has to be refused; its status and code."""
        response = await self.call(method, path, json)
        assert response.is_error, response.text
        return response.status_code, response.json()["code"]

    async def renew(self) -> None:
        """Another token for another ten minutes."""
        answer = await self.ok("POST", "/api/tokens", {"refresh_token": self.refresh_token})
        self.refresh_token = answer["refresh_token"]

    async def create_club(self, name: str = "Chess club") -> Json:
        return await self.ok("POST", "/api/clubs", {"key": str(uuid7()), "name": name})

    async def join(self, code: str) -> Json:
        return await self.ok("POST", "/api/clubs/join", {"code": code})

    async def remove(self, group: int, user: str) -> None:
        await self.ok("DELETE", f"/api/groups/{group}/members/{user}")

    async def post(self, group: int, text: str, message_id: UUID | None = None) -> Json:
        return await self.ok("PUT", f"/api/messages/{message_id or uuid7()}", {"group": group, "text": text})

    async def channel(self, club: int, name: str = "Rehearsals", **said: Any) -> int:
        """A new room in a club."""
        new = {"key": str(uuid7()), "name": name} | said
        return int((await self.ok("POST", f"/api/groups/{club}/channels", new))["group"])

    async def dm(self, *others: "Person") -> int:
        """The conversation with these people."""
        return int((await self.ok("POST", "/api/dms", {"users": [other.user for other in others]}))["group"])

    async def entry(self, group: int) -> Json:
        """A group as this person's list shows it."""
        return next(each for each in (await self.me())["groups"] if each["group"] == group)

    async def message(self, message_id: UUID | str) -> Json:
        return await self.ok("GET", f"/api/messages/{message_id}")

    async def react(self, message_id: UUID | str, emote: str, *, on: bool = True) -> None:
        await self.ok("PUT" if on else "DELETE", f"/api/messages/{message_id}/emotes/{quote(emote)}")

    async def page(self, group: int, **asked: int) -> Json:
        return await self.ok("GET", f"/api/groups/{group}/messages?{httpx.QueryParams(asked)}")

    async def snapshot(self, group: int) -> Json:
        return await self.ok("GET", f"/api/groups/{group}/snapshot")

    async def actions(self, group: int, after: int = 0) -> list[Frame]:
        """The whole log of a group after a seq."""
        found: list[Frame] = []
        while True:
            page = await self.ok("GET", f"/api/groups/{group}/actions?after={after}")
            found += page["actions"]
            after = page["to"]
            if not page["more"]:
                return found

    async def me(self) -> Json:
        return await self.ok("GET", "/api/me")

    async def groups(self) -> list[int]:
        return [group["group"] for group in (await self.me())["groups"]]

    async def device(self, cursors: dict[int, int] | None = None, epoch: str | None = None) -> Device:
        """A device that is live."""
        device = await self.silent_device()
        await device.hello(self.token, cursors, epoch)
        return device

    async def silent_device(self, **options: Any) -> Device:
        """A socket that has said nothing yet."""
        device = await self.kind.open(self.sockets_at, **options)
        if isinstance(device, PatientDevice):
            device.pull = self.actions
        self.devices.append(device)
        return device
