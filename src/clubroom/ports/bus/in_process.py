"""A bus within one process, for servers that share it (contract: `clubroom.ports.bus`)."""

from clubroom.ports.bus import Gathered, Hear, News

HEADS_A_TURN = 1_000
WHISPERS_A_TURN = 1_000


class Air:
    """What several ends share."""

    def __init__(self) -> None:
        self.ends: dict[InProcessBus, Hear] = {}


class InProcessBus:
    """One server's end."""

    def __init__(self, air: Air) -> None:
        self.air = air
        self.sent_count = 0
        self._gathered = Gathered()

    def tell(self, news: News) -> None:
        """See the contract."""
        self._gathered.add(news)

    async def run(self, hear: Hear) -> None:
        """See the contract."""
        self.air.ends[self] = hear
        try:
            while True:
                await self._gathered.wait()
                while self._gathered:
                    self._spread(self._gathered.take(HEADS_A_TURN, WHISPERS_A_TURN))
        finally:
            del self.air.ends[self]

    def _spread(self, news: News) -> None:
        self.sent_count += 1
        for end, hear in list(self.air.ends.items()):
            if end is not self:
                hear(news)
