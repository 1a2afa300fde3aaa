"""Until when addresses of files are good, and the names that files are saved under."""

import re
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubroom.ports.blobs import checked
from clubroom.ports.blobs.links import CLOCK_S, LINK_S, WINDOW_S, disposition, until, window

moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
keys = st.from_regex(r"\A[a-z0-9_-]{1,20}/[a-z0-9]{1,20}\Z")


@given(key=keys, now=moments)
def test_an_address_is_the_same_for_hours_and_then_good_for_hours(key: str, now: datetime) -> None:
    begun = window(key, now)
    assert timedelta(seconds=CLOCK_S - 1) < now - begun < timedelta(seconds=CLOCK_S + WINDOW_S + 1)
    assert until(begun) - now > timedelta(seconds=LINK_S - WINDOW_S - CLOCK_S - 2)
    assert window(key, begun + timedelta(seconds=CLOCK_S + WINDOW_S - 1)) == begun
    assert window(key, begun + timedelta(seconds=CLOCK_S + WINDOW_S)) == begun + timedelta(seconds=WINDOW_S)


def test_not_all_addresses_change_at_once() -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    assert len({window(f"f/{n}/thumb", now) for n in range(100)}) > 90


def saved_as(header: str) -> str:
    """As a program of our time reads it."""
    found = re.search(r"filename\*=UTF-8''(\S+)\Z", header)
    assert found is not None
    return unquote(found[1])


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Noten für Chor.pdf", "Noten für Chor.pdf"),
        ("楽譜.pdf", "楽譜.pdf"),
        ('a"b.pdf', "a_b.pdf"),
        ("a\r\nSet-Cookie: x=1", "a__Set-Cookie_ x=1"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("annual\u202efdp.exe", "annual_fdp.exe"),
        ("a%0d%0ab", "a_0d_0ab"),
        ("  ..  ", "file"),
        ("", "file"),
        ("\ud800", "_"),
        ("x" * 500, "x" * 120),
    ],
    ids=ascii,
)
def test_a_file_is_saved_under_its_name_without_what_could_do_harm(name: str, saved: str) -> None:
    assert saved_as(disposition(name)) == saved


@given(name=st.text(max_size=300))
def test_no_name_becomes_more_than_a_name(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    read = Message()
    read["content-disposition"] = header.partition("; filename*")[0]
    assert read.get_content_disposition() == "attachment"
    assert read.get_params(header="content-disposition") == [
        ("attachment", ""),
        ("filename", str(read.get_filename())),
    ]
    assert not set(saved_as(header)) & set('/\\"\r\n')


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", "A", "a b", "a\n", "ä", "a\x00", "x" * 201]
)
def test_what_could_lead_elsewhere_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        checked(key)
