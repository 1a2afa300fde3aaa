"""Where a push may go: what a browser or an app says of itself."""

import base64
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clubroom.ports.push import Kind, Target
from clubroom.ports.push.targets import check_target

KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
POINT = KEY.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
OFF_THE_CURVE = POINT[:-1] + bytes([POINT[-1] ^ 1])


def said(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def browser(
    address: str = "https://push.example/s/1", *, p256dh: str = said(POINT), auth: str = said(b"a" * 16)
) -> Target:
    return Target(kind="web", address=address, p256dh=p256dh, auth=auth)


@pytest.mark.parametrize(
    "address",
    [
        "https://push.example/s/1",
        "https://fcm.push.example/fcm/send/c:APA91b_-~%20=",
        "https://updates.push.example:443/wpush/v2/gAAAA",
        "https://wns2-am3p.notify.example/w/?token=BQYAAAB%2fA%3d%3d",
        "https://8.8.8.8/s/1",
        "https://[2001:4860:4860::8888]/s/1",
        "https://push.example/" + "x" * 900,
    ],
)
def test_an_address_of_a_push_service_is_taken(address: str) -> None:
    check_target(browser(address))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "push.example",
            "http://push.example/s",
            "ftp://push.example/s",
            "https://",
            "https:///s",
            "//p/s",
        ),
        *("https://ann@push.example/s", "https://ann:pw@push.example/s", "https://@push.example/s"),
        *("https://127.0.0.1/s", "https://10.0.0.1/s", "https://169.254.169.254/s", "https://[::1]/s"),
        *("https://[::ffff:127.0.0.1]/s", "https://[fe80::1%25eth0]/s", "https://2130706433/s"),
        *("https://0x7f.1/s", "https://127.1/s", "https://0177.0.0.1/s", "https://a.0x7f000001/s"),
        *("https://127.0.0.1./s", "https://push.example./s", "https://.example/s", "https://a..b/s"),
        *("https://push.example:0/s", "https://push.example:99999/s", "https://push.example:x/s"),
        *(
            "https://push.example/s#x",
            "https://push.example/s s",
            "https://push.example/\n",
            "https://p\\@q/s",
        ),
        *(
            "https://bücher.example/s",
            "https://push.example\t/s",
            "https://[push.example]/s",
            "https://[::1/s",
        ),
        "https://push.example/" + "x" * 1_000,
    ],
)
def test_what_cannot_be_one_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ValueError, match="no address of a push service") as refused:
        check_target(browser(address))
    assert len(address) < 10 or address not in str(refused.value)


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": said(POINT[:64])},
        {"p256dh": said(POINT + b"x")},
        {"p256dh": said(b"\x02" + POINT[1:])},
        {"p256dh": said(OFF_THE_CURVE)},
        {"p256dh": said(b"\x04" + bytes(64))},
        {"p256dh": said(POINT) + "="},
        {"p256dh": "!" * 87},
        {"auth": ""},
        {"auth": said(b"a" * 15)},
        {"auth": said(b"a" * 17)},
        {"auth": said(b"a" * 16) + "=="},
    ],
)
def test_keys_that_no_browser_has_are_refused(keys: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no keys of a browser"):
        check_target(browser(**keys))


def test_tokens_of_devices_are_of_their_alphabets() -> None:
    check_target(Target(kind="apns", address=os.urandom(32).hex()))
    check_target(Target(kind="apns", address="F" * 400))
    check_target(Target(kind="fcm", address="cXl_-9:APA91b" + "x" * 140))
    wrong: list[tuple[Kind, str]] = [
        ("apns", ""),
        ("apns", "xyz" * 20),
        ("apns", "../../3/device/" + "a" * 64),
        ("apns", "a" * 401),
        ("fcm", "a" * 401),
        ("fcm", "short"),
        ("fcm", "a" * 40 + "\r\nb"),
        ("fcm", "ä" * 40),
    ]
    for kind, token in wrong:
        with pytest.raises(ValueError, match="no token of a device"):
            check_target(Target(kind=kind, address=token))
    with pytest.raises(ValueError, match="no token of a device"):
        check_target(Target(kind="apns", address="a" * 64, auth=said(b"a" * 16)))
