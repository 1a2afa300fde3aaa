"""Addresses that S3-compatible stores let somebody in by: AWS Signature Version 4, in the query.

Small and our own, since libraries of storage sign neither length nor type, and so would let whoever may write
one image write anything of any size. What is in `headers` must come with the call exactly as it was signed.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from clubroom.ports.signing.aws import ALGORITHM, UNRESERVED, key_of_the_day, mac

SECONDS_MAX = 7 * 24 * 3600
PAYLOAD: Final = "UNSIGNED-PAYLOAD"  # whoever signs has not seen the bytes


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Whose key signs, and for where. Its `repr` keeps the key."""

    key_id: str
    key: str
    region: str
    service: str = "s3"

    def __repr__(self) -> str:
        return f"Signer({self.region})"

    def url(
        self,
        method: str,
        url: str,
        *,
        at: datetime,
        seconds: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """For one call of `url` (without query; its path is not escaped yet), from `at` on for so long.
        `headers`, in lower case and beside `host`, become a part of what is signed.
        """
        assert 0 < seconds <= SECONDS_MAX
        scheme, host, path, *_ = urlsplit(url)
        signed = dict(sorted({"host": host, **(headers or {})}.items()))
        moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{moment[:8]}/{self.region}/{self.service}/aws4_request"
        asked = {
            **(query or {}),
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.key_id}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": ";".join(signed),
        }
        words = "&".join(sorted(f"{_escaped(name)}={_escaped(value)}" for name, value in asked.items()))
        escaped_path = quote(path, safe=f"/{UNRESERVED}")
        canonical = [
            method,
            escaped_path,
            words,
            *(f"{name}:{value.strip()}" for name, value in signed.items()),
            "",
            asked["X-Amz-SignedHeaders"],
            PAYLOAD,
        ]
        digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        text = "\n".join([ALGORITHM, moment, scope, digest])
        signature = mac(key_of_the_day(self.key, moment[:8], self.region, self.service), text).hex()
        return f"{scheme}://{host}{escaped_path}?{words}&X-Amz-Signature={signature}"


def _escaped(text: str) -> str:
    return quote(text, safe=UNRESERVED)
