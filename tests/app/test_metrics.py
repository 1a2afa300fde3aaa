"""What a server tells Prometheus: to whom, what, and that it is nothing about anybody."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from clubroom.app.metrics import FAMILIES, PHASES
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.histogram import Histogram
from clubroom.notification.worker import Worker
from house.server import House, running
from house.uuid7 import uuid7

SOON_S = 4.0
TOKEN = "a-token-of-the-host's-own"
TEXT = "nobody else's business"
FAR_AWAY = "203.0.113.9"
NO_TOKENS = ("Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN)
Samples = dict[str, float]


@pytest.fixture
async def alone(database: Database, settings: Settings) -> AsyncIterator[House]:
    """A server that nobody has asked anything, with a token."""
    async with running(database, msgspec.structs.replace(settings, metrics_token=TOKEN)) as house:
        yield house
        await house.everyone_leaves()


async def scraped(http: httpx.AsyncClient) -> Samples:
    """Every sample, by its name as it is written."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def from_afar(house: House, address: str = FAR_AWAY) -> httpx.AsyncClient:
    """Somebody at another address: the application is asked as the server would ask it."""
    transport = httpx.ASGITransport(house.process.app, client=(address, 1))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, headers, answer.content


# --- to whom ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_whoever_asks_from_this_computer_is_answered(alone: House, address: str) -> None:
    async with from_afar(alone, address) as http:
        assert (await http.get("/metrics")).status_code == 200


@pytest.mark.parametrize(
    "public",
    [{"public_url": "https://club.example"}, {"proxies": frozenset({"127.0.0.1"})}],
    ids=["a public name", "a named proxy"],
)
async def test_where_people_come_by_a_proxy_the_token_is_always_asked_for(
    database: Database, settings: Settings, public: dict[str, Any]
) -> None:
    """A proxy may say neither that it is one nor what it was asked for."""
    behind = msgspec.structs.replace(settings, metrics_token=TOKEN, **public)
    async with running(database, behind) as house, from_afar(house, "127.0.0.1") as http:
        assert (await http.get("/metrics")).status_code == 404
        held = {"authorization": f"Bearer {TOKEN}"}
        assert (await http.get("/metrics", headers=held)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-for": ""},
        {"forwarded": "for=127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "evil.example"},
        {"host": "[nonsense"},
        {"host": "club.example", "origin": "http://club.example"},
    ],
    ids=str,
)
async def test_neither_a_proxy_nor_a_page_on_this_computer_opens_it_to_the_world(
    alone: House, headers: dict[str, str]
) -> None:
    async with from_afar(alone, "127.0.0.1") as http:
        refused = await http.get("/metrics", headers=headers)
        assert refused.status_code in {404, 400}
        assert told(refused) == told(await http.get("/api/nowhere", headers=headers))


@pytest.mark.parametrize("address", [FAR_AWAY, "10.0.0.1", "fe80::1", "", "localhost"])
async def test_to_everybody_else_it_is_as_unknown_as_any_path(alone: House, address: str) -> None:
    async with from_afar(alone, address) as http:
        for given in (*NO_TOKENS, "Bearer é"):
            refused = await http.get("/metrics", headers=[(b"authorization", given.encode())])
            assert refused.status_code == 404
            assert told(refused) == told(await http.get("/api/nowhere"))


async def test_whoever_holds_the_token_is_answered_from_anywhere(alone: House) -> None:
    async with from_afar(alone) as http:
        held = {"authorization": f"Bearer {TOKEN}", "x-forwarded-for": FAR_AWAY, "host": "club.example"}
        assert (await http.get("/metrics", headers=held)).status_code == 200


async def test_without_a_token_no_word_opens_it(house: House) -> None:
    async with from_afar(house) as http:
        for given in ("", "None", "null"):
            answer = await http.get("/metrics", headers={"authorization": f"Bearer {given}"})
            assert answer.status_code == 404


# --- what ------------------------------------------------------------------------------------------------


async def test_what_happens_is_counted(alone: House) -> None:
    club, [ann, ben] = await alone.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    message = uuid7()
    assert (await hers.post(club, TEXT, message))["type"] == "ack"
    assert (await hers.post(club, TEXT, message))["duplicate"]
    assert (await hers.post(987654321, TEXT))["code"] == "not_found"
    await his.until(lambda: his.actions(club))
    with pytest.raises(InvalidStatus):
        await connect(alone.url.replace("http", "ws") + "/socket", origin="http://evil.example")  # type: ignore[arg-type]
    await his.leave()
    async with alone.http() as http:
        found = await scraped(http)
    assert found["clubroom_sockets{phase=live}"] == 1
    assert found["clubroom_sockets_opened_total"] == 2
    assert found["clubroom_socket_closes_total{code=1000}"] == 1
    assert found["clubroom_handshakes_refused_total{code=foreign_origin}"] == 1
    assert found["clubroom_received_frames_total"] == 5
    assert found["clubroom_received_bytes_total"] > 500
    assert found["clubroom_sent_frames_total"] >= 9  # twice welcome and live, two actions, ack, ack, error
    assert found["clubroom_sent_bytes_total"] > 500
    assert found["clubroom_socket_errors_total{code=not_found}"] == 1
    assert found["clubroom_people"] == 1
    assert found["clubroom_rooms"] == 3  # the club, its admins, and what concerns Ann alone
    assert found["clubroom_delivered_actions_total"] == 2
    assert found["clubroom_posts_total{outcome=stored}"] == 1
    assert found["clubroom_posts_total{outcome=duplicate}"] == 1
    assert found["clubroom_posts_total{outcome=not_found}"] == 1
    assert found["clubroom_posts_waiting"] == 0
    assert found["clubroom_post_ack_seconds_count"] == 2
    assert found["clubroom_commit_posts_count"] == found["clubroom_commit_seconds_count"] == 3
    assert found["clubroom_commit_posts_sum"] == 3
    assert found["clubroom_commits_failed_total"] == 0
    assert found["clubroom_http_requests_total{method=POST,route=/api/accounts,status=201}"] == 2
    assert found["clubroom_http_request_seconds_count{method=POST,route=/api/accounts}"] == 2
    assert 0 <= found["clubroom_database_answered_seconds"] < 10
    assert found["clubroom_database_connections{state=used}"] >= 1
    assert found["process_open_fds"] > 10


async def test_what_comes_by_other_ways_is_counted(
    alone: House, postgres: EmbeddedPostgres, settings: Settings
) -> None:
    club, [ann] = await alone.club("Ann")
    ben = await alone.person("Ben")
    older = ben.token
    await ben.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    his = await ben.silent_device()
    await his.hello(older)
    await his.send(type="token", token=ben.token)
    await his.until(lambda: his.heard("behind"))
    db = await Database.open(postgres.app_dsn)
    async with running(db, settings) as elsewhere, elsewhere.http() as http:
        message = {"group": club, "text": TEXT}
        sent = await http.put(f"/api/messages/{uuid7()}", json=message, headers=ann.headers)
        assert sent.status_code == 201
        await his.until(lambda: his.actions(club))
        async with asyncio.timeout(SOON_S):  # it is counted once it is told, and may be heard before
            while (await scraped(http))["clubroom_bus_sent_total"] < 1:
                continue
    await db.close()
    async with alone.http() as http:
        here = await scraped(http)
    assert here["clubroom_behind_total"] == 1
    assert here["clubroom_gap_fills_total"] >= 1
    assert here["clubroom_bus_heard_total"] >= 1


async def test_a_job_that_fails_is_counted(alone: House) -> None:
    async def failing() -> bool:
        raise ValueError("it failed")

    alone.process.worker = Worker({"failing": failing}, failed_s=3_600)
    running = asyncio.create_task(alone.process.worker.run())
    async with alone.http() as http, asyncio.timeout(SOON_S):
        while (await scraped(http))["clubroom_jobs_failed_total"] < 1:
            continue
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_two_servers_in_one_process_count_apart(alone: House, house: House) -> None:
    await house.club("Ann")
    async with alone.http() as http:
        assert not any("/api/clubs" in name for name in await scraped(http))


async def test_what_people_and_peers_choose_is_no_label_and_makes_no_new_name(alone: House) -> None:
    club, [ann] = await alone.club("Annabella")
    device = await ann.device()
    await device.post(club, TEXT)
    await device.connection.close(4_998)
    async with alone.http() as http:
        for n in range(20):
            await http.get(f"/api/groups/{10_000 + n}/messages?token=secret-{n}")
            await http.get(f"/nowhere-{n}.txt")
            await http.get(f"/api/nowhere-{n}")
            await http.request(f"BREW{n}", "/")
        code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
        found = await scraped(http)
    told = "\n".join(found)
    for private in (
        ann.user,
        ann.token,
        code,
        "Annabella",
        TEXT,
        "secret",
        "nowhere",
        "BREW",
        "1000",
        "4998",
    ):
        assert private not in told, private
    assert found["clubroom_socket_closes_total{code=other}"] == 1
    assert found["clubroom_http_requests_total{method=other,route=none,status=405}"] == 20
    assert len([name for name in found if name.startswith("clubroom_http_requests_total")]) < 15


async def test_each_name_is_what_it_says_and_follows_the_convention(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    for family in FAMILIES:
        assert f"# TYPE {family.name} {family.kind}" in text
        assert family.name.endswith("_total") == (family.kind == "counter")
        assert family.kind != "histogram" or family.name.endswith(("_seconds", "_posts"))
    assert {f"clubroom_sockets{{phase={phase}}}" for phase in PHASES} <= (await scraped(client)).keys()


def test_a_value_counts_up_to_its_bound_and_beyond_all_of_them_too() -> None:
    found = Histogram(1, 2, 4)
    for value in (0, 1, 1.5, 2, 3, 4, 5, 100):
        found.observe(value)
    assert found.counts == [2, 2, 2, 2]
    assert found.sum == 116.5
