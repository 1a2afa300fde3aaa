"""Somebody for whom calls are made up: they go out as theirs, often name what really exists, and what comes
back is held against what they may see.
"""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx
from schemathesis import Case, HookContext, Response
from schemathesis.core.parameters import ParameterLocation

from house.person import Json, Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

T = TypeVar("T")
Call = tuple[str, str]
MadeUp = Case[Any]

PUBLIC: set[Call] = {
    ("GET", "/api/health"),
    ("GET", "/api/host"),
    ("POST", "/api/accounts"),
    ("POST", "/api/sessions"),
    ("POST", "/api/tokens"),
    ("POST", "/api/clubs/preview"),
}
"""What anybody may call without a token."""
INSIDE: set[Call] = {
    ("GET", "/api/groups/{group}/code"),
    ("DELETE", "/api/groups/{group}/members/{user}"),
    ("POST", "/api/clubs/join"),
    ("POST", "/api/groups/{group}/channels"),
    ("PATCH", "/api/groups/{group}"),
    ("PUT", "/api/groups/{group}/follow"),
    ("POST", "/api/groups/{group}/members"),
    ("POST", "/api/dms"),
    ("PUT", "/api/me/blocks/{user}"),
    ("DELETE", "/api/me/blocks/{user}"),
}
"""What somebody who is in no club cannot call with success: no code, no rooms, nobody to talk to or block."""
OF_ADMINS: set[Call] = {("GET", "/api/groups/{group}/code")}
SET_SIGN_IN: Call = ("PUT", "/api/me/sign-in")
POST: Call = ("PUT", "/api/messages/{message_id}")
DELETE_MESSAGE: Call = ("DELETE", "/api/messages/{message_id}")
CHANGE_GROUP: Call = ("PATCH", "/api/groups/{group}")
JOIN: Call = ("POST", "/api/clubs/join")
SECRET = "meet me behind the clubhouse"
OTHERS = 2  # of whose messages some are tried, too
REAL = 0.9  # so often a name stands for something that exists
CONTAINERS = {
    ParameterLocation.PATH: "path_parameters",
    ParameterLocation.QUERY: "query",
    ParameterLocation.BODY: "body",
}


class Caller:
    """`role` is member, outsider or anonymous. Hooks run in the thread of whoever makes up the calls."""

    def __init__(self, house: House, role: str, dice: random.Random) -> None:
        self.house = house
        self.role = role
        self.dice = dice
        self.who: Person | None = None
        self.roles: dict[int, str] = {}
        self.real: dict[str, list[Any]] = {}
        self.placed: dict[str, int] = {}  # the group of each message
        self.answers: Counter[int] = Counter()
        self.succeeded: set[Call] = set()
        self.wrongs: list[str] = []
        self._email = ""
        self._members: list[tuple[Person, str]] = []
        self._loop = asyncio.get_running_loop()
        self._addresses = itertools.count(1)

    async def come(self) -> None:
        """A club with a secret, and a member who owns another one."""
        group, [ann, ben] = await self.house.club("Ann", "Ben")
        await ann.post(group, SECRET)
        member = await self.house.person("Mia", with_email=True)
        outsider = await self.house.person("Xenia", with_email=True)
        own = await member.create_club("Her own club")
        code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
        self._members = [(ben, code), (ben, own["code"]), (member, code)]
        await self._join()
        self.who = {"member": member, "outsider": outsider, "anonymous": None}[self.role]
        room = await member.channel(own["group"])
        spare = await self.house.person("Sue", with_email=True)
        emails = [(await person.me())["email"] for person in (spare, self.who or spare)]
        self._email = emails[1]
        self.real = {
            "group": [*[group, own["group"], room, *await outsider.groups()] * 3, *await groups(ann, member)],
            "user": [ann.user, ben.user, member.user],
            "users": [[ben.user], [ben.user], [ann.user, ben.user]],
            "message_id": [],
            "reply_to": [None],
            "emote": ["👍", "❤️"],
            "text": ["hello"],
            "code": [code, own["code"]],
            "name": ["Zoe"],
            "email": emails,
            "refresh_token": [spare.refresh_token],
            "password": [PASSWORD],
            "current": [PASSWORD],
            "link": [await sign_in_secret(spare)],
            "cursors": [{str(group): 1}, {str(group): 1, str(own["group"]): 99}],
            "epoch": [(await ann.me())["epoch"]],
        } | {seq: [0, 1, 2, 3] for seq in ("seq", "after", "before", "around", "since")}
        await self._say()
        await self._look()

    async def _say(self) -> None:
        """Messages to be edited, answered, deleted: whoever calls has some of their own."""
        names = self.real["message_id"]
        names[:] = [str(uuid7()) for _ in range(3)]
        for person in self.house.people[:OTHERS] + [self.who or self.house.people[0]] * 3:
            for entry in (await person.me())["groups"][:3]:
                if entry["may_post"]:
                    message = (await person.post(entry["group"], "nothing secret"))["id"]
                    names.append(message)
                    self.placed[message] = entry["group"]

    def before_call(self, _: HookContext, case: MadeUp, **_kwargs: Any) -> None:
        """Everybody comes from an address of their own, or one would soon be told to wait."""
        n = next(self._addresses)
        case.headers["x-forwarded-for"] = f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"
        if self.who is not None:
            case.headers["authorization"] = f"Bearer {self.who.token}"
        for location, container in CONTAINERS.items():
            values = getattr(case, container)
            assert case.meta is not None
            if isinstance(values, dict) and not case.meta.is_negative_at(location):
                self._name_what_exists(case, values, but=case.meta.phase.data.parameter)

    def _name_what_exists(self, case: MadeUp, values: Json, *, but: str | None) -> None:
        """Unless it is the very value that is tried out. Who should stay outside is given no code."""
        for name in values:
            if name == "code" and called(case) == JOIN and self.role != "member":
                continue
            if name == "key" or (name == "message_id" and called(case) == POST):
                values[name] = str(uuid7())  # what is new has a name of its own
            elif name in self.real and name != but and self.dice.random() < REAL:
                values[name] = self.dice.choice(self.real[name])

    def after_call(self, _: HookContext, case: MadeUp, response: Response) -> None:
        """Judges what succeeded, and puts right what it took away."""
        call = called(case)
        self.answers[response.status_code] += 1
        if not 200 <= response.status_code < 300 or case.method == "OPTIONS":
            return
        self.succeeded.add(call)
        wrong = self._unauthorised(call, case, response)
        if wrong:
            self.wrongs.append(f"{self.role}: {response.status_code} to {call}: {wrong}")
        if case.method != "GET" and self.who is not None:
            self._wait(self._restored(call, case))

    def _unauthorised(self, call: Call, case: MadeUp, response: Response) -> str:
        if SECRET.encode() in response.content and self.role != "member":
            return "the secret is out"
        if call in PUBLIC:
            return ""
        if self.who is None:
            return "nobody has signed in"
        body: Json = case.body if isinstance(case.body, dict) else {}
        asked = {int(values["group"]) for values in (case.path_parameters, body) if "group" in values}
        asked |= {self.placed[name] for name in case.path_parameters.values() if name in self.placed}
        answer = response.json() if response.content else {}
        asked |= {int(group) for group in answer.get("heads", {})}
        foreign = asked - self.roles.keys()
        if foreign:
            return f"it is no member of {foreign}"
        if call in OF_ADMINS and {self.roles[group] for group in asked} == {"member"}:
            return "a member has the right of an admin"
        return ""

    async def _restored(self, call: Call, case: MadeUp) -> None:
        assert self.who is not None
        if call == SET_SIGN_IN:
            assert isinstance(case.body, dict)
            back = {"email": self._email, "password": PASSWORD, "current": case.body["password"]}
            await self.who.ok("PUT", "/api/me/sign-in", back)
        if (await self.who.call("GET", "/api/me")).status_code == 401:  # or too many devices have signed in
            sign_in = {"email": self._email, "password": PASSWORD}
            self.who.token = (await self.who.ok("POST", "/api/sessions", sign_in))["access_token"]
        if call[0] == "DELETE":
            await self._join()
        if call in (DELETE_MESSAGE, CHANGE_GROUP):
            await self._say()
        await self._look()

    async def _join(self) -> None:
        for person, code in self._members:
            await person.join(code)

    async def _look(self) -> None:
        """Where the caller is a member now."""
        if self.who is not None:
            groups = (await self.who.me())["groups"]
            self.roles = {group["group"]: group["role"] for group in groups}

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def called(case: MadeUp) -> Call:
    """Method and path as the description has them."""
    return str(case.method), case.path


async def groups(*people: Person) -> set[int]:
    """All of theirs, the club's admins and their own notes too."""
    return {group for person in people for group in await person.groups()}


async def sign_in_secret(who: Person) -> str:
    """What stands behind the # of a link for the next device."""
    url = httpx.URL((await who.ok("POST", "/api/sign-in-links"))["url"])
    return url.fragment
