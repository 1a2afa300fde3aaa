"""Every key of the server, made from one 32-byte secret by HKDF: one thing to keep, one thing to change.

The newest secret signs and seals; those in `earlier` are still accepted. No setting fills that list yet, so
for now a changed secret ends sessions and codes.
"""

import base64
import hashlib
import os
from collections.abc import Iterator, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 8
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_NONCE_END = NAME_BYTES + NONCE_BYTES


class SecretKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of one secret, each for one purpose. `kid` names the signing key in a token's header."""

    kid: str
    signing_seed: bytes
    signing_public: bytes
    sent_mac: bytes
    code_mac: bytes
    code_seal: bytes
    refresh_mac: bytes
    link_mac: bytes
    mail_seal: bytes
    challenge_mac: bytes
    vapid: int
    reading: int
    unsubscribe_mac: bytes
    calendar_mac: bytes
    answer_mac: bytes
    trip_seal: bytes

    def __repr__(self) -> str:
        return f"SecretKeys({self.kid})"


class Keys:
    """The keys in use (`newest`) and those of earlier secrets, which verify and open but make nothing new."""

    def __init__(self, secret: bytes, earlier: Sequence[bytes] = ()) -> None:
        self.newest = derived(secret)
        self.all = (self.newest, *(derived(old) for old in earlier))

    @property
    def sent_mac(self) -> bytes:
        """For the HMAC of a message's first body (docs/protocol.md, L8)."""
        return self.newest.sent_mac

    def code_macs(self, code: str) -> list[bytes]:
        """What a club code may be stored under, the newest key first."""
        return [mac(keys.code_mac, code.encode()) for keys in self.all]

    def link_macs(self, secret: str) -> list[bytes]:
        """What a sign-in link may be stored under, the newest key first."""
        return [mac(keys.link_mac, secret.encode()) for keys in self.all]

    def refresh_macs(self, place: bytes) -> Iterator[bytes]:
        """What proves a refresh token, the newest key first."""
        return (mac(keys.refresh_mac, place) for keys in self.all)

    def seal(self, code: str) -> bytes:
        """Encrypts a club code so that its admins can see it again."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + ChaCha20Poly1305(self.newest.code_seal).encrypt(nonce, code.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The club code again. Raises LookupError when no key that is left opens it."""
        for keys in self.all:
            try:
                cipher = ChaCha20Poly1305(keys.code_seal)
                return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()
            except InvalidTag:
                continue
        raise LookupError("The secret that sealed this code is no longer known.")

    def challenge_macs(self, said: bytes) -> list[bytes]:
        """What proves that we made a challenge, the newest key first."""
        return [mac(keys.challenge_mac, said) for keys in self.all]

    def unsubscribe_macs(self, said: bytes) -> list[bytes]:
        """What proves that a letter of ours offered to send no more such, the newest key first."""
        return [mac(keys.unsubscribe_mac, said) for keys in self.all]

    def calendar_macs(self, said: bytes) -> list[bytes]:
        """What proves that an address of a calendar is one of ours, the newest key first."""
        return [mac(keys.calendar_mac, said) for keys in self.all]

    def answer_macs(self, said: bytes) -> list[bytes]:
        """What proves that a letter of ours asked somebody whether they come, the newest key first."""
        return [mac(keys.answer_mac, said) for keys in self.all]

    def seal_trip(self, kept: bytes) -> bytes:
        """Encrypts what a browser keeps while it is at an issuer."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + ChaCha20Poly1305(self.newest.trip_seal).encrypt(nonce, kept, None)

    def open_trip(self, sealed: bytes) -> bytes:
        """The same again. Raises LookupError for what we have not sealed."""
        for keys in self.all:
            try:
                cipher = ChaCha20Poly1305(keys.trip_seal)
                return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
            except (InvalidTag, ValueError):  # ValueError: it is shorter than a nonce
                continue
        raise LookupError("No key opens this.")

    @property
    def vapid(self) -> ec.EllipticCurvePrivateKey:
        """Signs what goes to push services (RFC 8292). The newest alone: a browser knows one at a time."""
        return ec.derive_private_key(self.newest.vapid, ec.SECP256R1())

    @property
    def application_server_key(self) -> str:
        """What browsers subscribe with: the public half of the above, base64url."""
        point = self.vapid.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    @property
    def reading(self) -> list[ec.EllipticCurvePrivateKey]:
        """Sign tokens for gateways that only read, the newest key first."""
        return [ec.derive_private_key(keys.reading, ec.SECP256R1()) for keys in self.all]

    @property
    def mail_openers(self) -> list[bytes]:
        """The names of the keys that open what `seal_link` made, as they stand before it."""
        return [_name(keys.mail_seal) for keys in self.all]

    def seal_link(self, secret: str, address: str) -> bytes:
        """Encrypts the secret of a link that waits to be mailed: it opens for a letter to this address
        alone.
        """
        key, nonce = self.newest.mail_seal, os.urandom(NONCE_BYTES)
        return _name(key) + nonce + ChaCha20Poly1305(key).encrypt(nonce, secret.encode(), address.encode())

    def open_link(self, sealed: bytes, address: str) -> str:
        """The secret again. Raises LookupError when no key opens it, or it was meant for another address."""
        name, nonce, text = sealed[:NAME_BYTES], sealed[NAME_BYTES:_NONCE_END], sealed[_NONCE_END:]
        for key in (keys.mail_seal for keys in self.all if _name(keys.mail_seal) == name):
            try:
                return ChaCha20Poly1305(key).decrypt(nonce, text, address.encode()).decode()
            except InvalidTag:
                continue
        raise LookupError("No key opens this link.")


def derived(secret: bytes) -> SecretKeys:
    """The keys of one secret of at least 32 bytes."""
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"The secret must have at least {SECRET_BYTES} bytes.")
    seed = _key(secret, "access tokens")
    public = (
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )
    return SecretKeys(
        kid=hashlib.sha256(public).hexdigest()[:16],
        signing_seed=seed,
        signing_public=public,
        sent_mac=_key(secret, "sent messages"),
        code_mac=_key(secret, "club codes, look-up"),
        code_seal=_key(secret, "club codes, sealed"),
        refresh_mac=_key(secret, "refresh tokens"),
        link_mac=_key(secret, "sign-in links"),
        mail_seal=_key(secret, "links in mail, sealed"),
        challenge_mac=_key(secret, "challenges for passkeys"),
        vapid=_scalar(secret, "web push"),
        reading=_scalar(secret, "tokens for reading"),
        unsubscribe_mac=_key(secret, "letters no more wanted"),
        calendar_mac=_key(secret, "calendars"),
        answer_mac=_key(secret, "answers by letter"),
        trip_seal=_key(secret, "round trips to an issuer, sealed"),
    )


def place_name(secret: bytes) -> str:
    """What tells this place from others in a store that they share; nothing follows from it."""
    return _key(secret, "the name of this place")[:NAME_BYTES].hex()


def files_key(secret: bytes) -> bytes:
    """Signs the addresses of files that a server of ours gives out."""
    return _key(secret, "addresses of files")


def mac(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes."""
    digest = hmac.HMAC(key, hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def _key(secret: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"clubroom 1 " + purpose.encode()).derive(secret)


def _scalar(secret: bytes, purpose: str) -> int:
    """A private key on P-256: 64 bits more than it needs, so that none is likelier than another."""
    info = b"clubroom 1 " + purpose.encode()
    wide = HKDF(hashes.SHA256(), length=40, salt=None, info=info).derive(secret)
    return int.from_bytes(wide) % (P256_ORDER - 1) + 1


def _name(key: bytes) -> bytes:
    """What may be told of a key."""
    return hashlib.sha256(b"name of a key " + key).digest()[:NAME_BYTES]
