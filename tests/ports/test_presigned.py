"""Addresses signed by AWS Signature Version 4: as AWS publishes them, and for all words one could sign."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubroom.ports.blobs.presigned import SECONDS_MAX, Signer
from clubroom.ports.signing.aws import key_of_the_day

EXAMPLE = Signer(
    key_id="AKIAIOSFODNN7EXAMPLE", key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1"
)
AT = datetime(2013, 5, 24, tzinfo=UTC)
BOUND = {"content-type": "image/webp", "content-length": "512"}
URL = "https://s3.eu.example/club/q/a"
words = st.text(min_size=1, max_size=30)


def signature(url: str) -> str:
    return dict(parse_qsl(urlsplit(url).query))["X-Amz-Signature"]


def test_the_example_that_aws_publishes_is_signed_as_they_do() -> None:
    """Authenticating Requests: Using Query Parameters."""
    url = EXAMPLE.url("GET", "https://examplebucket.s3.amazonaws.com/test.txt", at=AT, seconds=86_400)
    assert url == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


def test_the_key_of_a_day_is_derived_as_aws_publishes() -> None:
    """Examples of how to derive a signing key."""
    made = key_of_the_day("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam").hex()
    assert made == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def test_type_and_length_are_named_among_what_must_come_as_it_was_signed() -> None:
    url = EXAMPLE.url("PUT", URL, at=AT, seconds=300, headers=BOUND)
    assert dict(parse_qsl(urlsplit(url).query))["X-Amz-SignedHeaders"] == "content-length;content-type;host"


@pytest.mark.parametrize(
    "other",
    [
        {"method": "GET"},
        {"url": "https://s3.eu.example/club/q/b"},
        {"url": "https://s3.us.example/club/q/a"},
        {"at": AT + timedelta(seconds=1)},
        {"seconds": 301},
        {"headers": BOUND | {"content-type": "image/png"}},
        {"headers": BOUND | {"content-length": "513"}},
        {"headers": {}},
        {"query": {"versionId": "1"}},
    ],
    ids=lambda other: "-".join(str(next(iter(other.items())))[:40].split()),
)
def test_another_call_has_another_signature(other: dict[str, object]) -> None:
    usual = {"method": "PUT", "url": URL, "at": AT, "seconds": 300, "headers": BOUND}
    call = EXAMPLE.url
    assert signature(call(**usual)) != signature(call(**(usual | other)))  # type: ignore[arg-type]


def test_another_key_signs_otherwise_and_none_is_shown() -> None:
    other = Signer(key_id=EXAMPLE.key_id, key=EXAMPLE.key[::-1], region=EXAMPLE.region)
    usual = {"method": "GET", "url": URL, "at": AT, "seconds": 300}
    assert signature(EXAMPLE.url(**usual)) != signature(other.url(**usual))  # type: ignore[arg-type]
    assert EXAMPLE.key not in repr(EXAMPLE)


@given(name=words, value=words)
def test_whatever_is_asked_comes_out_of_the_address_as_it_went_in(name: str, value: str) -> None:
    url = EXAMPLE.url("GET", URL, at=AT, seconds=60, query={name: value})
    assert url.isascii()
    assert (name, value) in parse_qsl(urlsplit(url).query, keep_blank_values=True)
    assert url.partition("?")[0] == URL


@given(seconds=st.integers().filter(lambda seconds: not 0 < seconds <= SECONDS_MAX))
def test_no_address_is_good_for_more_than_a_week(seconds: int) -> None:
    with pytest.raises(AssertionError):
        EXAMPLE.url("GET", URL, at=AT, seconds=seconds)
