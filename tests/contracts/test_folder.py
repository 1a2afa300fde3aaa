"""What is the folder's own: how files lie there, and how the server of the folder answers."""

import asyncio
import os
import resource
import select
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from blobs_rig import APP, SECRET, Rig, folder_rig

from clubroom.app.patience import PatientWithFiles
from clubroom.ports.blobs import BlobsError, folder_server
from clubroom.ports.blobs.folder import Folder
from clubroom.ports.blobs.folder_server import FENCES
from house.within import within

SOON_S = 8.0


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with folder_rig(tmp_path / "place") as rig:
        yield rig


def everything(rig: Rig) -> list[str]:
    return sorted(str(path.relative_to(rig.data)) for path in rig.data.rglob("*"))


# --- how files lie -----------------------------------------------------------------------------------------


async def test_files_are_for_their_owner_alone(rig: Rig) -> None:
    await rig.store.write("f/a/thumb", b"1", type="image/webp")
    ticket = rig.store.put_url("q/a", type="image/webp", length=1)
    assert (await rig.put(ticket, b"2")).status_code == 200
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in rig.data.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


async def test_where_nothing_lies_any_more_no_folder_is_left(rig: Rig) -> None:
    for key in ("f/a/thumb", "f/a/screen"):
        await rig.store.write(key, b"1", type="image/webp")
    await rig.store.delete(["f/a/thumb"])
    assert everything(rig) == [".unfinished", "f", "f/a", "f/a/screen@"]
    await rig.store.delete(["f/a/screen"])
    assert everything(rig) == [".unfinished"]


async def test_what_was_never_finished_is_removed_after_a_day(tmp_path: Path) -> None:
    store = Folder(tmp_path / "place", SECRET, "http://localhost")
    store.prepare()
    old, fresh = (store.folder / ".unfinished" / name for name in ("old", "fresh"))
    for path in (old, fresh):
        path.touch()
    os.utime(old, (0, 0))
    store.prepare()
    assert (old.exists(), fresh.exists()) == (False, True)
    await store.close()


async def test_writing_and_deleting_beside_each_other_lose_nothing(rig: Rig) -> None:
    """A folder that has just become empty is removed while another file is written into it."""

    async def written(n: int) -> None:
        await rig.store.write(f"f/a/{n}", b"1", type="image/webp")
        await rig.store.delete([f"f/a/{n}"])

    await asyncio.gather(*(written(n) for n in range(200)), *(written(0) for _ in range(50)))
    assert await rig.store.found("") == []


async def test_a_folder_that_cannot_be_used_or_is_full_says_so(tmp_path: Path) -> None:
    (tmp_path / "place").write_text("in the way")
    store = Folder(tmp_path / "place", SECRET, "http://localhost")
    with pytest.raises(BlobsError, match="away"):
        await store.write("f/a", b"1", type="image/webp")
    (tmp_path / "place").unlink()
    await store.write("f/a", b"1", type="image/webp")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(BlobsError, match="full"):
            await store.write("f/b", b"1" * 200_000, type="image/webp")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [one.key for one in await store.found("")] == ["f/a"]
    assert list((store.folder / ".unfinished").iterdir()) == []
    await store.close()


# --- how they are served -----------------------------------------------------------------------------------


def check_fences(answer: httpx.Response) -> None:
    assert {name: answer.headers.get(name) for name in FENCES} == FENCES
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    assert "html" not in answer.headers.get("content-type", "")
    assert "server" not in answer.headers


async def test_every_answer_stands_within_the_fences(rig: Rig) -> None:
    await rig.store.write("f/a", b"<script>", type="text/html")
    await rig.store.write("f/b", b"<svg/>", type="image/svg+xml")
    link = rig.store.get_url("f/a").url
    tag = (await rig.http.get(link)).headers["etag"]
    ticket = rig.store.put_url("q/a", type="text/html", length=8)
    answers = {
        "page": await rig.http.get(link),
        "drawing": await rig.http.get(rig.store.get_url("f/b").url),
        "unchanged": await rig.http.get(link, headers={"if-none-match": tag}),
        "part": await rig.http.get(link, headers={"range": "bytes=0-1"}),
        "no part": await rig.http.get(link, headers={"range": "bytes=99-"}),
        "none": await rig.http.get(rig.store.get_url("f/none").url),
        "unsigned": await rig.http.get(f"{rig.store.origin}/f/a"),
        "root": await rig.http.get(f"{rig.store.origin}/"),
        "up": await rig.put(ticket, b"<script>"),
        "refused": await rig.put(ticket, b"<script"),
        "method": await rig.http.post(link, content=b"1"),
        "asked": await rig.http.options(link, headers={"origin": APP}),
    }
    for answer in answers.values():
        check_fences(answer)
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "page": 200,
        "drawing": 200,
        "unchanged": 304,
        "part": 206,
        "no part": 416,
        "none": 404,
        "unsigned": 403,
        "root": 403,
        "up": 200,
        "refused": 403,
        "method": 405,
        "asked": 204,
    }
    for name in ("page", "drawing"):  # shown nowhere, whatever it is
        assert answers[name].headers["content-type"] == "application/octet-stream"
        assert answers[name].headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "status", "sent", "told"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=2-5", 206, b"2345", "bytes 2-5/10"),
        ("bytes=5-", 206, b"56789", "bytes 5-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
async def test_a_part_is_sent_as_it_was_asked_for(
    rig: Rig, asked: str, status: int, sent: bytes, told: str | None
) -> None:
    await rig.store.write("f/a", b"0123456789", type="application/pdf")
    link = rig.store.get_url("f/a", name="notes.pdf").url
    answer = await rig.http.get(link, headers={"range": asked})
    assert (answer.status_code, answer.content, answer.headers.get("content-range")) == (status, sent, told)
    stale = await rig.http.get(link, headers={"range": asked, "if-range": '"another"'})
    assert (stale.status_code, stale.content) == (200, b"0123456789")


async def test_a_large_file_goes_up_and_down_in_portions(rig: Rig) -> None:
    data = os.urandom(3_000_001)
    ticket = rig.store.put_url("q/a", type="application/pdf", length=len(data))
    assert (await rig.put(ticket, data)).status_code == 200
    assert (await rig.http.get(rig.store.get_url("q/a").url)).content == data
    part = await rig.http.get(rig.store.get_url("q/a").url, headers={"range": "bytes=999999-2000000"})
    assert part.content == data[999_999:2_000_001]


async def test_a_question_asked_twice_or_beside_the_signed_ones_opens_nothing(rig: Rig) -> None:
    await rig.store.write("f/a", b"1", type="image/webp")
    link = rig.store.get_url("f/a").url
    for more in ("&name=x.html", "&until=99999999999", "&x=1", "&type=", "&" + "x" * 5_000):
        assert (await rig.http.get(link + more)).status_code == 403, more


# --- uploads that do not end -------------------------------------------------------------------------------

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def begun(rig: Rig, length: int, sent: bytes) -> Streams:
    """An upload of which only this has come."""
    parts = urlsplit(rig.store.put_url("q/a", type="image/webp", length=length).url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: image/webp\r\n"
    writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode() + sent)
    return reader, writer


async def said(streams: Streams) -> bytes:
    reader, writer = streams
    async with within(SOON_S, "the upload was ended"):
        answer = await reader.read()
    writer.transport.abort()
    return answer


async def test_an_upload_that_falls_silent_is_ended_and_leaves_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_server, "SILENCE_S", 0.2)
    answer = await said(await begun(rig, 1_000, b"x" * 500))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert everything(rig) == [".unfinished"]


async def test_an_upload_that_comes_in_drops_is_ended_and_leaves_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_server, "UPLOAD_S", 0.5)
    reader, writer = await begun(rig, 1_000_000, b"x")
    reading = asyncio.create_task(said((reader, writer)))
    while not reading.done():
        writer.write(b"x")
        await asyncio.sleep(0.01)
    assert (await reading).startswith(b"HTTP/1.1 408 ")
    assert everything(rig) == [".unfinished"]


@pytest.mark.parametrize("sent", [b"", b"PUT /q/a HT"], ids=["nothing", "a word"])
async def test_a_call_that_never_comes_is_ended(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(PatientWithFiles, "request_s", 0.2)
    parts = urlsplit(rig.store.origin)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(sent)
    assert await said((reader, writer)) == b""


async def test_a_body_that_nobody_wants_and_that_never_ends_is_ended(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientWithFiles, "body_s", 0.2)
    assert await said(await begun(rig, 1_000_000, b"x" * 500)) == b""


async def test_whoever_takes_nothing_of_what_is_sent_is_not_waited_for(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientWithFiles, "taken_s", 0.3)
    await rig.store.write("f/a", bytes(32_000_000), type="application/pdf")
    parts = urlsplit(rig.store.get_url("f/a").url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    with line:
        await asyncio.to_thread(line.connect, (parts.hostname, parts.port))
        line.sendall(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        async with within(SOON_S, "it was sent something"):
            while not select.select([line], [], [], 0)[0]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        async with within(SOON_S, "they were cut off"):
            while rig.connections():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_only_so_many_upload_at_once_and_the_next_one_is_told_to_come_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_server, "UPLOADS_AT_ONCE_MAX", 2)
    lines = [await begun(rig, 1_000, b"x") for _ in range(2)]
    async with within(SOON_S, "both had begun"):
        while len(list((rig.data / ".unfinished").iterdir())) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    ticket = rig.store.put_url("q/b", type="image/webp", length=1)
    refused = await rig.put(ticket, b"1")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    for _, writer in lines:
        writer.transport.abort()
    async with within(SOON_S, "both were forgotten"):
        while (await rig.put(ticket, b"1")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with within(SOON_S, "nothing was left of them"):
        while everything(rig) != [".unfinished", "q", "q/b@"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
