"""Calls of AWS and of what speaks like it, signed in their headers: Signature Version 4.

Small and our own: the vendor's library takes two seconds to import, and a function would start so much later.
For addresses that are signed in their query, see `blobs/presigned.py`.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNRESERVED: Final = "-_.~"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Whose key signs, and for where. `token` comes with keys that are lent for a while."""

    key_id: str
    key: str
    region: str
    token: str | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.region})"


def key_of_the_day(key: str, day: str, region: str, service: str) -> bytes:
    """What signs the calls of this day, written 20261231."""
    made = f"AWS4{key}".encode()
    for word in (day, region, service, "aws4_request"):
        made = mac(made, word)
    return made


def mac(key: bytes, text: str) -> bytes:
    """HMAC-SHA256."""
    return hmac.digest(key, text.encode(), "sha256")


class HeaderSigner:
    """For the calls of one service."""

    def __init__(
        self,
        credentials: Credentials,
        service: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.credentials = credentials
        self.service = service
        self.now = now

    def signed(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> dict[str, str]:
        """All headers of this call: those that are given, in lower case, and those that sign it. `url` is
        escaped, as it is asked for, and has no query.
        """
        who = self.credentials
        moment = self.now().strftime("%Y%m%dT%H%M%SZ")
        scope = f"{moment[:8]}/{who.region}/{self.service}/aws4_request"
        parts = urlsplit(url)
        told = {**headers, "host": parts.netloc, "x-amz-date": moment}
        if who.token is not None:
            told["x-amz-security-token"] = who.token
        names = ";".join(sorted(told))
        canonical = [
            method,
            quote(parts.path or "/", safe=f"/{UNRESERVED}"),  # escaped once more: only S3 does not ask for it
            "",
            *(f"{name}:{told[name].strip()}" for name in sorted(told)),
            "",
            names,
            hashlib.sha256(content).hexdigest(),
        ]
        digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        text = "\n".join([ALGORITHM, moment, scope, digest])
        signature = mac(key_of_the_day(who.key, moment[:8], who.region, self.service), text).hex()
        told["authorization"] = (
            f"{ALGORITHM} Credential={who.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return told
