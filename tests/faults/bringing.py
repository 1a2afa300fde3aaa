"""People who bring pictures without a pause while the server is killed, and what must be true afterwards.

Each step is asked for until it is answered, as a client does it, and may so be done twice.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from clubroom.chat.files.marking import MARKER
from clubroom.ports.blobs import Blobs
from faults.crowd import CallByCall, club, person
from faults.server import Server
from house.pause import pause
from house.person import Json, Person
from house.pictures import image, opened
from house.server import NO_AUTHORITIES
from house.uuid7 import uuid7
from house.within import within

BRINGERS = 4
ANSWERED_S = 60.0
SETTLED_S = 40.0
PUT_S = 5.0
AGAIN_S = 0.05
PASSING = {408, 429, 503, 507}
WANTED = {"q": ("asked", "uploaded"), "f": ("ready", "uploaded")}


@dataclass
class Diary:
    """What was acknowledged. By message: its file; of files that were given up: their ids."""

    shown: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    steps: int = 0


class Bringer:
    """Brings one picture after the other; some are given up before they are sent, some messages deleted."""

    store_forgets = False

    def __init__(self, who: Person, group: int, diary: Diary, seed: int) -> None:
        self.who = who
        self.group = group
        self.diary = diary
        self.rng = random.Random(seed)
        self.ended = False
        self.http = httpx.AsyncClient(timeout=PUT_S, transport=CallByCall())

    async def run(self) -> None:
        """Until it is told to end; what was begun is brought to its end."""
        while not self.ended:
            await self._one()
        await self.http.aclose()

    async def _one(self) -> None:
        size = self.rng.randint(60, 400), self.rng.randint(60, 400)
        data, file, message = image(size=size), str(uuid7()), str(uuid7())
        new = {
            "id": file,
            "purpose": "message",
            "type": "image/jpeg",
            "length": len(data),
            "group": self.group,
        }
        if not await self._up(new, data):
            return
        said = {"group": self.group, "text": "", "images": [{"id": file}]}
        await self._insist("PUT", f"/api/messages/{message}", said)
        self.diary.shown[message] = file
        if self.rng.random() < 0.3:
            await self._insist("DELETE", f"/api/messages/{message}")
            self.diary.deleted[message] = self.diary.shown.pop(message)

    async def _up(self, new: Json, data: bytes) -> bool:
        """Until it is ready; some are given up on the way."""
        file, until = str(new["id"]), self.rng.choice(("asked", "put", "uploaded", "ready", *["kept"] * 8))
        found = await self._insist("POST", "/api/files", new)
        while found["state"] != "ready":
            if found["state"] == "refused":
                assert self.store_forgets, found
                assert found["refused"] == "not_as_asked", found
                return await self._given_up(file)
            if until == found["state"]:
                return await self._given_up(file)
            if found["state"] == "asked":
                found = await self._put(new, found, data)
                if until == "put":
                    return await self._given_up(file)
            else:
                await pause(AGAIN_S)
                found = await self._insist("GET", f"/api/files/{file}")
        return await self._given_up(file) if until == "ready" else True

    async def _put(self, new: Json, found: Json, data: bytes) -> Json:
        """With tickets one after the other, until the server has seen the bytes."""
        try:
            upload = found["upload"]
            await self.http.put(upload["url"], headers=upload["headers"], content=data)
        except httpx.HTTPError:
            await pause(AGAIN_S)
        self.diary.steps += 1
        uploaded = await self._asked("POST", f"/api/files/{new['id']}/uploaded", None, besides={409})
        return uploaded if "state" in uploaded else await self._insist("POST", "/api/files", new)

    async def _given_up(self, file: str) -> bool:
        await self._asked("DELETE", f"/api/files/{file}", None, besides={404})
        self.diary.dropped.add(file)
        return False

    async def _insist(self, method: str, path: str, said: Json | None = None) -> Json:
        return await self._asked(method, path, said, besides=set())

    async def _asked(self, method: str, path: str, said: Json | None, *, besides: set[int]) -> Json:
        """Its answer, however often it takes."""
        async with within(ANSWERED_S, f"{method} {path} was answered"):
            while True:
                try:
                    answer = await self.who.call(method, path, said)
                except httpx.HTTPError:
                    await pause(AGAIN_S)
                    continue
                if answer.status_code in PASSING:
                    await pause(AGAIN_S)
                    continue
                assert answer.is_success or answer.status_code in besides, (path, answer.text)
                self.diary.steps += method != "GET"  # whoever waits goes no step further
                found: Json = answer.json() if answer.content else {}
                return found


class Bringing:
    """All of them, and somebody else who reads. `faults` counts what must not be, when it has settled."""

    def __init__(self, server: Server, store: Blobs, reader: Person, group: int, seed: int) -> None:
        self.server, self.store, self.reader, self.group = server, store, reader, group
        self.rng = random.Random(seed)
        self.diary = Diary()
        self.bringers: list[Bringer] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def steps(self, count: int) -> None:
        """Until so many more were done."""
        wanted = self.diary.steps + count
        async with within(ANSWERED_S, f"{count} more steps were done"):
            while self.diary.steps < wanted:
                self._require_running()
                await pause(0.005)

    async def one_is_sent(self) -> None:
        """Until a picture was acknowledged a moment ago."""
        async with within(ANSWERED_S, "a picture was sent"):
            while not self.diary.shown:
                self._require_running()
                await pause(0.005)

    def _require_running(self) -> None:
        for task in self.tasks:
            if task.done():
                task.result()

    async def settle(self, settled_s: float = SETTLED_S) -> Counter[str]:
        """Nobody brings any more: what is wrong then, after the sweep."""
        for bringer in self.bringers:
            bringer.ended = True
        await asyncio.gather(*self.tasks)
        try:
            async with within(settled_s, "the store held what the rows name and no more"):
                while await self._in_the_store():
                    await pause(0.2)
        except AssertionError:
            return await self._in_the_store() + await self._seen()
        return await self._seen()

    async def _seen(self) -> Counter[str]:
        """By somebody else: all that was sent and not deleted, whole."""
        wrong: Counter[str] = Counter()
        async with httpx.AsyncClient(timeout=PUT_S, verify=NO_AUTHORITIES) as http:
            for message, file in self.diary.shown.items():
                told = (await self.reader.message(message)).get("images") or []
                if [one["id"] for one in told] != [file]:
                    wrong["not named"] += 1
                    continue
                [link] = (await self.reader.ok("POST", "/api/files/links", {"ids": [file]}))["links"]
                for size in ("thumb", "screen"):
                    answer = await http.get(link[size])
                    if answer.status_code != 200:
                        wrong["no bytes"] += 1
                    elif size == "screen":
                        same = opened(answer.content).size == (told[0]["width"], told[0]["height"])
                        wrong["another picture"] += not same
        for file in (*self.diary.deleted.values(), *self.diary.dropped):
            found = await self.reader.ok("POST", "/api/files/links", {"ids": [file]})
            wrong["seen though deleted"] += bool(found["links"])
        return +wrong

    async def _in_the_store(self) -> Counter[str]:
        """What lies there and no row wants, and what a row says and does not lie there."""
        async with self.server.owner() as sql, sql.transaction():
            await sql.execute("set local role clubroom_writer")
            rows = await sql.fetch(
                "select id::text, state, sizes from clubroom.files where group_id = $1", self.group
            )
        states = {row["id"]: row["state"] for row in rows}
        keys, after = set(), ""
        while page := await self.store.found("", after=after):
            keys |= {one.key for one in page}
            after = page[-1].key
        wrong: Counter[str] = Counter()
        for key in keys - {MARKER}:
            prefix, file, *_ = key.split("/")
            wrong["bytes without a row"] += file not in states and self._ours(file)
            wrong["bytes that no row wants"] += file in states and states[file] not in WANTED[prefix]
        for row in rows:
            wrong["waits for ever"] += row["state"] == "uploaded"
            if row["state"] == "ready":
                wrong["rows without bytes"] += not {f"f/{row['id']}/{size}" for size in row["sizes"]} <= keys
        wrong["without a marker"] += MARKER not in keys
        return +wrong

    def _ours(self, file: str) -> bool:
        diary = self.diary
        return file in {*diary.shown.values(), *diary.deleted.values(), *diary.dropped}


@asynccontextmanager
async def bringing(
    server: Server, store: Blobs, seed: int, *, store_forgets: bool = False
) -> AsyncIterator[Bringing]:
    """People in a club of their own, who have begun. `store_forgets` = killed, it may have half of an upload,
    or lose its type, and nobody was told that it was there.
    """
    async with AsyncExitStack() as stack:
        _, made = await club(server, stack)
        reader = await person(server, "Ben", stack)
        await reader.join(made["code"])
        all_of_it = Bringing(server, store, reader, made["group"], seed)
        for number in range(BRINGERS):
            one = await person(server, f"Cleo {number}", stack)
            await one.join(made["code"])
            all_of_it.bringers.append(Bringer(one, made["group"], all_of_it.diary, seed + number))
        for bringer in all_of_it.bringers:
            bringer.store_forgets = store_forgets
        all_of_it.tasks = [asyncio.create_task(one.run()) for one in all_of_it.bringers]
        try:
            yield all_of_it
        finally:
            for task in all_of_it.tasks:
                task.cancel()
            await asyncio.gather(*all_of_it.tasks, return_exceptions=True)
