"""The devices on which one is signed in, and how they are called."""

from uuid import UUID

from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import sessions
from clubroom.dba.pool import rfc3339
from clubroom.wire import SignedInDevice, SignedInDevices

# The first that is found, for browsers name their ancestors, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str | None:
    """Browser and system in words of ours, so that nothing that a client sends is kept; None = neither is
    known.
    """
    found = [
        next((name for mark, name in table if mark in user_agent), None) for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or None


async def devices(who: Claims, auth: Auth) -> SignedInDevices:
    """All of mine, the one that was used last first."""
    unused_seconds = auth.settings.session_unused_seconds
    found = await sessions.open_ones(auth.db, who.key, unused_seconds=unused_seconds, moment=auth.moment())
    return SignedInDevices(
        sessions=[
            SignedInDevice(
                id=one.id,
                device=one.device,
                signed_in_at=rfc3339(one.created_at),
                used_at=rfc3339(one.used_at),
                here=one.id == who.session,
            )
            for one in found
        ]
    )


async def end_device(who: Claims, session: UUID, auth: Auth) -> None:
    """Signs one of them out. Raises NotFound."""
    _refuse(await sessions.end_one(auth.db, who.key, session, moment=auth.moment()), auth)


async def end_others(who: Claims, auth: Auth) -> None:
    """Signs out all but this one."""
    _refuse(await sessions.end_all(auth.db, who.key, but=who.session, moment=auth.moment()), auth)


async def end_everywhere(who: Claims, auth: Auth) -> None:
    """Signs out all of them."""
    _refuse(await sessions.end_all(auth.db, who.key, moment=auth.moment()), auth)


def _refuse(ended: list[UUID], auth: Auth) -> None:
    for session in ended:
        auth.tokens.refuse(session)
