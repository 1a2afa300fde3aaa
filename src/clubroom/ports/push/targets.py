"""Which targets can be right. What a push service says of one is told when it is first pushed to."""

import base64
import re
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from clubroom.ports.addresses import may_be_public
from clubroom.ports.push import Target

ADDRESS_CHARACTERS_MAX = 1_000
TOKEN_CHARACTERS_MAX = 400
_URL = re.compile(r"[!#-;=?-\[\]_a-z~%&]+")
_TOKENS = {
    "apns": re.compile(rf"[0-9A-Fa-f]{{16,{TOKEN_CHARACTERS_MAX}}}"),
    "fcm": re.compile(rf"[A-Za-z0-9_:-]{{16,{TOKEN_CHARACTERS_MAX}}}"),
}
_P256DH = re.compile(r"[A-Za-z0-9_-]{87}")  # 65 bytes
_AUTH = re.compile(r"[A-Za-z0-9_-]{22}")  # 16 bytes


def check_target(target: Target) -> None:
    """Raises ValueError, which repeats nothing of it, for what cannot be right. A host's name may still
    resolve to anything: that is judged when it is called.
    """
    if target.kind != "web":
        if not _TOKENS[target.kind].fullmatch(target.address) or target.p256dh or target.auth:
            raise ValueError("This is no token of a device.")
        return
    if not _is_endpoint(target.address):
        raise ValueError("This is no address of a push service.")
    if not _are_keys(target.p256dh, target.auth):
        raise ValueError("These are no keys of a browser.")


def _is_endpoint(address: str) -> bool:
    if len(address) > ADDRESS_CHARACTERS_MAX or not _URL.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        return parts.port != 0 and parts.scheme == "https" and _is_place(parts)
    except ValueError:
        return False


def _is_place(parts: SplitResult) -> bool:
    if "@" in parts.netloc or parts.fragment or not parts.hostname:
        return False
    return may_be_public(parts.hostname)


def _are_keys(p256dh: str, auth: str) -> bool:
    if not _P256DH.fullmatch(p256dh) or not _AUTH.fullmatch(auth):
        return False
    point = base64.urlsafe_b64decode(p256dh + "=")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True
