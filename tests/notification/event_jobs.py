"""The jobs of events in a process of their own, to be killed: says when it begins, ends when nothing is due.

Reminders are written one in each transaction. Offers lapse once a day from the moment on.
"""

import asyncio
import sys
from datetime import datetime, timedelta

from clubroom.dba import events, reminders
from clubroom.dba.pool import Database

DAY = timedelta(days=1)


async def work(address: str, moment: datetime, days: int) -> None:
    """All that is due at this moment, and then on so many days."""
    db = await Database.open(address, role="clubroom_app")
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    while await reminders.remind(db, 1, moment=moment):
        pass
    for day in range(days):
        while await events.lapse(db, moment=moment + day * DAY):
            pass
    await db.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))
