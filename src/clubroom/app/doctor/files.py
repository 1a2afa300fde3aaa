"""Where images and files lie: whether they can be written, read and deleted there, and by whom."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import urlsplit

from clubroom.app.doctor.finding import Finding, good, warning, wrong
from clubroom.app.files import FOLDER, blobs_of
from clubroom.app.settings import Settings
from clubroom.ports.blobs import Blobs, BlobsError
from clubroom.ports.blobs.bucket import Bucket
from clubroom.ports.calling import Caller, NoAnswer

HOW = 'docs/host.md, "Images and files", says how.'
WHY = {
    "away": "It does not answer.",
    "refused": "It does not let Clubroom do that: see key, name and rights.",
    "full": "It is full.",
}
ASKED_S = 10.0
TRIED = b"Clubroom looks whether files can be kept here."


async def findings(settings: Settings) -> Sequence[Finding]:
    """What is written for it is deleted again."""
    bucket, folder = settings.bucket, settings.data / FOLDER
    if bucket is None and not folder.exists():
        return [good("files", f"Images and files will lie in {folder}: the first start makes it.")]
    where = str(folder) if bucket is None else f"the bucket {bucket.name} at {bucket.endpoint}"
    store = blobs_of(settings, settings.port)
    key = f"doctor/{secrets.token_hex(8)}"
    try:
        await store.write(key, TRIED, type="text/plain")
        seen = [] if bucket is None else [one async for one in _outside(settings, bucket, store, key)]
        read = await store.read(key, most=len(TRIED))
        await store.delete([key])
        left = await store.read(key, most=len(TRIED))
    except BlobsError as error:
        todo = f"{WHY.get(error.code, WHY['away'])} {HOW}"
        return [wrong("files", f"Images and files cannot be kept in {where}.", todo)]
    finally:
        await store.close()
    if (read, left) != (TRIED, None):
        return [wrong("files", f"What is written to {where} is not what is read there.", HOW)]
    kept = good("files", f"Images and files lie in {where}: written, read and deleted.")
    return [kept, *seen, *_files_url(settings, store.origin)]


async def _outside(settings: Settings, bucket: Bucket, store: Blobs, key: str) -> AsyncIterator[Finding]:
    """What others see of a bucket, and whether browsers are let to it."""
    caller = Caller()
    page = settings.url(settings.port)
    asking = {
        "origin": page,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
    }
    try:
        async with asyncio.timeout(ASKED_S):
            anybody = await caller.call("GET", f"{bucket.endpoint}/{bucket.name}/{key}", {})
            address = store.put_url(key, type="text/plain", length=1).url
            browser = await caller.call("OPTIONS", address, asking)
    except (NoAnswer, TimeoutError):
        raise BlobsError("away") from None
    finally:
        await caller.close()
    if anybody.status == 200:
        says = f"Everybody can read what lies in the bucket {bucket.name}."
        yield wrong("bucket", says, "Make it private.")
    if browser.headers.get("access-control-allow-origin") not in {page, "*"}:
        says = f"Browsers may not upload to the bucket {bucket.name} from {page}."
        yield wrong("bucket", says, "Give it the CORS rule of docs/host.md.")


def _files_url(settings: Settings, origin: str) -> Iterator[Finding]:
    if settings.bucket is not None or settings.files_url is not None:
        return
    if urlsplit(origin).scheme == "https":
        says = f"Browsers look for images and files at {origin}, which CLUBROOM_FILES_URL does not name."
        yield warning("files_url", says, f"Let your proxy serve them at a name of their own. {HOW}")
