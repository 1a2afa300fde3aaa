"""How fast one person may write, or search, over all their devices: a bucket each, always refilling."""

from collections import OrderedDict

from clubroom.bucket import Bucket, retry_ms
from clubroom.errors import RateLimited

PEOPLE_MAX = 10_000
BURST_S = 10.0
"""A full bucket holds what refills in this time."""


class Pace:
    """Whoever was silent longest is forgotten first: their bucket was full again anyway."""

    def __init__(self, posts_a_second: float, burst_s: float = BURST_S) -> None:
        self.posts_a_second = posts_a_second
        self.burst_s = burst_s
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()

    def take(self, who: int, now: float) -> None:
        """One post. Raises RateLimited with the time until the next one."""
        burst = self.posts_a_second * self.burst_s
        bucket = self._buckets.pop(who, None) or Bucket(burst, now)
        if len(self._buckets) >= PEOPLE_MAX:
            self._buckets.popitem(last=False)
        self._buckets[who], wait_s = bucket.take(self.posts_a_second, burst, now)
        if wait_s:
            raise RateLimited(retry_ms=retry_ms(wait_s))
