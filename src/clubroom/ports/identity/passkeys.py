"""Passkeys by WebAuthn. What a browser made is judged here; challenges are made and remembered elsewhere.

Every `…ed` raises WrongSignIn for whatever is not exactly right: another site, another challenge, a signature
of another key. No attestation is asked for: which make of authenticator somebody has is nobody's business.
"""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from clubroom.errors import WrongSignIn

PLACE_NAME = "Clubroom"
DEPTH_ERRORS = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError, AttributeError)


class Made(msgspec.Struct, frozen=True):
    """A passkey that a browser has made."""

    id: bytes
    public_key: bytes
    sign_count: int


class Said(msgspec.Struct, frozen=True):
    """What a browser says that it is: the passkey, and the challenge that it answers. Nothing is
    verified yet.
    """

    id: bytes
    challenge: bytes
    credential: str


class Passkeys:
    """For one place: passkeys belong to the name of its host."""

    def __init__(self, public_url: str, origins: Sequence[str]) -> None:
        self.host = urlsplit(public_url).hostname or ""
        self.origins = sorted(origins)

    def to_make(self, user: bytes, name: str, challenge: bytes, known: Sequence[bytes]) -> str:
        """What the browser is asked for, as JSON. It makes none on a device that holds one of `known`."""
        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name=PLACE_NAME,
            user_name=name,
            user_display_name=name,
            user_id=user,
            challenge=challenge,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
        return webauthn.options_to_json(options)

    def to_sign(self, challenge: bytes) -> str:
        """What the browser is asked for, as JSON; whoever it is, it knows."""
        return webauthn.options_to_json(
            webauthn.generate_authentication_options(rp_id=self.host, challenge=challenge)
        )

    def said(self, credential: str) -> Said:
        """What it claims to be. Raises WrongSignIn."""
        try:
            found = json.loads(credential)
            client = json.loads(base64url_to_bytes(found["response"]["clientDataJSON"]))
            name, challenge = base64url_to_bytes(found["rawId"]), base64url_to_bytes(client["challenge"])
        except DEPTH_ERRORS:
            raise WrongSignIn from None
        return Said(name, challenge, credential)

    def made(self, said: Said) -> Made:
        """A new passkey. Raises WrongSignIn."""
        try:
            found = webauthn.verify_registration_response(
                credential=said.credential,
                expected_challenge=said.challenge,
                expected_rp_id=self.host,
                expected_origin=self.origins,
            )
        except DEPTH_ERRORS:
            raise WrongSignIn from None
        return Made(found.credential_id, found.credential_public_key, found.sign_count)

    def signed(self, said: Said, public_key: bytes, sign_count: int) -> int:
        """The count that the passkey says now; a copied one is behind. Raises WrongSignIn."""
        try:
            found = webauthn.verify_authentication_response(
                credential=said.credential,
                expected_challenge=said.challenge,
                expected_rp_id=self.host,
                expected_origin=self.origins,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
            )
        except DEPTH_ERRORS:
            raise WrongSignIn from None
        return found.new_sign_count


def written(passkey: bytes) -> str:
    """Its id as it stands in an address."""
    return bytes_to_base64url(passkey)


def read(text: str) -> bytes:
    """The id again. Raises ValueError."""
    return base64url_to_bytes(text)
