"""What `clubroom cost` believes of our functions is what they do: counted anew, over a real pooler.

With CLUBROOM_COUNT=1 the count is taken of more people, and becomes what it believes.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import structs

from clubroom.app import cost
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from house.counting import Talk, counting, figures
from house.functions import functions
from house.pooler import pooled
from house.venues import APP_ROLE, forwarding

WRITES = os.environ.get("CLUBROOM_COUNT") == "1"
FILE = Path(cost.__file__).parent / "operations.json"
PEOPLE, ROUNDS, FEW = ("ABCDEFGH", 3, 3) if WRITES else ("ABCD", 2, 2)
OTHERS = 39
SURE = ("posts", "wakes", "later_wakes")
WITHIN = 0.10


async def count(postgres: EmbeddedPostgres, settings: Settings) -> dict[str, Any]:
    """A club whose people talk, over functions."""
    await migrate(postgres.owner_dsn)
    async with pooled(postgres.app_dsn, APP_ROLE) as pooler, forwarding(postgres.owner_dsn):
        public = structs.replace(settings, public_url="https://club.example", pooler=True)
        async with functions(pooler.dsn, public) as house:
            with counting(house) as tally:
                club, people = await house.club(*PEOPLE)
                await house.settled()
                tally.counting = True
                await Talk(house, tally, club, people).held(ROUNDS, FEW)
                tally.counting = False
            return figures(tally)


def near(fresh: list[float], kept: tuple[float, float]) -> bool:
    """Of what it comes to in a club of forty."""
    one, other = fresh[0] + fresh[1] * OTHERS, kept[0] + kept[1] * OTHERS
    return abs(one - other) <= WITHIN * max(other, 1.0)


async def test_the_figures_agree_with_a_fresh_count(postgres: EmbeddedPostgres, settings: Settings) -> None:
    fresh = await count(postgres, settings)
    if WRITES:
        told = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "people": len(PEOPLE), "calls": fresh}
        FILE.write_text(json.dumps(told, indent=1) + "\n")
        cost.operations.cache_clear()
    kept = cost.operations().calls
    assert fresh.keys() == kept.keys()
    for kind, found in fresh.items():
        assert found["function"] == kept[kind].function
        off = [name for name in SURE if not near(found[name], getattr(kept[kind], name))]
        assert off == [], (kind, found, kept[kind])
        if found["function"] != "worker":  # it looks again as long as it finds something
            assert near(found["transactions"], kept[kind].transactions), (kind, found)
