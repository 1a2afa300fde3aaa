"""What is B2's own: nothing goes there that it refuses, and what is deleted is gone in every version."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from clubroom.ports import blobs
from clubroom.ports.blobs import BlobsError, Ticket
from clubroom.ports.blobs.b2 import B2
from clubroom.ports.blobs.bucket import Bucket, bucket_of
from house.b2_guard import KEY, NAME, Guard, guarded
from house.server import NO_AUTHORITIES


@pytest.fixture
async def guard(tmp_path: Path) -> AsyncIterator[Guard]:
    async with guarded(tmp_path / "s3", keeps_versions=True) as guard:
        yield guard
        assert guard.refused == []


@pytest.fixture
async def b2(guard: Guard) -> AsyncIterator[B2]:
    store = B2(guard.bucket)
    yield store
    await store.close()


async def test_what_is_deleted_is_gone_in_every_version(guard: Guard, b2: B2) -> None:
    for n in range(5):
        await b2.write("q/a", b"%d" % n, type="image/png")
    await b2.write("q/a2", b"another", type="image/png")
    assert guard.versions("q/a") == 4
    await b2.delete(["q/a"])
    assert guard.versions("q/a") == 0
    assert await b2.read("q/a", most=9) is None
    assert await b2.read("q/a2", most=9) == b"another"


async def test_what_somebody_hid_before_is_deleted_all_the_same(guard: Guard, b2: B2) -> None:
    await b2.write("q/a", b"1", type="image/png")
    await guard._delete("q/a", None)
    assert (await b2.read("q/a", most=9), guard.versions("q/a")) == (None, 2)
    await b2.delete(["q/a"])
    assert guard.versions("q/a") == 0


async def test_nothing_in_the_environment_makes_it_send_what_b2_refuses(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_CHECKSUM_ALGORITHM": "SHA256",
        "AWS_SESSION_TOKEN": "another's",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
        "AWS_ENDPOINT": "http://127.0.0.1:1",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_SERVER_SIDE_ENCRYPTION": "aws:kms",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    }.items():
        monkeypatch.setenv(name, value)
    store = B2(guard.bucket)
    await store.write("q/a", b"1", type="image/png")
    assert await store.read("q/a", most=9) == b"1"
    await store.close()


async def test_with_a_wrong_key_it_is_refused(guard: Guard) -> None:
    wrong = B2(Bucket(endpoint=guard.url, name=NAME, key_id=guard.bucket.key_id, key="wrong"))
    for call in (
        wrong.write("q/a", b"1", type="image/png"),
        wrong.read("q/a", most=9),
        wrong.stat("q/a"),
        wrong.delete(["q/a"]),
        wrong.found(""),
    ):
        with pytest.raises(BlobsError, match="refused"):
            await call
    await wrong.close()


async def test_a_bucket_that_is_not_there_is_refused_to_whoever_writes(guard: Guard) -> None:
    elsewhere = B2(Bucket(endpoint=guard.url, name="nobodys", key_id=guard.bucket.key_id, key=KEY))
    with pytest.raises(BlobsError, match="refused"):
        await elsewhere.write("q/a", b"1", type="image/png")
    await elsewhere.close()


async def put(ticket: Ticket, data: bytes) -> httpx.Response:
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        return await http.put(ticket.url, headers=ticket.headers, content=data)


async def test_killed_while_it_is_written_and_away_it_says_so_and_goes_on_when_it_is_back(
    guard: Guard, b2: B2, monkeypatch: pytest.MonkeyPatch
) -> None:
    await b2.write("f/a", b"before", type="image/png")
    ticket = b2.put_url("q/a", type="image/png", length=4_000_000)

    async def slowly() -> AsyncIterator[bytes]:
        guard.arrived.clear()
        yield b"x" * 2_000_000
        await guard.arrived.wait()
        await guard.store.kill()
        yield b"x" * 2_000_000

    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        headers = ticket.headers | {"content-length": "4000000"}
        answer = await http.put(ticket.url, headers=headers, content=slowly())
    assert answer.status_code == 503
    for call in (
        b2.write("q/b", b"1", type="image/png"),
        b2.read("f/a", most=9),
        b2.delete(["f/a"]),
        b2.found(""),
    ):
        with pytest.raises(BlobsError, match="away"):
            await call
    await guard.store.start()
    assert await b2.read("f/a", most=9) == b"before"
    assert [one.key for one in await b2.found("")] == ["f/a"]
    assert await b2.read("q/a", most=9_000_000) is None


async def test_a_store_that_hangs_is_away_in_time(
    guard: Guard, b2: B2, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "CALL_S", 0.5)
    guard.store.hang()
    for call in (
        b2.write("q/b", b"1", type="image/png"),
        b2.read("f/a", most=9),
        b2.stat("f/a"),
        b2.delete(["f/a"]),
        b2.found(""),
    ):
        with pytest.raises(BlobsError, match="away"):
            await call
    guard.store.go_on()
    monkeypatch.undo()
    await b2.write("q/b", b"2", type="image/png")
    assert await b2.read("q/b", most=9) == b"2"


# --- what names a bucket -----------------------------------------------------------------------------------


def test_a_bucket_is_named_by_endpoint_name_and_key() -> None:
    bucket = bucket_of("s3.eu-central-003.backblazeb2.com", "my-club", "0042", "sesame")
    assert (bucket.endpoint, bucket.region) == ("https://s3.eu-central-003.backblazeb2.com", "eu-central-003")
    assert "sesame" not in repr(bucket)
    assert bucket_of("https://S3.eu.example:443/", "my-club", "1", "2").endpoint == "https://s3.eu.example"
    assert bucket_of("http://[::1]:9000", "my-club", "1", "2").endpoint == "http://[::1]:9000"
    assert bucket_of("http://127.0.0.1:9000", "my-club", "1", "2").region == "us-east-1"


@pytest.mark.parametrize(
    "endpoint",
    ["ftp://s3.example", "https://", "https://ann:sesame@s3.example", "https://s3.example/b", "https://s;x"],
)
def test_what_is_no_endpoint_is_refused_without_repeating_it(endpoint: str) -> None:
    with pytest.raises(ValueError, match="backblazeb2") as refused:
        bucket_of(endpoint, "my-club", "0042", "key")
    assert "sesame" not in str(refused.value)


# --- the guard ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "headers", "asked"),
    [
        ("PUT", {"x-amz-checksum-crc32": "AAAAAA=="}, {}),
        ("PUT", {"x-amz-sdk-checksum-algorithm": "CRC32"}, {}),
        ("GET", {"x-amz-checksum-mode": "ENABLED"}, {}),
        ("PUT", {}, {"x-amz-sdk-checksum-algorithm": "CRC32"}),
        ("GET", {"authorization": "AWS AKIA:signature"}, {}),
        ("GET", {}, {"AWSAccessKeyId": "AKIA", "Signature": "x", "Expires": "1"}),
        ("POST", {"content-type": "multipart/form-data; boundary=x"}, {}),
        ("GET", {}, {"X-Amz-Expires": "604801"}),
    ],
    ids=["crc32", "algorithm", "mode", "in the address", "v2", "v2 in the address", "form", "eight days"],
)
async def test_the_guard_refuses_what_b2_refuses(
    tmp_path: Path, method: str, headers: dict[str, str], asked: dict[str, str]
) -> None:
    async with guarded(tmp_path / "s3") as guard, httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        answer = await http.request(method, f"{guard.url}/{NAME}/q/a", headers=headers, params=asked)
        assert (answer.status_code, len(guard.refused)) == (400, 1)


async def test_the_guard_knows_a_forged_signature_where_it_answers_itself(guard: Guard, b2: B2) -> None:
    await b2.write("q/a", b"1", type="image/png")
    at = datetime.now(UTC)
    url = b2._signer.url("DELETE", f"{guard.url}/{NAME}/q/b", at=at, seconds=60)
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        answer = await http.delete(url.replace("/q/b", "/q/a"))
    assert answer.status_code == 403
    assert await b2.read("q/a", most=9) == b"1"
