"""A passkey in software: what a browser and an authenticator make of the options that a server gives."""

import hashlib
import json
import os
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as b64

from house.person import Person

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """One key, used at one site."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.host = origin.split("://")[1].split(":", maxsplit=1)[0]
        self.id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0

    def make(self, options: str, **other: Any) -> str:
        """As `PublicKeyCredential.toJSON` says it after `navigator.credentials.create`."""
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(PRESENT | VERIFIED | ATTESTED) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, **other)
        return self._said({"clientDataJSON": b64(client), "attestationObject": b64(attested)})

    def sign(self, options: str, **other: Any) -> str:
        """As `navigator.credentials.get`."""
        self.count += 1
        client, data = self._client("webauthn.get", options, **other), self._data(PRESENT | VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(
            {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)}
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, options: str, **other: Any) -> bytes:
        said = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin}
        return json.dumps(said | other).encode()

    def _said(self, response: dict[str, str]) -> str:
        name = b64(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


async def passkey_of(who: Person) -> Authenticator:
    """A passkey that this person made."""
    made = Authenticator(str(who.http.base_url).rstrip("/"))
    options = (await who.ok("POST", "/api/me/passkeys/options"))["options"]
    await who.ok("POST", "/api/me/passkeys", {"credential": made.make(options)})
    return made
