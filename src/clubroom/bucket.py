"""A token bucket: how often something may happen, at once and in the long run. Pure; times are in seconds."""

import math

import msgspec


class Bucket(msgspec.Struct, frozen=True):
    """What was left at a moment of a steady clock. `rate` (a second) and `burst` are the caller's to keep."""

    left: float
    at: float

    def take(self, rate: float, burst: float, now: float) -> tuple["Bucket", float]:
        """One out of it, and 0; or nothing, and the seconds until there will be one."""
        left = min(burst, self.left + (now - self.at) * rate)
        if left < 1:
            return Bucket(left, now), (1 - left) / rate if rate else math.inf
        return Bucket(left - 1, now), 0.0


def retry_ms(seconds: float) -> int:
    """What a client is told: no less than a tenth of a second, or it would only ask again in vain."""
    return max(100, int(seconds * 1000))
