"""Before a socket opens: who is refused, with which words, and what goes on beside it on the same port."""

import asyncio
import base64
import hashlib
import json
import logging
from typing import Any

import httpx
import pytest
from gateway_rig import OUR_ORIGIN, TEXT, Adapter, Raw, Recorder, Rig, echo, local, on_uvloop, until
from websockets.asyncio.client import connect

from clubroom.ports.gateway.admission import Limits
from clubroom.ports.gateway.behind import Trust

adapters_that_answer_http = pytest.mark.parametrize("adapter", [local], ids=lambda adapter: adapter.__name__)

REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "a foreign origin": ({"Origin": "https://elsewhere.example"}, 403, "foreign_origin"),
    "the null origin": ({"Origin": "null"}, 403, "foreign_origin"),
    "an empty origin": ({"Origin": ""}, 403, "foreign_origin"),
    "our origin and one more": ({"Origin": OUR_ORIGIN, "origin": OUR_ORIGIN}, 400, "malformed"),
    "another path": ({"line": "GET /sockets HTTP/1.1"}, 404, "not_found"),
    "a path below it": ({"line": "GET /socket/ HTTP/1.1"}, 404, "not_found"),
    "a token in the address": ({"line": "GET /socket?token=s3cret HTTP/1.1"}, 400, "malformed"),
    "an access token": ({"line": "GET /socket?access_token=s3cret HTTP/1.1"}, 400, "malformed"),
    "any query at all": ({"line": "GET /socket?v=1 HTTP/1.1"}, 400, "malformed"),
    "an empty query": ({"line": "GET /socket? HTTP/1.1"}, 400, "malformed"),
    "another method": ({"line": "POST /socket HTTP/1.1"}, 400, "malformed"),
    "an old version": ({"Sec_WebSocket_Version": "8"}, 426, "upgrade_required"),
    "no version": ({"Sec_WebSocket_Version": None}, 426, "upgrade_required"),
    "no key": ({"Sec_WebSocket_Key": None}, 400, "malformed"),
    "a short key": ({"Sec_WebSocket_Key": "c2hvcnQ="}, 400, "malformed"),
    "a key that is no base64": ({"Sec_WebSocket_Key": "ÿÿÿÿ"}, 400, "malformed"),
    "a body": ({"Content_Length": "2", "also": b"hi"}, 400, "malformed"),
    "a body in chunks": ({"Transfer_Encoding": "chunked"}, 400, "malformed"),
}


@adapters_that_answer_http
@pytest.mark.parametrize("why", REFUSED)
@on_uvloop
async def test_a_handshake_is_refused_in_plain_words_for(
    adapter: Adapter, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    request, status, code = REFUSED[why]
    caplog.set_level(logging.DEBUG)
    handler = Recorder()
    async with adapter(handler) as rig, await Raw.connect(rig.port) as peer:
        await peer.ask(**request)
        answered, headers, body = await peer.answer()
        assert await peer.hear_end() == b""
        problem = json.loads(body)
        assert (answered, problem["status"], problem["code"]) == (status, status, code)
        assert headers["content-type"] == "application/problem+json"
        assert headers.get("sec-websocket-version") == ("13" if status == 426 else None)
    assert not handler.opened_
    assert "s3cret" not in caplog.text + repr(body)


@adapters_that_answer_http
@on_uvloop
async def test_the_null_origin_is_refused_even_where_all_are_allowed(adapter: Adapter) -> None:
    async with adapter(Recorder(), allowed_origin=lambda _: True) as rig:
        assert (await refused(rig, Origin="null"))[:2] == (403, "foreign_origin")
        async with await rig.raw(Origin="https://anywhere.example"):
            pass


@adapters_that_answer_http
@pytest.mark.parametrize("origin", [OUR_ORIGIN, None])
@on_uvloop
async def test_our_origin_and_no_origin_at_all_are_welcome(adapter: Adapter, origin: str | None) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw(Origin=origin):
        await until(lambda: len(handler.opened_) == 1)


@adapters_that_answer_http
@on_uvloop
async def test_the_acceptance_proves_itself_and_agrees_on_nothing_else(adapter: Adapter) -> None:
    key = base64.b64encode(b"sixteen bytes ok").decode()
    proof = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest())  # noqa: S324
    async with adapter(Recorder()) as rig, await Raw.connect(rig.port) as peer:
        await peer.ask(
            Sec_WebSocket_Key=key,
            Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits",
            Sec_WebSocket_Protocol="chat",
        )
        status, headers, _ = await peer.answer()
        assert status == 101
        assert headers["sec-websocket-accept"] == proof.decode()
        assert not {"sec-websocket-extensions", "sec-websocket-protocol"} & set(headers)


@adapters_that_answer_http
@on_uvloop
async def test_only_so_many_of_one_address_wait_for_their_hello(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler, limits=Limits(waiting_sockets_max=3)) as rig:
        peers = [await rig.raw() for _ in range(3)]
        assert await refused(rig) == (429, "rate_limited", 1000)
        handler.opened_[0].greeted()
        handler.opened_[0].greeted()
        peers.append(await rig.raw())
        assert (await refused(rig))[0] == 429
        await peers[1].leave()
        await until(lambda: handler.codes == [1006])
        peers.append(await rig.raw())
        assert (await refused(rig))[0] == 429
        for peer in peers:
            await peer.leave()


@adapters_that_answer_http
@on_uvloop
async def test_too_many_handshakes_of_one_address_are_turned_away(adapter: Adapter) -> None:
    limits = Limits(handshakes_burst=5, handshakes_per_s=20)
    async with adapter(Recorder(), limits=limits, trust=Trust({"127.0.0.1"})) as rig:
        answers = [(await refused(rig, line="GET /wrong HTTP/1.1"))[0] for _ in range(12)]
        assert answers[:5] == [404] * 5
        assert 429 in answers[5:]
        other = await refused(rig, line="GET /wrong HTTP/1.1", X_Forwarded_For="203.0.113.9")
        assert other[0] == 404
        async with asyncio.timeout(2):
            while (await refused(rig, line="GET /wrong HTTP/1.1"))[0] == 429:
                pass


@adapters_that_answer_http
@on_uvloop
async def test_the_table_of_addresses_forgets_whoever_was_silent_longest(adapter: Adapter) -> None:
    limits = Limits(handshakes_burst=1, handshakes_per_s=0, addresses_max=2)
    async with adapter(Recorder(), limits=limits, trust=Trust({"::1", "127.0.0.1"})) as rig:

        async def knock(address: str) -> int:
            return (await refused(rig, line="GET /wrong HTTP/1.1", X_Forwarded_For=address))[0]

        assert [await knock("192.0.2.1"), await knock("192.0.2.2")] == [404, 404]
        assert [await knock("192.0.2.1"), await knock("192.0.2.2")] == [429, 429]
        assert [await knock("192.0.2.1"), await knock("192.0.2.3")] == [429, 404]
        assert [await knock("192.0.2.1"), await knock("192.0.2.2")] == [429, 404]


@adapters_that_answer_http
@on_uvloop
async def test_a_full_house_and_a_closing_one_say_come_back(adapter: Adapter) -> None:
    async with adapter(Recorder(), limits=Limits(sockets_max=1)) as rig:
        async with await rig.raw():
            assert await refused(rig) == (503, "unavailable", 1000)
        await until(lambda: not rig.gateway.connections)
        await rig.gateway.drain()
        assert await refused(rig) == (503, "unavailable", 1000)


FORWARDED = {
    "nobody is trusted": (frozenset(), "203.0.113.9", "127.0.0.1"),
    "one proxy": ({"127.0.0.1"}, "203.0.113.9", "203.0.113.9"),
    "the client lies": ({"127.0.0.1"}, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    "two proxies": ({"127.0.0.1", "10.0.0.7"}, "198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
    "only proxies": ({"127.0.0.1", "10.0.0.7"}, "10.0.0.7", "10.0.0.7"),
    "no address": ({"127.0.0.1"}, "203.0.113.9, unknown", "127.0.0.1"),
    "nothing in it": ({"127.0.0.1"}, "", "127.0.0.1"),
    "version six": ({"127.0.0.1"}, "2001:DB8::1", "2001:db8::1"),
    "four in six": ({"127.0.0.1"}, "::ffff:203.0.113.9", "203.0.113.9"),
    "an escape": ({"127.0.0.1"}, "203.0.113.9%0a2026 root", "127.0.0.1"),
}


@adapters_that_answer_http
@pytest.mark.parametrize("case", FORWARDED)
@on_uvloop
async def test_an_address_is_believed_only_from_a_trusted_proxy(adapter: Adapter, case: str) -> None:
    trusted, header, address = FORWARDED[case]
    handler = Recorder()
    settings = {"trust": Trust(trusted)}
    async with adapter(handler, **settings) as rig, await rig.raw(X_Forwarded_For=header):
        await until(lambda: bool(handler.opened_))
        assert handler.opened_[0].address == address


@adapters_that_answer_http
@on_uvloop
async def test_a_household_of_version_six_counts_as_one_address(adapter: Adapter) -> None:
    limits, trust = Limits(waiting_sockets_max=1), Trust({"127.0.0.1"})
    async with (
        adapter(Recorder(), limits=limits, trust=trust) as rig,
        await rig.raw(X_Forwarded_For="2001:db8:1:2::1"),
        await rig.raw(X_Forwarded_For="2001:db8:1:3::1"),
    ):
        assert (await refused(rig, X_Forwarded_For="2001:db8:1:2:ffff::9"))[0] == 429


@adapters_that_answer_http
@on_uvloop
async def test_what_comes_together_with_the_handshake_is_not_lost(adapter: Adapter) -> None:
    handler = Recorder(on_frame=echo)
    async with adapter(handler) as rig, await Raw.connect(rig.port) as peer:
        early = bytes.fromhex("818500000000") + b"hello" + bytes.fromhex("8185000000")
        await peer.ask(also=early)
        assert (await peer.answer())[0] == 101
        assert await peer.hear() == (TEXT, b"hello")
        await peer.write(b"\x00again")
        assert await peer.hear() == (TEXT, b"again")


@adapters_that_answer_http
@on_uvloop
async def test_http_is_served_on_the_same_port_before_and_beside(adapter: Adapter) -> None:
    handler = Recorder(on_frame=echo)
    async with adapter(handler) as rig, httpx.AsyncClient(base_url=f"http://127.0.0.1:{rig.port}") as http:
        assert (await http.get("/")).text == "hello"
        async with connect(rig.url) as peer:
            for n in range(3):
                await peer.send(f"number {n}")
                assert (await http.get("/anything", params={"n": n})).text == "hello"
                assert await peer.recv() == f"number {n}"


@adapters_that_answer_http
@on_uvloop
async def test_a_connection_that_served_http_can_become_a_socket(adapter: Adapter) -> None:
    async with adapter(Recorder(on_frame=echo)) as rig, await Raw.connect(rig.port) as peer:
        for _ in range(2):
            await peer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert (await peer.answer())[2] == b"hello"
        await peer.ask()
        assert (await peer.answer())[0] == 101
        await peer.say(TEXT, b"now by socket")
        assert await peer.hear() == (TEXT, b"now by socket")


async def refused(rig: Rig, **request: Any) -> tuple[int, str | None, int | None]:
    """Status, code and how long to wait of a handshake."""
    async with await Raw.connect(rig.port) as peer:
        await peer.ask(**request)
        status, headers, body = await peer.answer()
        problem = json.loads(body or b"{}")
        assert ("retry-after" in headers) == ("retry_ms" in problem)
        return status, problem.get("code"), problem.get("retry_ms")
