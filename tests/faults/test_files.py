"""Pictures: the server and the store are killed and stopped while people bring some, send them and delete
them. Whatever was acknowledged is seen by somebody else afterwards, and nothing lies in the store that no row
names.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from clubroom.ports.blobs.b2 import B2
from clubroom.ports.blobs.folder import Folder
from faults.bringing import Bringing, bringing
from faults.conftest import Amount
from faults.server import free_port, serving
from house.b2_guard import Guard, guarded
from house.pause import pause

STEPS_BETWEEN = (4, 24)
FAULTS_A_CLUB = 25  # then it is judged and another comes: a token lasts ten minutes
SOON_S = 10.0
STOPPED_S = (0.3, 2.0)

Tell = Callable[[str], None]


@pytest.fixture(autouse=True)
def _launched_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))


def launcher(fault: str = "plain") -> tuple[str, ...]:
    return "-m", "faults.files_server", fault


async def a_while(crowd: Bringing) -> None:
    """Until a random moment of the work."""
    await crowd.steps(crowd.rng.randint(*STEPS_BETWEEN))
    await pause(crowd.rng.uniform(0, 0.1))


async def killed(data: Path, seed: int, times: int) -> tuple[Counter[str], int]:
    """What was wrong after so many kills of the whole server, and how many pictures were acknowledged."""
    wrong: Counter[str] = Counter()
    shown = 0
    environment = {"CLUBROOM_FILES_PORT": str(free_port())}
    store = Folder(data / "files", b"s" * 32, "http://localhost")  # only looked through
    async with serving(data, launcher(), environment=environment) as server:
        for begun in range(0, times, FAULTS_A_CLUB):
            async with bringing(server, store, seed + begun) as crowd:
                for _ in range(min(FAULTS_A_CLUB, times - begun)):
                    await a_while(crowd)
                    await server.kill()
                    await server.start()
                wrong += await crowd.settle()
                shown += len(crowd.diary.shown)
    await store.close()
    return wrong, shown


async def test_kills_of_the_server_break_no_picture_and_leave_nothing_in_the_store(
    data: Path, amount: Amount, seed: int, tell: Tell
) -> None:
    wrong, shown = await killed(data, seed, amount.file_kills)
    tell(f"{amount.file_kills} kills of the server: {shown} pictures sent; wrong: {dict(wrong)}")
    assert not wrong
    assert shown > 0


async def test_a_picture_that_is_ready_before_it_is_written_is_found(data: Path, seed: int) -> None:
    """A fault that is sown shows that the one above can fail."""
    environment = {"CLUBROOM_FILES_PORT": str(free_port())}
    store = Folder(data / "files", b"s" * 32, "http://localhost")
    async with (
        serving(data, launcher("ready_before_written"), environment=environment) as server,
        bringing(server, store, seed) as crowd,
    ):
        await crowd.one_is_sent()
        await server.kill()
        server.launcher = launcher()
        await server.start()
        wrong = await crowd.settle(SOON_S)
    await store.close()
    assert wrong["no bytes"]
    assert wrong["rows without bytes"]


async def befall(guard: Guard, crowd: Bringing) -> None:
    """The store is killed, or it hangs; then it is there again."""
    store = guard.store
    if crowd.rng.random() < 0.5:
        await store.kill()
        await pause(crowd.rng.uniform(*STOPPED_S))
        await store.start()
    else:
        store.hang()
        await pause(crowd.rng.uniform(*STOPPED_S))
        store.go_on()


async def test_kills_and_stops_of_the_store_break_no_picture_and_leave_nothing_in_it(
    data: Path, amount: Amount, seed: int, tell: Tell, tmp_path: Path
) -> None:
    async with guarded(tmp_path / "bucket") as guard:
        bucket = guard.bucket
        environment = {
            "CLUBROOM_B2_ENDPOINT": bucket.endpoint,
            "CLUBROOM_B2_BUCKET": bucket.name,
            "CLUBROOM_B2_KEY_ID": bucket.key_id,
            "CLUBROOM_B2_KEY": bucket.key,
        }
        store = B2(bucket)
        wrong: Counter[str] = Counter()
        shown = 0
        async with serving(data, launcher(), environment=environment) as server:
            for begun in range(0, amount.store_faults, FAULTS_A_CLUB):
                async with bringing(server, store, seed + begun, store_forgets=True) as crowd:
                    for number in range(min(FAULTS_A_CLUB, amount.store_faults - begun)):
                        await a_while(crowd)
                        await befall(guard, crowd)
                        if number % 3 == 2:  # and now and then the server, too
                            await server.kill()
                            await server.start()
                    wrong += await crowd.settle()
                    shown += len(crowd.diary.shown)
        await store.close()
        tell(f"{amount.store_faults} faults of the store: {shown} pictures sent; wrong: {dict(wrong)}")
        assert not wrong
        assert shown > 0
        assert guard.refused == []
