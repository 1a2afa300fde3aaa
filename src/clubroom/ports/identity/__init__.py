"""The identity port: how somebody proves who they are. Today passwords; an OIDC issuer joins here later.

The contract of `Passwords`:

* `hashed` gives a text that holds everything needed to verify later, made with a fresh salt each time.
* `matches` takes as long for `stored=None` (nobody has this address) as for a wrong password, and then says
  False: the time of an answer must not tell which addresses are known.
* Both keep the event loop free, and both refuse (`Unavailable`) when too many wait.
* A password is never in a log, an error or a repr.
"""

from typing import Protocol


class Passwords(Protocol):
    """Hashes and verifies passwords."""

    async def hashed(self, password: str) -> str:
        """What to store for this password. Raises Unavailable when too many wait."""

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether this is the password that was stored; False for None. Raises Unavailable likewise."""
