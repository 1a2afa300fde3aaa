"""How many posts a second are acknowledged, beside pgbench doing the same as single transactions."""

import re
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from uuid import UUID

from bench.client import TEXT
from bench.club import SUPERUSER, Club, queries
from bench.figure import Figure, Reference
from bench.flood import Flood, flood, note
from bench.stage import Stage
from clubroom.actions import MessagePosted, encode
from clubroom.dba.embedded.place import PORT

APP = "clubroom_app"
CONNECTIONS = 16
FEW_BAR, MANY_BAR, RATIO_BAR = 3_000, 6_000, 3.0
SINGLY_NAMED = 1_000.0
"""Single transactions a second on the machine on which the bars were set."""

MAC = r"\x" + "2a" * 16
SCRIPT = Path(__file__).with_name("singly.sql")


async def measure(stage: Stage) -> list[Figure]:
    """The runs of all of them take turns."""
    few, many, crowded, together, apart = [], [], [], [], []
    for run in range(stage.effort.runs):
        stage.say(f"Posting, run {run + 1}")
        together.append(await _singly(stage, together=True))
        apart.append(await _singly(stage, together=False))
        few.append(await _flooded(stage, stage.town.circles[0]))
        many.append(await _flooded(stage, *stage.town.circles))
        crowded.append(await _flooded(stage, stage.town.crowded))
    singly = Reference(what="pgbench, the same club", runs=together, named=SINGLY_NAMED)
    return [
        Figure(
            what="posts/s, 16 waiting in one club", unit="/s", runs=[one.posts_a_second for one in few],
            bar=FEW_BAR, ratio_bar=RATIO_BAR, at_least=True, reference=singly, note=note(few),
        ),
        Figure(
            what="posts/s, 256 waiting in 16 clubs", unit="/s", runs=[one.posts_a_second for one in many],
            bar=MANY_BAR, at_least=True, reference=singly, note=note(many),
        ),
        Figure(
            what="posts/s, 256 waiting in one club", unit="/s", runs=[one.posts_a_second for one in crowded],
            note=note(crowded),
        ),
        Figure(what="pgbench, 16 clubs", unit="/s", runs=apart),
    ]  # fmt: skip


async def _flooded(stage: Stage, *clubs: Club) -> Flood:
    """Everybody posts, the next once the last is acknowledged, and hears everybody of the own club."""
    seats = stage.mint.seats(*clubs)
    await stage.crowds.open("clubs", stage.server.port, seats)
    found = await flood(stage, "clubs", len(seats))
    await stage.crowds.leave("clubs")
    return found


async def _singly(stage: Stage, *, together: bool) -> float:
    """Transactions a second, each one post; all into one club, or each connection into one of its own."""
    clubs = stage.town.circles[:1] * CONNECTIONS if together else stage.town.circles[:CONNECTIONS]
    people = clubs[0].people if together else [club.people[0] for club in clubs]
    before = await _heads(stage)
    said = await _pgbench(
        stage,
        groups=_array([club.group for club in clubs]),
        authors=_array([person.key for person in people]),
    )
    done, rate = _number(r"processed: (\d+)", said), _number(r"tps = ([\d.]+)", said)
    assert await _heads(stage) - before == done, f"not every transaction stored its post: {said}"
    return rate


async def _heads(stage: Stage) -> int:
    groups = [club.group for club in stage.town.circles]
    async with stage.server.connection(SUPERUSER) as sql:
        return int(await queries.heads(sql, groups=groups))


async def _pgbench(stage: Stage, **variables: str) -> str:
    """What it says. The same function, text and length of an action as a post by socket."""
    body = encode(MessagePosted(id=UUID(int=0), author=stage.town.traveller.user, text=TEXT))
    variables |= {"message": TEXT, "mac": MAC, "body": rf"\x{body.hex()}"}
    place = stage.server.place
    process = await create_subprocess_exec(
        place.program("pgbench"), "--no-vacuum", "--protocol", "prepared", "--file", SCRIPT,
        "--client", str(CONNECTIONS), "--time", str(max(1, round(stage.effort.seconds))),
        *(word for name, value in variables.items() for word in ("--define", f"{name}={value}")),
        "--host", str(place.sockets), "--port", str(PORT), "--username", APP, "clubroom",
        stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    assert found is not None, said
    return float(found[1])


def _array(numbers: list[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
