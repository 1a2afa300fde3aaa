"""The demo's document: a page of music as a PDF, written by hand."""

import random
from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842
"""A4, in points, from the lower left."""
SYSTEMS, BARS, BEATS = 7, 4, 4


def sheet_music(title: str, below: str) -> bytes:
    """One page. Titles in ASCII."""
    drawn = "\n".join([*_head(title, below), *_music(random.Random(41))]).encode("ascii")  # noqa: S311
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> >> >>" % (WIDTH, HEIGHT),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        ]
    )


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects, numbered from 1, and where each begins."""
    made, begins = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        begins.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(made))
    )


def _head(title: str, below: str) -> list[str]:
    return [
        f"BT /F {size} Tf 60 {y} Td ({words}) Tj ET"
        for words, size, y in ((title, 26, 780), (below, 13, 758))
    ]


def _music(rng: random.Random) -> list[str]:
    """Lines and notes that nobody could sing, but everybody reads as such."""
    drawn = ["0.8 w"]
    for system in range(SYSTEMS):
        top = 710 - system * 95
        drawn += [f"60 {top - line * 7} m 535 {top - line * 7} l S" for line in range(5)]
        for bar in range(BARS + 1):
            x = 60 + bar * 475 // BARS
            drawn.append(f"{x} {top} m {x} {top - 28} l S")
        for beat in range(BARS * BEATS):
            x, y = 72 + beat * 475 // (BARS * BEATS), top - 3.5 * rng.randrange(-1, 10)
            drawn.append(f"q 1 0 0 0.75 {x} {y} cm {_ROUND} f Q")
            stem = 22 if y < top - 14 else -22
            side = 4 if stem > 0 else -4
            drawn.append(f"{x + side} {y} m {x + side} {y + stem} l S")
    return drawn


_ROUND = (
    "4.5 0 m 4.5 2.5 2.5 4.5 0 4.5 c -2.5 4.5 -4.5 2.5 -4.5 0 c "
    "-4.5 -2.5 -2.5 -4.5 0 -4.5 c 2.5 -4.5 4.5 -2.5 4.5 0 c"
)
