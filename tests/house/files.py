"""Files as a browser brings them: asked for, put into the store, and waited for."""

from typing import Any

import httpx

from house.blobs import MemoryBlobs
from house.pause import pause
from house.person import Json, Person
from house.pictures import image
from house.server import NO_AUTHORITIES
from house.uuid7 import uuid7
from house.within import within

PATIENCE_S = 60


async def asked(
    person: Person, group: int | None, data: bytes | int, kind: str = "image/jpeg", **said: Any
) -> Json:
    """With a ticket."""
    length = data if isinstance(data, int) else len(data)
    new = {"id": str(uuid7()), "purpose": "message", "type": kind, "length": length}
    return await person.ok("POST", "/api/files", new | ({} if group is None else {"group": group}) | said)


async def uploaded(
    blobs: MemoryBlobs, person: Person, group: int | None, data: bytes, kind: str = "image/jpeg", **said: Any
) -> Json:
    """The bytes are in the store, and said to be."""
    file = await asked(person, group, data, kind, **said)
    assert blobs.put(file["upload"]["url"], file["upload"]["headers"], data) == 200
    return await person.ok("POST", f"/api/files/{file['id']}/uploaded")


async def brought(
    blobs: MemoryBlobs,
    person: Person,
    group: int | None,
    data: bytes | None = None,
    kind: str = "image/jpeg",
    **said: Any,
) -> Json:
    """As it stands when somebody has looked at it."""
    data = image() if data is None else data
    file = await uploaded(blobs, person, group, data, kind, **said)
    return await judged(person, file["id"])


async def brought_over_http(
    person: Person, group: int | None, data: bytes, kind: str = "image/jpeg", **said: Any
) -> Json:
    """As `brought`, where the store is a folder that a server of its own gives out."""
    file = await asked(person, group, data, kind, **said)
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as client:
        answer = await client.put(file["upload"]["url"], headers=file["upload"]["headers"], content=data)
    assert answer.status_code == 200, answer.text
    await person.ok("POST", f"/api/files/{file['id']}/uploaded")
    return await judged(person, file["id"])


async def judged(person: Person, file: str) -> Json:
    """Ready or refused."""
    async with within(PATIENCE_S, "somebody looked at the file"):
        while True:
            found = await person.ok("GET", f"/api/files/{file}")
            if found["state"] in ("ready", "refused"):
                return found
            await pause(0.05)


async def seen(person: Person, *files: str) -> dict[str, Json]:
    """What this person is given addresses of."""
    found = await person.ok("POST", "/api/files/links", {"ids": list(files)})
    return {one["id"]: one for one in found["links"]}


async def leave_for_good(person: Person, name: str, *, messages: bool) -> None:
    """The account goes, with all that it wrote or without; nobody can look at its groups afterwards."""
    said = {"name": name, "messages": messages}
    left = await person.http.post("/api/me/deletion", headers=person.headers, json=said)
    assert left.is_success, left.text
