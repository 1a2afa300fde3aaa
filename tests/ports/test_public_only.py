"""Calls whose goal somebody else has chosen: what they reach, and how much of an answer is read."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest

from clubroom.ports.addresses import Address, is_public
from clubroom.ports.calling import ANSWER_BYTES_MAX, Caller, NoAnswer
from clubroom.ports.public_only import NotPublic, PublicOnly
from house.certificate import Certificate, issued
from house.push_receiver import receiving
from house.server import NO_AUTHORITIES

HERE = ip_address("127.0.0.1")
ELSEWHERE = ip_address("127.0.0.2")


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1"),
        *("127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8"),
        *("192.0.2.1", "192.88.99.1", "192.168.178.1", "198.18.0.1", "198.19.255.255", "198.51.100.7"),
        *("203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "100::1", "2001::1"),
        *("2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "3fff::1", "4000::1", "5f00::1", "fc00::1"),
        *("fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "ff0e::1"),
    ],
)
def test_what_is_not_everybodys_network_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "128.0.0.1"),
        *("172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.1.1", "198.17.1.1", "223.255.255.255"),
        *("2001:4860:4860::8888", "2600::1", "2a00:1450::1", "64:ff9b::8.8.8.8"),
    ],
)
def test_what_anybody_could_call_is_public(address: str) -> None:
    assert is_public(ip_address(address))


def caller(*answers: Sequence[Address], certificate: Certificate | None = None) -> Caller:
    """Whose look-ups are answered so, one after the other. 127.0.0.1 stands for the public network."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return left.pop(0)

    only = PublicOnly(resolve=resolve if answers else None, besides=lambda address: address == HERE)
    return Caller(trusted=certificate.ours if certificate else NO_AUTHORITIES, backend=only)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return issued(tmp_path_factory.mktemp("tls"))


@asynccontextmanager
async def listening_elsewhere(port: int) -> AsyncIterator[list[str]]:
    """On the same port of another address of this machine: who came."""
    came: list[str] = []

    def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(str(writer.get_extra_info("peername")))
        writer.close()

    server = await asyncio.start_server(take, str(ELSEWHERE), port)
    try:
        yield came
    finally:
        server.close()


async def test_a_name_that_turns_to_a_private_address_is_called_at_none(certificate: Certificate) -> None:
    async with receiving(certificate) as receiver, listening_elsewhere(receiver.port) as came:
        rebound = caller([HERE], [ELSEWHERE], certificate=certificate)
        answer = await rebound.call("GET", receiver.origin, {"connection": "close"})
        assert answer.status == 404
        with pytest.raises(NotPublic):
            await rebound.call("GET", receiver.origin, {})
        assert (receiver.connections, came) == (1, [])


async def test_of_several_addresses_only_public_ones_are_tried(certificate: Certificate) -> None:
    async with receiving(certificate) as receiver, listening_elsewhere(receiver.port) as came:
        both = caller([ELSEWHERE, HERE], certificate=certificate)
        assert (await both.call("GET", receiver.origin, {})).status == 404
        await both.close()
        assert came == []


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://localhost",
            "https://127.0.0.2",
            "https://2130706434",
            "https://0x7f000002",
            "https://127.2",
        ),
        *(
            "https://[::1]",
            "https://[::ffff:127.0.0.2]",
            "https://0",
            "https://169.254.169.254/latest/meta-data",
        ),
    ],
)
async def test_however_it_is_written_this_machine_is_not_called(url: str) -> None:
    with pytest.raises(NotPublic):
        await Caller(trusted=NO_AUTHORITIES, backend=PublicOnly()).call("GET", url, {})


async def test_on_other_ports_nobody_is_called() -> None:
    public = ip_address("192.0.1.1")
    for url in ("https://club.example:8443", "http://club.example", "https://club.example:22"):
        with pytest.raises(NotPublic):
            await caller([public]).call("GET", url, {})


async def test_who_has_no_address_does_not_answer() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "club.example is unknown")

    with pytest.raises(NoAnswer) as met:
        backend = PublicOnly(resolve=resolve)
        await Caller(trusted=NO_AUTHORITIES, backend=backend).call("GET", "https://club.example", {})
    assert "club.example" not in repr(met.value)
    with pytest.raises(NoAnswer):
        await caller().call("GET", f"https://{'x' * 64}.example", {})


async def test_redirects_are_not_followed_and_of_a_long_answer_the_beginning_is_read(
    certificate: Certificate,
) -> None:
    async with receiving(certificate) as receiver:
        calling = caller([HERE], [HERE], certificate=certificate)
        moved, there = receiver.subscribe(), receiver.subscribe()
        receiver.answers(moved, 302, headers={"location": there.address, "set-cookie": "a=b"})
        answer = await calling.call("POST", moved.address, {})
        assert (answer.status, answer.headers["location"]) == (302, there.address)
        assert receiver.of(there).asked == 0
        receiver.answers(there, 200, body=b"x" * 1_000_000)
        assert len((await calling.call("POST", there.address, {})).body) == ANSWER_BYTES_MAX
        assert (await calling.call("POST", there.address, {}, bytes_max=10)).body == b"x" * 10
        await calling.close()
