"""Somebody for whom calls are made up: they go out as theirs, often name what really exists, and what comes
back is held against what they may see.
"""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx
from schemathesis import Case, HookContext, Response
from schemathesis.core.parameters import ParameterLocation

from abuse.calls import INSIDE, OF_ADMINS, OF_HOSTS, PUBLIC, Call
from house.person import Json, Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

T = TypeVar("T")
MadeUp = Case[Any]

DELETION: Call = ("POST", "/api/me/deletion")
DELETE_CLUB: Call = ("DELETE", "/api/groups/{group}")
SET_SIGN_IN: Call = ("PUT", "/api/me/sign-in")
ADD_MEMBERS: Call = ("POST", "/api/groups/{group}/members")
POST: Call = ("PUT", "/api/messages/{message_id}")
DELETE_MESSAGE: Call = ("DELETE", "/api/messages/{message_id}")
CHANGE_GROUP: Call = ("PATCH", "/api/groups/{group}")
JOIN: Call = ("POST", "/api/clubs/join")
SEARCH: Call = ("GET", "/api/search")
MOMENTS = ("before", "after")
A_TIME = ["2026-01-01T00:00:00Z", "2126-01-01T00:00:00+01:00"]
SECRET = "meet me behind the clubhouse"
OWN_CLUB = "Her own club"
RENEWED_EVERY_S = 240.0  # well before a token ends
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
        self._own = self._room = 0
        self._members: list[tuple[Person, str]] = []
        self._labels: list[tuple[Person, str]] = []
        self._loop = asyncio.get_running_loop()
        self._addresses = itertools.count(1)
        self._renewed_at = time.monotonic()

    async def come(self) -> None:
        """A club with a secret, and a member who owns another one."""
        group, [ann, ben] = await self.house.club("Ann", "Ben")
        await ann.post(group, SECRET)
        member = await self.house.person("Mia", with_email=True)
        outsider = await self.house.person("Xenia", with_email=True)
        own = await member.create_club(OWN_CLUB)
        self._own = own["group"]
        code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
        self._members = [(ben, code), (ben, own["code"]), (member, code)]
        await self._join()
        self.who = {"member": member, "outsider": outsider, "anonymous": None}[self.role]
        self._room = room = await member.channel(own["group"])
        label = str(uuid7())
        self._labels = [(member, f"/api/groups/{own['group']}/labels/{label}")]
        await self._label()
        spare = await self.house.person("Sue", with_email=True)
        emails = [(await person.me())["email"] for person in (spare, self.who or spare)]
        self._email = emails[1]
        self.real = {
            "group": [
                *[group, own["group"], own["group"], room, *await outsider.groups()] * 3,
                *await groups(ann, member),
            ],
            "user": [ann.user, ben.user, ben.user, member.user],
            "role": ["member"],
            "hand_over": [False],
            "users": [[ben.user], [ben.user], [ann.user, ben.user]],
            "label": [label],
            "labels": [[label], []],
            "add": [[ben.user]],
            "remove": [[], [member.user]],
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
            "from": [ann.user, ben.user],
            "in": [group, own["group"], room],
            "club": [group, own["group"]],
            "q": ["nothing", "sec", SECRET],
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
            if called(case) == DELETION:
                continue
            if name == "name" and called(case) == DELETE_CLUB:
                if values[name] == OWN_CLUB:  # read somewhere, and tried out here
                    values[name] = "Another club"
                continue
            if name == "key" or (name == "message_id" and called(case) == POST):
                values[name] = str(uuid7())  # what is new has a name of its own
            elif name in MOMENTS and called(case) == SEARCH:
                values[name] = self.dice.choice(A_TIME)
            elif name in self.real and name != but and self.dice.random() < REAL:
                values[name] = self.dice.choice(
                    self._where(called(case)) if name == "group" else self.real[name]
                )

    def _where(self, call: Call) -> list[Any]:
        """Half of the time where it may be done at all: few calls of those who run a club go to their own."""
        if self.role == "anonymous" or self.dice.random() < 0.5:
            return self.real["group"]
        if self.role == "outsider":
            return list(self.roles)
        if call == ADD_MEMBERS:
            return [self._room]
        return [self._own] if call in INSIDE else self.real["group"]

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
        if call in OF_HOSTS:
            return "it runs no place"
        told_as = "".join(response.headers.get("content-type", []))
        answer = response.json() if response.content and told_as.startswith("application/json") else {}
        asked |= {int(group) for group in answer.get("heads", {})}
        foreign = asked - self.roles.keys()
        if foreign:
            return f"it is no member of {foreign}"
        if call in OF_ADMINS and {self.roles[group] for group in asked} == {"member"}:
            return "a member has the right of an admin"
        return ""

    async def _restored(self, call: Call, case: MadeUp) -> None:
        assert self.who is not None
        if time.monotonic() - self._renewed_at > RENEWED_EVERY_S:
            self._renewed_at = time.monotonic()
            for person in {person for person, _ in self._members + self._labels} - {self.who}:
                await person.renew()
            await self.house.people[0].renew()
        if call == SET_SIGN_IN:
            assert isinstance(case.body, dict)
            back = {"email": self._email, "password": PASSWORD, "current": case.body["password"]}
            await self.who.ok("PUT", "/api/me/sign-in", back)
        if (await self.who.call("GET", "/api/me")).status_code == 401:  # or too many devices have signed in
            sign_in = {"email": self._email, "password": PASSWORD}
            self.who.token = (await self.who.ok("POST", "/api/sessions", sign_in))["access_token"]
        if call == CHANGE_GROUP and self.role == "member":
            back = {"joining_paused": False, "name": OWN_CLUB}  # a made-up name may end it
            await self.who.ok("PATCH", f"/api/groups/{self._own}", back)
        if call[0] == "DELETE":
            await self._join()
            await self._label()
        if call in (DELETE_MESSAGE, CHANGE_GROUP):
            await self._say()
        await self._look()

    async def _join(self) -> None:
        ben, member = self._members[1][0], self._members[2][0]
        own = f"/api/groups/{self._own}"
        await member.call("DELETE", f"{own}/blocks/{ben.user}")
        opening = await member.call("GET", f"{own}/code")
        if opening.is_error:  # all were taken back
            opening = await member.call("POST", f"{own}/codes/reset", {"key": str(uuid7())})
        inside = list(self._members)
        if opening.is_success:
            inside[1] = (ben, opening.json()["code"])
        else:  # so many were made up that no more are made: he stays outside for a while
            assert opening.json()["code"] == "rate_limited", opening.text
            del inside[1]
        for person, code in inside:
            joined = await person.call("POST", "/api/clubs/join", {"code": code})
            # a made-up code may let in only whom somebody accepts, and nobody asks for that without end
            assert joined.is_success or joined.json()["code"] == "rate_limited", joined.text

    async def _label(self) -> None:
        for person, path in self._labels:
            await person.ok("PUT", path, {"name": "Tenor"})

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
