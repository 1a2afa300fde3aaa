"""One secret, many keys."""

import base64
import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from clubroom.auth.keys import Keys, derived


def test_the_same_secret_gives_the_same_keys_and_each_purpose_its_own() -> None:
    one, again = derived(b"s" * 32), derived(b"s" * 32)
    keys = [one.signing_seed, one.sent_mac, one.code_mac, one.code_seal, one.refresh_mac, one.link_mac]
    assert len(set(keys)) == len(keys)
    assert one == again
    assert derived(b"t" * 32).kid != one.kid


def test_the_key_for_web_push_stays_while_the_secret_does_and_its_public_half_is_what_browsers_take() -> None:
    keys = Keys(b"s" * 32)
    assert keys.application_server_key == Keys(b"s" * 32).application_server_key
    assert keys.application_server_key != Keys(b"t" * 32, [b"s" * 32]).application_server_key
    point = base64.urlsafe_b64decode(keys.application_server_key + "=")
    ours = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    ours.verify(keys.vapid.sign(b"said", ec.ECDSA(hashes.SHA256())), b"said", ec.ECDSA(hashes.SHA256()))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short")


def test_keys_are_not_printed() -> None:
    keys = derived(b"s" * 32)
    assert repr(keys) == f"SecretKeys({keys.kid})"


def test_a_sealed_code_opens_again_and_after_the_secret_was_changed() -> None:
    old, new = os.urandom(32), os.urandom(32)
    sealed = Keys(old).seal("K7QM9XRT2HVC")
    assert b"K7QM" not in sealed
    assert sealed != Keys(old).seal("K7QM9XRT2HVC")
    assert Keys(new, [old]).open(sealed) == "K7QM9XRT2HVC"
    with pytest.raises(LookupError):
        Keys(new).open(sealed)


def test_codes_and_links_are_looked_up_under_the_newest_key_first() -> None:
    old, new = os.urandom(32), os.urandom(32)
    assert Keys(new, [old]).code_macs("A") == Keys(new).code_macs("A") + Keys(old).code_macs("A")
    assert Keys(new).link_macs("A") != Keys(new).code_macs("A")
    assert Keys(new, [old]).sent_mac == Keys(new).sent_mac
