"""What a link to join a club tells programs that draw previews of links: its name and its picture."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from html import escape
from typing import Protocol

FOLDER = "join/"
MARKS = re.compile(r"<!--club-->.*?<!--/club-->", re.DOTALL)
"""Where it stands in the page. deploy/cloudflare/worker.js puts it into its own page by the same marks."""
HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}
PICTURE = "/icons/icon-512.png"
WAITS_S = 3.0
"""The page opens without a club rather than later. At the edge CLUB_WAITS_MS says the same."""


class Club(Protocol):
    """What is shown of a club. `picture` is an address that opens it for some hours."""

    @property
    def name(self) -> str:
        """As its members read it."""

    @property
    def picture(self) -> str | None:
        """None = it has none."""


Shown = Callable[[str, str], Awaitable[Club | None]]
"""By a code and the address that asks; None = nothing is shown, whatever the reason."""


def code_in(path: str) -> str | None:
    """The code in a path, which has no slashes around it."""
    code = path.removeprefix(FOLDER)
    return code if path.startswith(FOLDER) and "/" not in code else None


async def in_time(shown: Shown, code: str, peer: str) -> Club | None:
    """What is shown, or None if nobody says it in time. What is under way is given up then, and not waited
    for: over a connection that hangs that takes long, too.
    """
    asked = asyncio.ensure_future(shown(code, peer))
    asked.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody waits for it
    try:
        done, _ = await asyncio.wait({asked}, timeout=WAITS_S)
        return asked.result() if done else None
    finally:
        asked.cancel()


def telling(shell: str, club: Club | None, origin: str) -> str:
    """The page of the client, with or without what a club shows."""
    told = "" if club is None else _tags(club, origin)
    return MARKS.sub(lambda _: f"<!--club-->{told}<!--/club-->", shell, count=1)


def _tags(club: Club, origin: str) -> str:
    said = {
        "og:type": "website",
        "og:site_name": "Clubroom",
        "og:title": club.name,
        "og:image": club.picture or f"{origin}{PICTURE}",
    }
    tags = [f'<meta property="{name}" content="{escape(text)}">' for name, text in said.items()]
    return "".join([*tags, '<meta name="twitter:card" content="summary">'])
