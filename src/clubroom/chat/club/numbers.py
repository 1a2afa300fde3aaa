"""Numbers about a club: its events, its groups, and who came."""

from clubroom import wire
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import statistics as counted


async def statistics(chat: Messages, who: Claims, group: int) -> wire.Statistics:
    """For its owners and admins. Raises NotFound, Forbidden."""
    wire.possible_group(group)
    return await counted.statistics(chat.database, who.key, group)
