"""What is read out of a page: its own words, in plain text, whoever wrote them and whatever for."""

import time

import pytest

from clubroom import wire
from clubroom.chat.previews.first_link import first_link
from clubroom.chat.previews.page import Page, plain, read_page
from clubroom.ports.pages import PAGE_BYTES_MAX, Found

URL = "https://news.example/today/"


def read(body: str | bytes, charset: str = "", url: str = URL) -> Page | None:
    return read_page(Found(url, body.encode() if isinstance(body, str) else body, charset))


def titled(body: str | bytes, charset: str = "") -> str:
    page = read(body, charset)
    assert page is not None
    return page.title


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://news.example/a and https://other.example", "https://news.example/a"),
        ("http://news.example.", "http://news.example"),
        ("(https://news.example/a_(b)), or", "https://news.example/a_(b)"),
        ("[the news](https://news.example/a)", "https://news.example/a"),
        ("[https://news.example](https://other.example)", "https://news.example"),
        ("**https://news.example/a**", "https://news.example/a"),
        ("<https://news.example/a>", "https://news.example/a"),
        ("HTTPS://news.example/ÜBEN?x=y#z!", "HTTPS://news.example/ÜBEN?x=y#z"),
        ("`https://code.example` https://news.example", "https://news.example"),
        ("```\nhttps://code.example\n```", None),
        ("xhttps://news.example ftp://news.example a://b", None),
        ("", None),
    ],
)
def test_the_first_link_is_the_first_that_clients_make_one_of(text: str, link: str | None) -> None:
    assert first_link(text) == link


def test_what_a_page_says_for_others_goes_before_what_it_says_for_itself() -> None:
    page = read(
        '<!doctype html><html><head><title>Itself</title><meta name="description" content="for itself">'
        '<meta property="og:title" content="For  others &amp; all">'
        '<meta property="og:site_name" content="News">'
        '<meta name="twitter:title" content="Bird"><meta property="og:description" content="told\nto others">'
        '<meta property="og:image" content="/a.png?b=c&amp;d"></head><body><title>no</title>'
    )
    assert page == Page("For others & all", "told to others", "News", "https://news.example/a.png?b=c&d")
    assert read("<title> Itself </title><meta name=Description content='for itself'>") == Page(
        "Itself", "for itself"
    )
    assert titled('<meta name="twitter:title" content="Bird"><title>Itself</title>') == "Bird"
    assert titled('<meta property="og:title" content=" "><title>Itself</title>') == "Itself"


@pytest.mark.parametrize(
    "body", ["", "words", "<title></title>", "<title>\u202e\u200b </title>", "<body><title>x"]
)
def test_a_page_without_a_title_shows_nothing(body: str) -> None:
    assert read(body) is None


def test_markup_in_a_title_is_text() -> None:
    for inside in ("<script>alert(1)</script>", "<b>bold</b>", "&lt;img src=x onerror=alert(1)&gt;"):
        title = titled(f"<head><title>News {inside}</title></head>")
        assert title == f"News {inside}".replace("&lt;", "<").replace("&gt;", ">")
    assert titled("<script>document.write('<title>no</title>')</script><title>yes</title>") == "yes"
    assert titled("<!-- <title>no</title> --><title>yes</title>") == "yes"


def test_of_words_stays_what_can_be_seen_in_one_line_and_so_much() -> None:
    assert plain(" a\u202eb\u2066c\x00d\u200be\ufefff\n\t g\u2028h\ud800 ", 60) == "abcdef g h"
    assert plain("x" * 300, 200) == "x" * 199 + "…"
    assert plain("e\u0301", 60) == "é"
    long = read(f"<title>{'t ' * 5_000}</title><meta name=description content='{'d' * 9_000}'>")
    assert long is not None
    assert len(long.title) <= wire.PREVIEW_TITLE_CODE_POINTS_MAX
    assert len(long.description) == wire.PREVIEW_DESCRIPTION_CODE_POINTS_MAX


@pytest.mark.parametrize(
    ("charset", "said", "head"),
    [
        ("iso-8859-1", "iso-8859-1", ""),
        ("cp1251", "", '<meta charset="windows-1251">'),
        ("shift_jis", "", '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'),
        ("utf-8", "", ""),
        ("utf-8-sig", "iso-8859-1", ""),
        ("utf-16", "utf-8", ""),
        ("gb18030", "gb2312", ""),
    ],
)
def test_it_is_read_as_it_was_written(charset: str, said: str, head: str) -> None:
    word = {"cp1251": "Привет", "shift_jis": "日本", "gb18030": "中文"}.get(charset, "Übung")
    assert titled(f"{head}<title>{word}</title>".encode(charset), said) == word


@pytest.mark.parametrize(
    "said", ["zlib", "idna", "punycode", "unicode_escape", "rot13", "nonsense", "utf-7", "x" * 40]
)
def test_what_is_no_charset_of_the_web_is_not_asked(said: str) -> None:
    assert titled("<title>Übung</title>", said) == "Übung"
    assert titled(b"<title>\xff\xfe broken</title>", said) == "\ufffd\ufffd broken"


def test_of_ten_thousand_metas_the_first_of_each_counts() -> None:
    metas = "".join(f'<meta property="og:title" content="{n}">' for n in range(10_000))
    assert titled(f"<title>Itself</title>{metas}") == "0"


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!",
        "<!--",
        "<![",
        "<?",
        "</",
        "&",
        "&#",
        "<a b='",
        "<title>",
        "<a b=c ",
        "<script",
        "\0",
        "<!-->",
    ],
)
def test_hostile_pages_are_given_up_soon(piece: str) -> None:
    hostile = piece * (PAGE_BYTES_MAX // len(piece))
    begun = time.monotonic()
    for body in (hostile, f"<title>yes</title>{hostile}", f"<meta property='{hostile}"):
        read(body)
    assert time.monotonic() - begun < 6


def test_a_picture_lies_where_its_page_says() -> None:
    for said, lies in (
        ("//cdn.example/a.png", "https://cdn.example/a.png"),
        ("a.png", "https://news.example/today/a.png"),
        ("javascript:alert(1)", ""),
        ("a\x00.png", ""),
        ("http://10.0.0.1/a.png", ""),
        ("//ann@cdn.example/a.png", ""),
        ("http://[", ""),
        ("x" * 3_000, ""),
    ):
        page = read(f'<title>t</title><meta property="og:image" content="{said}">')
        assert page is not None
        assert page.picture == lies
