"""F14: whoever is removed posts nothing and hears nothing from the cut on."""

import random
from collections.abc import Callable
from pathlib import Path

from faults.conftest import Amount
from faults.races import hold_races
from faults.server import serving


async def test_whoever_is_removed_while_posting_posts_and_hears_nothing_behind_the_cut(
    data: Path, amount: Amount, seed: int, tell: Callable[[str], None]
) -> None:
    async with serving(data) as server:
        outcome = await hold_races(server, random.Random(seed), amount.races)
    tell(f"F14: {outcome}")
    assert outcome.met > amount.races / 2, "a removal that meets no post is no race"
    assert (outcome.lost, outcome.stored_behind_cut, outcome.heard_behind_cut) == (0, 0, 0)
