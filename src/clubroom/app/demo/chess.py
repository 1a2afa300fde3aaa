"""The demo's second, small club: its threads are told once each, on Thursdays and around them."""

import random
from datetime import datetime, time, timedelta

from clubroom.app.demo.calendar import first_word, moment
from clubroom.app.demo.casting import Casting, Memory
from clubroom.app.demo.people import CHESS_KEYS, CHESS_OWNER
from clubroom.app.demo.threads import load
from clubroom.app.demo.year import Happening, Story, rising

THREAD_DAYS = 8
UNREAD = 2


def compose(end: datetime, seed: int) -> Story:
    """A club of five that ends with a few new messages yesterday evening."""
    rng = random.Random(seed)  # noqa: S311 - a story, not a secret
    threads, memory = load("chess"), Memory()
    first = end - timedelta(days=THREAD_DAYS * (len(threads) - 1) + 1)
    opened_at = datetime.combine(first.date(), time(17, 20))
    found = [
        Happening(opened_at + timedelta(minutes=7 * place), key)
        for place, key in enumerate((key for key in CHESS_KEYS if key != CHESS_OWNER), 1)
    ]
    for place, thread in enumerate(threads):
        day = (first + timedelta(days=THREAD_DAYS * place)).date()
        at = datetime.combine(day, time(18, 40)) + timedelta(minutes=rng.randint(0, 55))
        for said in Casting(rng, memory, moment(at), CHESS_KEYS).play(thread):
            found.append(Happening(at, said.person, said.text))
            minutes = said.delay if said.delay is not None else rng.uniform(0.5, 9)
            at = first_word(at + timedelta(minutes=minutes, seconds=rng.randint(5, 50)))
    kept = rising([one for one in found if one.at <= end])
    return Story(opened_at, kept, sum(one.text is not None for one in kept) - UNREAD)
