"""Pages of others are fetched where the public network is and nowhere else, so far and no further."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address

import pytest

from clubroom.ports.addresses import Address
from clubroom.ports.pages import (
    PAGE_BYTES_MAX,
    PICTURE_BYTES_MAX,
    PORTS,
    REDIRECTS_MAX,
    NoPage,
    Pages,
    plain_address,
)
from clubroom.ports.public_only import NotPublic, PublicOnly
from house.certificate import Certificate
from house.pages import Answer, Sites, certified, pages_of, sites_open
from house.pause import pause
from house.server import NO_AUTHORITIES

NEWS = "news.town.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def sites(certificate: Certificate) -> AsyncIterator[Sites]:
    async with sites_open(certificate) as sites:
        yield sites


@pytest.fixture
async def pages(sites: Sites, certificate: Certificate) -> AsyncIterator[Pages]:
    pages = pages_of(sites, certificate)
    yield pages
    await pages.close()


async def none_of(pages: Pages, url: str) -> bool:
    """There is no page; whether there may be one later."""
    with pytest.raises(NoPage) as met:
        await pages.page(url)
    assert str(met.value) == ""
    return met.value.later


@pytest.mark.parametrize(
    "link",
    [
        *(
            "ftp://news.town.example/",
            "file:///etc/passwd",
            "data:text/html,<title>x</title>",
            "javascript:1",
        ),
        *(
            "gopher://news.town.example/",
            "//news.town.example/",
            "news.town.example",
            "https:news",
            "https://",
        ),
        *(
            "https://ann@news.town.example/",
            "https://ann:secret@news.town.example/",
            "https://@news.town.example",
        ),
        *(
            "https://news.town.example:8443/",
            "https://news.town.example:80/",
            "http://news.town.example:443/",
        ),
        *("http://news.town.example:22/", "https://news.town.example:0/", "https://news.town.example:x/"),
        *(
            "http://localhost/",
            "http://localhost./",
            "http://intranet/",
            "http://127.0.0.1/",
            "http://127.1/",
        ),
        *(
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://0/",
        ),
        *("http://017700000001/", "http://10.0.0.1/", "http://192.168.178.1/", "http://100.64.0.1/"),
        *("http://169.254.169.254/latest/meta-data/", "http://168.63.129.16/", "http://224.0.0.1/"),
        *("http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/"),
        *("http://[::127.0.0.1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/"),
        *("http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/"),
        *(
            "http://[::1",
            "http://[zz]/",
            "http://news.town.example./",
            "http://a..b.example/",
            "http://.example/",
        ),
        *("http://news.town.example/a b", "http://news.town.example\\@10.0.0.1/", "http://x\n.example/"),
        *("http://１２７.0.0.1/", "http://faß.example/", f"https://news.town.example/{'x' * 2_000}"),
        f"http://{'a.' * 150}example/",
    ],
)
async def test_what_is_no_address_of_the_public_web_is_not_called(
    sites: Sites, pages: Pages, link: str
) -> None:
    assert not await none_of(pages, link)
    assert sites.asked == []


@pytest.mark.parametrize("port", [80, 443])
@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "::ffff:10.0.0.1", "10.0.0.1", "169.254.169.254", "fd00::1", "64:ff9b::7f00:1"],
)
async def test_a_name_that_resolves_to_a_private_address_is_not_called(address: str, port: int) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address(address)]

    only = PublicOnly(ports=frozenset(PORTS.values()), resolve=resolve)
    pages = Pages(backend=only, trusted=NO_AUTHORITIES)
    with pytest.raises(NotPublic):
        await only.connect_tcp("news.example", port)
    scheme = "http" if port == 80 else "https"
    assert not await none_of(pages, f"{scheme}://news.example/")
    await pages.close()


async def test_a_name_is_looked_up_once_for_a_call_and_that_address_is_called(sites: Sites) -> None:
    looked_up: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[Address]:
        looked_up.append(host)
        return [ip_address("127.0.0.1" if len(looked_up) == 1 else "127.0.0.2")]

    sites.page(f"{NEWS}/")
    listening = PublicOnly(resolve=resolve, besides=lambda address: address == ip_address("127.0.0.1"))
    stream = await listening.connect_tcp(NEWS, sites.ports[80])
    await stream.aclose()
    with pytest.raises(NotPublic):
        await listening.connect_tcp(NEWS, sites.ports[80])
    assert looked_up == [NEWS, NEWS]


async def test_a_page_is_read_by_both_schemes_and_nothing_is_told_of_who_links(
    sites: Sites, pages: Pages
) -> None:
    sites.page(f"{NEWS}/a?b=c%20d", title="News")
    for scheme in PORTS:
        found = await pages.page(f"{scheme}://{NEWS}/a?b=c%20d#there")
        assert (found.url, found.charset) == (f"{scheme}://{NEWS}/a?b=c%20d", "utf-8")
        assert b"<title>News</title>" in found.body
    for _, _, headers in sites.asked:
        assert headers["user-agent"].startswith("Clubroom/")
        assert not {"cookie", "referer", "authorization", "content-length"} & headers.keys()


async def test_what_is_not_ascii_is_asked_for_as_browsers_do(sites: Sites, pages: Pages) -> None:
    sites.page("xn--mller-kva.town.example/%C3%BCben", title="Müller")
    assert (await pages.page("https://Müller.town.example/üben")).url == (
        "https://xn--mller-kva.town.example/%C3%BCben"
    )


async def test_redirects_are_followed_a_few_times_and_each_is_judged(sites: Sites, pages: Pages) -> None:
    for n in range(REDIRECTS_MAX + 1):
        sites.put(f"{NEWS}/{n}", Answer(status=302, headers={"location": f"/{n + 1}", "set-cookie": "a=b"}))
    sites.page(f"{NEWS}/{REDIRECTS_MAX + 1}")
    assert (await pages.page(f"https://{NEWS}/1")).url.endswith(f"/{REDIRECTS_MAX + 1}")
    assert not await none_of(pages, f"https://{NEWS}/0")
    assert all("cookie" not in headers for _, _, headers in sites.asked)
    sites.put(f"{NEWS}/loop", Answer(status=301, headers={"location": f"https://{NEWS}/loop"}))
    assert not await none_of(pages, f"https://{NEWS}/loop")
    assert sites.times(f"{NEWS}/loop") == REDIRECTS_MAX + 1


async def test_a_redirect_leads_nowhere_else_than_a_link_does(sites: Sites, pages: Pages) -> None:
    came: list[str] = []

    def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append("somebody")
        writer.close()

    inside = await asyncio.start_server(take, "127.0.0.1", 0)
    port = inside.sockets[0].getsockname()[1]
    for n, to in enumerate(
        (
            *("http://127.0.0.1/", f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", "http://[::1]/"),
            *("http://2130706433/", "file:///etc/passwd", "//169.254.169.254/", "ftp://news.town.example/"),
            *("https://a@news.town.example/", "", "http://", "https://[", "data:text/html,x"),
        )
    ):
        sites.put(f"{NEWS}/{n}", Answer(status=302, headers={"location": to}))
        assert not await none_of(pages, f"https://{NEWS}/{n}"), to
    inside.close()
    assert came == []


async def test_of_a_page_its_head_is_read_and_of_none_more_than_so_much(sites: Sites, pages: Pages) -> None:
    async def on_and_on(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"<p>and on" * 10_000)
            await writer.drain()

    head = b"<html><head><title>Long</title></head><body>"
    sites.put(f"{NEWS}/long", Answer(head, then=on_and_on))
    assert (await pages.page(f"https://{NEWS}/long")).body.startswith(head)
    sites.put(f"{NEWS}/endless", Answer(b"<html><head>", then=on_and_on))
    found = await pages.page(f"https://{NEWS}/endless")
    assert len(found.body) == PAGE_BYTES_MAX


@pytest.mark.parametrize("packed", ["gzip", "deflate"])
async def test_a_bomb_is_not_unpacked(sites: Sites, pages: Pages, packed: str) -> None:
    plain = b"<title>x</title>" + b" " * 100_000_000
    body = gzip.compress(plain) if packed == "gzip" else zlib.compress(plain)
    sites.put(f"{NEWS}/bomb", Answer(body, headers={"content-encoding": packed}))
    assert len((await pages.page(f"https://{NEWS}/bomb")).body) == PAGE_BYTES_MAX


async def test_what_is_packed_otherwise_or_is_no_page_is_none(sites: Sites, pages: Pages) -> None:
    for n, answer in enumerate(
        (
            Answer(b"x", headers={"content-encoding": "br"}),
            Answer(b"it is not packed at all", headers={"content-encoding": "gzip"}),
            Answer(b"%PDF", type="application/pdf"),
            Answer(b"<title>x", status=404),
        )
    ):
        sites.put(f"{NEWS}/{n}", answer)
        assert not await none_of(pages, f"https://{NEWS}/{n}")
    for status in (429, 500, 503):
        sites.put(f"{NEWS}/later", Answer(status=status))
        assert await none_of(pages, f"https://{NEWS}/later")


async def test_who_is_slow_or_says_nothing_is_left(sites: Sites, certificate: Certificate) -> None:
    async def drop_by_drop(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b" ")
            await writer.drain()
            await pause(0.01)

    pages = pages_of(sites, certificate, fetch_s=0.5)
    sites.put(f"{NEWS}/slow", Answer(b"<html>", then=drop_by_drop))
    sites.put(f"{NEWS}/header", Answer(b"", status=302, headers={"location": "/slow"}))
    for path in ("slow", "header"):
        begun = asyncio.get_running_loop().time()
        assert await none_of(pages, f"https://{NEWS}/{path}")
        assert asyncio.get_running_loop().time() - begun < 5
    await pages.close()


async def test_who_has_no_name_or_a_wrong_certificate_may_have_a_page_later(
    sites: Sites, pages: Pages, certificate: Certificate
) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    nowhere = Pages(backend=PublicOnly(resolve=resolve), trusted=NO_AUTHORITIES)
    assert await none_of(nowhere, "https://nobody.example/")
    sites.page("a.other.town.example/")  # the certificate is for one label
    assert await none_of(pages, "https://a.other.town.example/")


async def test_of_a_picture_all_is_read_if_it_is_no_larger_than_allowed(sites: Sites, pages: Pages) -> None:
    for n, length in enumerate((10, PICTURE_BYTES_MAX, PICTURE_BYTES_MAX + 1)):
        sites.put(f"{NEWS}/{n}", Answer(b"x" * length, type="image/png"))
    assert await pages.picture(f"https://{NEWS}/0") == b"x" * 10
    assert len(await pages.picture(f"https://{NEWS}/1")) == PICTURE_BYTES_MAX
    with pytest.raises(NoPage):
        await pages.picture(f"https://{NEWS}/2")


def test_an_address_is_asked_for_without_what_servers_are_not_told() -> None:
    assert plain_address("HTTPS://News.Town.example#part") == "https://news.town.example/"
    assert plain_address("https://news.town.example:443/a%2Fb?c=d&e=f") == (
        "https://news.town.example/a%2Fb?c=d&e=f"
    )
    assert plain_address("http://1.1.1.1:80/") == "http://1.1.1.1/"
    assert plain_address("http://[2606:4700::1111]/x") == "http://[2606:4700::1111]/x"
