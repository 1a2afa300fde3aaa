"""How a host names a bucket. Apart from its adapter, which needs a library that few places use."""

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec

LOOKS_LIKE: Final = "https://s3.eu-central-003.backblazeb2.com and my-club"
_HOST = re.compile(r"[a-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", re.IGNORECASE)
_REGION = re.compile(r"s3[.-]([a-z0-9-]+)\.")
_USUAL_PORT = {"http": ":80", "https": ":443"}


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """Where, and by whose key. `endpoint` = scheme and host, as browsers write an origin."""

    endpoint: str
    name: str
    key_id: str
    key: str

    @property
    def region(self) -> str:
        """It stands in the name of the host, as B2 and others write it."""
        found = _REGION.match(urlsplit(self.endpoint).netloc)
        return found[1] if found else "us-east-1"

    def __repr__(self) -> str:
        return f"Bucket({self.endpoint}, {self.name})"


def bucket_of(endpoint: str, name: str, key_id: str, key: str) -> Bucket:
    """Raises ValueError, which repeats nothing, for an endpoint or name that there cannot be."""
    if "://" not in endpoint:
        endpoint = f"https://{endpoint}"
    scheme, host, path, query, fragment = urlsplit(endpoint.lower())
    host = host.removesuffix(_USUAL_PORT.get(scheme, ""))
    if scheme not in _USUAL_PORT or not _HOST.fullmatch(host) or path.strip("/") or query or fragment:
        raise ValueError(LOOKS_LIKE)
    if not (_BUCKET.fullmatch(name) and key_id and key):
        raise ValueError(LOOKS_LIKE)
    return Bucket(endpoint=f"{scheme}://{host}", name=name, key_id=key_id, key=key)
