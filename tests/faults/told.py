"""A club whose members have phones, laptops, mail or nothing, and all of it vanishes, sleeps and comes back.
The judge holds what the server explains against what phones, laptops and mailboxes recorded.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import httpx
from websockets.exceptions import ConnectionClosed, WebSocketException

from clubroom.ports.push import Target
from faults.server import Server
from house.device import Device
from house.mailbox import Folder, body, secret_in
from house.pause import pause
from house.person import Json, Person
from house.push_receiver import Receiver
from house.server import NO_AUTHORITIES, PASSWORD
from house.uuid7 import uuid7
from house.within import within

SAYS_GOT_S = 0.5
BACK_S = 0.3
AWAY_S = (0.5, 6.0)
SETTLED_S = 120.0
LATE_S = 3.0
WISHES = ("muted", "level", "quiet")
ALL_DAY = {"days": list(range(7)), "from": "00:00", "to": "00:00"}
OUTCOMES = """
  select m.id, u.sub, why_told(u.id, null, m.id) ->> 'outcome' as outcome
  from messages m join readers r on r.group_id = m.group_id join users u on u.id = r.user_id
  where m.id = any($1)"""
UNDECIDED = """
  select (select count(*) from notices) + (select count(*) from pushes where done_at is null)
    + (select count(*) from outbox where done_at is null)"""
LATE = """
  select count(*) from pushes p join users u on u.id = p.user_id
  where p.kind = 'message' and u.sub = any($1) and exists (select 1 from pushes first
    where first.group_id = p.group_id and first.seq = p.seq and first.kind = 'message'
      and p.made_at > first.made_at + make_interval(secs => $2))"""


async def unseen(_: Person) -> None:
    """Another harness looks at states."""


@dataclass
class Member:
    """Somebody, and what is known of them without asking the server: how far what was `shown` and `read`."""

    person: Person
    wish: str = ""
    phone: Target | None = None
    address: str = ""
    laptop: "Laptop | None" = None
    shown: Counter[int] = field(default_factory=Counter)
    read: Counter[int] = field(default_factory=Counter)

    @property
    def user(self) -> str:
        return self.person.user


class Laptop:
    """Comes back after every end. `watching`: it is before somebody's eyes; `asleep`: it does nothing."""

    def __init__(self, member: Member, groups: list[int], *, watching: bool) -> None:
        self.member = member
        self.groups = groups
        self.watching = watching
        self.asleep = False
        self.away = False
        self.device: Device | None = None
        self.cursors: dict[int, int] | None = None
        self.task = asyncio.create_task(self._live())

    async def _live(self) -> None:
        while True:
            with suppress(OSError, WebSocketException, ConnectionClosed, AssertionError, TimeoutError):
                await self._once()
            await pause(BACK_S)

    async def _once(self) -> None:
        if self.away:
            return
        self.device = device = await Device.open(self.member.person.sockets_at)
        await device.hello(self.member.person.token, self.cursors, None)
        told: bool | None = None
        while device.close_code is None and not self.away:
            if self.watching is not told:
                told = self.watching
                for group in self.groups:
                    await device.send(type="watch", group=group, on=told)
            if not self.asleep:
                await self._say_got(device)
            await pause(SAYS_GOT_S)
        await device.vanish()

    async def _say_got(self, device: Device) -> None:
        self.cursors = dict(device.cursors)
        got = {group: device.cursors.get(group, 0) for group in self.groups}
        if self.watching:
            for group, seq in got.items():
                self.member.shown[group] = max(seq, self.member.shown[group])
        await device.send(type="got", **{str(group): seq for group, seq in got.items()})
        await device.send(type="ping")

    async def befall(self, rng: random.Random) -> None:
        """Whatever happens to laptops."""
        what = rng.choice(["away", "asleep", "watching"])
        setattr(self, what, not getattr(self, what))
        await pause(rng.uniform(*AWAY_S))
        if what != "watching":
            setattr(self, what, False)

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        if self.device is not None:
            await self.device.vanish()


@dataclass
class Said:
    """A message as its author knows it."""

    id: UUID
    group: int
    seq: int
    text: str


@dataclass
class Told:
    """What became of it all. From `missed` on all have to be 0."""

    messages: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    doubled: int = 0  # at most one for each kill and phone, collapsed
    missed: int = 0
    unexplained: int = 0
    late: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, int]:
        """Those that are not 0."""
        found = {"missed": self.missed, "unexplained": self.unexplained, "late": self.late}
        return {name: count for name, count in found.items() if count}

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count:,} {name}" for name, count in sorted(self.explained.items()))
        return (
            f"{self.messages:,} messages: {outcomes}; {self.doubled} doubled, {self.missed} missed, "
            f"{self.unexplained} unexplained, {self.late} late"
        )


class Club:
    """All of them, in a club with a room for announcements."""

    def __init__(self, server: Server, receiver: Receiver, rng: random.Random) -> None:
        self.server = server
        self.receiver = receiver
        self.rng = rng
        self.http = httpx.AsyncClient(base_url=server.url, timeout=30, verify=NO_AUTHORITIES)
        self.mail = Folder(server.data / "mail")
        self.members: list[Member] = []
        self.said: list[Said] = []
        self.kills = 0
        self.early: set[str] = set()  # whoever has left for good before anything was said

    async def gather(self, count: int) -> None:
        """Everybody comes in, with what they have."""
        self.author = await self._person("Ann", email=True)
        made = await self.author.create_club()
        self.group = made["group"]
        self.news = await self.author.channel(self.group, "News", announce=True, landing=True)
        key = (await self.author.ok("GET", "/api/push"))["key"]
        for n in range(count):
            person = await self._person(f"P{n}", email=n % 8 == 5)
            await person.join(made["code"])
            member = Member(person)
            self.members.append(member)
            await self._equip(member, n, key)

    async def _person(self, name: str, *, email: bool = False) -> Person:
        account: Json = {"name": name}
        if email:
            account |= {"email": f"{uuid7()}@example.org", "password": PASSWORD}
        response = await self.http.post("/api/accounts", json=account)
        response.raise_for_status()
        person = Person(self.http, response.json(), unseen)
        person.address = account.get("email", "")  # type: ignore[attr-defined]
        return person

    async def _equip(self, member: Member, n: int, key: str) -> None:
        """By kind: a phone alone; with a laptop that shows, hides, or does what it likes; a laptop alone;
        mail; a phone and a wish; a phone and somebody who reads elsewhere.
        """
        kind = n % 8
        if kind not in {4, 5}:
            member.phone = self.receiver.subscribe(key)
            said = {name: getattr(member.phone, name) for name in ("kind", "address", "p256dh", "auth")}
            await member.person.ok("PUT", "/api/me/push", said)
        if kind in {1, 2, 3, 4}:
            member.laptop = Laptop(member, [self.group, self.news], watching=kind != 2)
        if kind == 5:
            await self._confirm(member)
        if kind == 6:
            member.wish = WISHES[n // 8 % len(WISHES)]
            await self._wish(member)

    async def _confirm(self, member: Member) -> None:
        member.address = member.person.address  # type: ignore[attr-defined]
        letter = await self.mail.next_to(member.address)
        await member.person.ok("POST", "/api/email-verifications", {"link": secret_in(letter)})

    async def _wish(self, member: Member) -> None:
        person = member.person
        if member.wish == "quiet":
            await person.ok("PUT", "/api/me/quiet", {"spans": [ALL_DAY], "time_zone": "Europe/Berlin"})
            return
        for group in (self.group, self.news):
            if member.wish == "muted":
                await person.ok("PUT", f"/api/groups/{group}/mute", {"for_s": None})
            else:
                await person.ok("PUT", f"/api/groups/{group}/level", {"level": "nothing"})

    async def come_and_go(self) -> None:
        """Whoever was connected once and is not any more is nowhere here."""
        for member in self.members[::8]:
            device = await Device.open(member.person.sockets_at)
            await device.hello(member.person.token)
            await pause(2.5)  # a breath, so that they are told to be here …
            await device.vanish()
            self.early.add(member.user)
        await pause(2.5)  # … and gone

    async def talk(self, count: int, between_s: float, befall: Callable[[int], Awaitable[object]]) -> None:
        """So many messages, while laptops do what they like; `befall` is called after each."""
        loose = [each.laptop for n, each in enumerate(self.members) if n % 8 == 3 and each.laptop]
        busy = [asyncio.create_task(self._befallen(laptop)) for laptop in loose]
        try:
            for n in range(count):
                await self._say(self.news if n % 10 == 9 else self.group, f"message {n} of many")
                await befall(n)
                if n % 3 == 0:
                    await self._read_elsewhere()
                await pause(between_s)
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    async def _befallen(self, laptop: Laptop) -> None:
        while True:
            await laptop.befall(self.rng)

    async def _say(self, group: int, text: str) -> None:
        name = uuid7()
        answer = await self._until_done(
            lambda: self.author.call("PUT", f"/api/messages/{name}", {"group": group, "text": text})
        )
        self.said.append(Said(name, group, answer.json()["seq"], text))

    async def _read_elsewhere(self) -> None:
        member = self.rng.choice(self.members[7::8] or self.members)
        last = self.said[-1]
        member.read[last.group] = max(last.seq, member.read[last.group])
        path = f"/api/groups/{last.group}/read"
        await self._until_done(lambda: member.person.call("PUT", path, {"seq": last.seq}))

    async def _until_done(self, call: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        async with within(60, "the server answered"):
            while True:
                with suppress(httpx.TransportError):
                    answer = await call()
                    if answer.is_success:
                        return answer
                await pause(0.05)

    async def kill_at(self, moments: Collection[int], n: int) -> None:
        """After some of the messages."""
        if n in moments:
            await self.kill()

    async def kill(self) -> None:
        """The server, and with it the worker, between whatever."""
        self.kills += 1
        await self.server.kill()
        await self.server.start()

    async def settle(self) -> Told:
        """When all is decided and sent, the judgement."""
        async with self.server.owner() as owner:
            await owner.execute("set search_path = clubroom")
            async with within(SETTLED_S, "all was decided and sent"):
                while await owner.fetchval(UNDECIDED):
                    await pause(0.2)
            return await self._judged(owner)

    async def _judged(self, owner: asyncpg.Connection) -> Told:
        told = Told(messages=len(self.said))
        by_user = {member.user: member for member in self.members}
        by_id = {each.id: each for each in self.said}
        phones = {each.user: self._pushed_to(each) for each in self.members}
        letters = {each.user: self._letters_to(each) for each in self.members}
        for row in await owner.fetch(OUTCOMES, list(by_id)):
            member = by_user.get(row["sub"])
            if member is not None:
                told.explained[row["outcome"]] += 1
                count = phones[member.user][str(row["id"])]
                mailed = letters[member.user][by_id[row["id"]].text]
                self._judge(told, member, by_id[row["id"]], row["outcome"], count, mailed)
        told.late = await owner.fetchval(LATE, sorted(self.early), LATE_S)
        expected = len(self.said) * len(self.members)
        told.unexplained += expected - sum(told.explained.values())
        return told

    def _judge(self, told: Told, member: Member, said: Said, outcome: str, count: int, mailed: int) -> None:
        """One message and one member."""
        killed = int(self.kills > 0)
        least, most = {
            "pushed": (1, 1 + self.kills),
            "withdrawn": (1 - killed, 1 + self.kills),
            "collapsed": (0, killed),
        }.get(outcome, (0, 0))
        reason = {
            "shown": member.shown[said.group] >= said.seq,
            "read": member.read[said.group] >= said.seq,
            "withdrawn": member.read[said.group] >= said.seq or member.phone is not None,
            "none": member.phone is None,
            "mailed": mailed >= 1,
            **{wish: member.wish == wish for wish in WISHES},
        }.get(outcome, member.phone is not None)
        told.doubled += max(0, count - 1)
        if (outcome in {"pushed", "none", "mailed"} and count < least) or (not reason and outcome == "shown"):
            told.missed += 1
        elif not least <= count <= most or not reason or outcome in {"waits", "forgotten", "own", "before"}:
            told.unexplained += 1
        else:
            return
        if len(told.examples) < 5:
            told.examples.append(f"{said.text}: {outcome}, pushed {count} times, mailed {mailed}: {member}")

    def _pushed_to(self, member: Member) -> Counter[str]:
        received = self.receiver.received(member.phone) if member.phone is not None else []
        return Counter(one["data"]["message"] for one in received if one["data"]["kind"] == "message")

    def _letters_to(self, member: Member) -> Counter[str]:
        words = re.compile(r"message \d+ of many")
        letters = self.mail.to(member.address) if member.address else []
        return Counter(found for letter in letters for found in words.findall(body(letter)))

    async def disperse(self) -> None:
        """Everybody goes home."""
        await asyncio.gather(*(each.laptop.end() for each in self.members if each.laptop))
        await self.http.aclose()
