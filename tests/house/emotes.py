"""A club's own emotes, as whoever runs it makes them."""

from house.files import brought
from house.person import Person
from house.pictures import moving
from house.server import House


async def own_emote(house: House, person: Person, club: int, name: str, data: bytes | None = None) -> str:
    """Its id."""
    data = moving() if data is None else data
    file = await brought(house.blobs, person, club, data, "image/gif", purpose="emote")
    await person.ok("PUT", f"/api/groups/{club}/emotes/{file['id']}", {"name": name})
    return str(file["id"])
