"""Who carries pushes away: push services of browsers always, those of native apps where a host has keys."""

from pathlib import Path
from typing import TypeVar

import msgspec

from clubroom.app.settings import SettingError, Settings
from clubroom.auth.keys import Keys
from clubroom.ports.push import Kind, Pusher
from clubroom.ports.push.apns import ApnsKey, ApnsPusher
from clubroom.ports.push.fcm import FcmAccount, FcmPusher
from clubroom.ports.push.web_push import WebPusher

Of = TypeVar("Of")
NOBODY = "mailto:clubroom@localhost"  # a place that only this computer reaches


def pushers(settings: Settings, keys: Keys) -> dict[Kind, Pusher]:
    """By what they reach. Raises SettingError for a file that is none."""
    found: dict[Kind, Pusher] = {"web": WebPusher(keys.vapid, contact(settings))}
    if settings.apns is not None:
        found["apns"] = ApnsPusher(_read("CLUBROOM_APNS", settings.apns, ApnsKey))
    if settings.fcm is not None:
        found["fcm"] = FcmPusher(_read("CLUBROOM_FCM", settings.fcm, FcmAccount))
    return found


def contact(settings: Settings) -> str:
    """Whom a push service may write to if something is wrong."""
    if settings.mail is not None:
        return f"mailto:{settings.mail.sender}"
    url = settings.public_url or ""
    return url if url.startswith("https://") else NOBODY


def _read(name: str, path: Path, kind: type[Of]) -> Of:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        raise SettingError(f"{name} must name a file of keys, in JSON: see docs/host.md.") from None
