"""Tokens that look like ours and are not."""

import base64
import hashlib
import hmac
import json
from typing import Any

from clubroom.auth.tokens import Tokens


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and signature."""
    header, claims, signature = token.split(".")
    return read(header), read(claims), signature


def read(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def forged_tokens(token: str, tokens: Tokens | None = None) -> dict[str, str]:
    """Each made of a good one. With `tokens` also what one makes of the published keys."""
    header, claims, signature = opened(token)
    payload = token.split(".")[1]
    made = {
        "nonsense": "x",
        "empty parts": "..",
        "no signature": f"{part(header)}.{payload}.",
        "none": f"{part(header | {'alg': 'none'})}.{payload}.",
        "None": f"{part(header | {'alg': 'None'})}.{payload}.{signature}",
        "jku": f"{part(header | {'jku': 'http://127.0.0.1/keys'})}.{payload}.{signature}",
        "x5u": f"{part(header | {'x5u': 'http://127.0.0.1/keys'})}.{payload}.{signature}",
        "crit": f"{part(header | {'crit': ['exp']})}.{payload}.{signature}",
        "unknown kid": f"{part(header | {'kid': '../../etc/passwd'})}.{payload}.{signature}",
        "another person": f"{part(header)}.{part(claims | {'uid': claims['uid'] + 1})}.{signature}",
        "more groups": f"{part(header)}.{part(claims | {'g': [1, 2, 3]})}.{signature}",
        "a longer life": f"{part(header)}.{part(claims | {'exp': claims['exp'] + 10**6})}.{signature}",
        "a flipped bit": token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:],
        "too long": token + "A" * 8_000,
    }
    if tokens is not None:
        made |= _by_published_keys(header, payload, tokens)
    return made


def _by_published_keys(header: dict[str, Any], payload: str, tokens: Tokens) -> dict[str, str]:
    made = {}
    for key in tokens.public_keys()["keys"]:
        signed = f"{part(header | {'alg': 'HS256', 'kid': key['kid']})}.{payload}"
        public = base64.urlsafe_b64decode(key["x"] + "=")
        for name, secret in (("bytes", public), ("text", key["x"].encode())):
            mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
            text = base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
            made[f"HS256 with the public key as {name} {key['kid']}"] = f"{signed}.{text}"
        made[f"the public key beside it {key['kid']}"] = f"{part(header | {'jwk': key})}.{payload}.{text}"
    return made
