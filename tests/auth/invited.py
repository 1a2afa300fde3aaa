"""What the tests about bringing people do again and again."""

from typing import Any

from abuse.rig import coming_from, new_address
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
SHUT = (404, "invalid_code")


def address(name: str = "ben") -> str:
    """One that nobody else has."""
    return f"{name.split(maxsplit=1)[0].lower()}-{uuid7().hex}@example.org"


async def invite(who: Person, club: int, *people: Json, **said: Any) -> Json:
    """The answer to one call for all of them."""
    body = {"key": str(uuid7()), "people": list(people)} | said
    return await who.ok("POST", f"/api/groups/{club}/invitations", body)


async def invited(who: Person, club: int, name: str = "Ben", **said: Any) -> int:
    """One of them, with an address and no letter; the invitation."""
    made = await invite(who, club, {"name": name, "email": address(name)}, **({"send": False} | said))
    return int(made["rows"][0]["invitation"])


async def listed(who: Person, club: int, **asked: Any) -> Json:
    questions = "&".join(f"{name}={str(value).lower()}" for name, value in asked.items())
    return await who.ok("GET", f"/api/groups/{club}/invitations?{questions}")


async def one(who: Person, club: int, invitation: int) -> Json:
    """How it is listed."""
    found: list[Json] = (await listed(who, club))["invitations"]
    return next(each for each in found if each["invitation"] == invitation)


async def secret_of(who: Person, club: int, invitation: int) -> str:
    """Of one more link that is made for it."""
    url = (await who.ok("POST", f"/api/groups/{club}/invitations/{invitation}/link"))["url"]
    path, _, secret = str(url).partition("#")
    assert path.endswith("/welcome")
    return secret


async def comes(house: House, secret: str, **said: Any) -> Person:
    """Somebody who was not signed in opens the link."""
    http = house.http()
    answer = await http.post("/api/invitations/accept", json={"secret": secret} | said)
    assert answer.status_code == 200, answer.text
    person = Person(http, answer.json(), house.fresh.look)
    house.people.append(person)
    return person


async def turned_away(house: House, secret: str, call: str = "accept") -> tuple[int, str]:
    """The same from an address of its own, where the link opens nothing."""
    async with coming_from(house, new_address()) as http:
        answer = await http.post(f"/api/invitations/{call}", json={"secret": secret})
    return answer.status_code, answer.json()["code"]


def member(snapshot: Json, user: str) -> Json:
    found: list[Json] = snapshot["members"]
    return next(each for each in found if each["user"] == user)
