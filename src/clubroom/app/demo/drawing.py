"""The demo's pictures: drawn by code, and the same ones every time."""

import io
import math
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
INK: Colour = (33, 38, 43)
PAPER: Colour = (250, 246, 236)
PINE: Colour = (33, 84, 74)
LAMP: Colour = (236, 168, 72)
BRICK: Colour = (170, 72, 56)
JPEG_QUALITY = 88
SENT_PIXELS = 960
"""Of the longer side."""


def jpeg(picture: Image.Image) -> bytes:
    """As a camera would write it; drawn larger than it is sent, so that its edges are smooth."""
    made, sent = io.BytesIO(), picture.copy()
    sent.thumbnail((SENT_PIXELS, SENT_PIXELS))
    sent.save(made, "JPEG", quality=JPEG_QUALITY)
    return made.getvalue()


def _fading(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """From one colour down to another."""
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def quay() -> Image.Image:
    """The quay in the evening: the sun behind the hills, two boats, lights on the water."""
    width, height, water = 1600, 1066, 640
    rng = random.Random(7)  # noqa: S311 - where the waves are
    picture = _fading((width, height), (52, 62, 110), (248, 178, 104))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1010, water - 130, 1210, water + 70), fill=(255, 226, 150))
    hills = [
        (x, water - 60 - 40 * math.sin(x / 170) - 26 * math.sin(x / 61 + 2)) for x in range(0, width + 1, 20)
    ]
    draw.polygon([(0, water), *hills, (width, water)], fill=(58, 54, 86))
    picture.paste(_fading((width, height - water), (214, 138, 96), (30, 40, 70)), (0, water))
    for _ in range(240):
        x, y = rng.gauss(1110, 150 + 200 * rng.random()), water + (height - water) * rng.random() ** 1.3
        long = 12 + (y - water) / 9
        draw.line((x - long, y, x + long, y), fill=(255, 214, 150), width=2 + int((y - water) / 140))
    for x, y, size in ((330, 760, 1.3), (760, 690, 0.7)):
        hull = [(-150, -40), (150, -40), (105, 20), (-110, 20)]
        draw.polygon([(x + a * size, y + b * size) for a, b in hull], fill=(40, 36, 48))
        draw.line((x, y - 40 * size, x, y - 330 * size), fill=(40, 36, 48), width=max(3, int(7 * size)))
        sail = [(10, -320), (120, -80), (10, -80)]
        draw.polygon([(x + a * size, y + b * size) for a, b in sail], fill=(232, 208, 180))
    draw.rectangle((0, 980, width, height), fill=(46, 42, 46))
    for x in range(60, width, 210):
        draw.rounded_rectangle((x, 930, x + 34, 1000), 10, fill=(70, 64, 66))
    return picture


def poster() -> Image.Image:
    """Of a concert, without a day: it is always the next one."""
    width, height = 1000, 1414
    picture = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width, 760), fill=PINE)
    draw.ellipse((560, 120, 860, 420), fill=LAMP)
    for row in range(5):
        heights = [560 + 30 * row + 46 * math.sin(x / 120 + row * 0.3) for x in range(0, width + 1, 10)]
        draw.line(list(zip(range(0, width + 1, 10), heights, strict=True)), fill=PAPER, width=4)
    for x, row in ((150, 3), (330, 1), (520, 2), (700, 0), (860, 2)):
        y = 560 + 30 * row + 46 * math.sin(x / 120 + row * 0.3)
        draw.ellipse((x - 22, y - 16, x + 22, y + 16), fill=PAPER)
        draw.line((x + 20, y, x + 20, y - 120), fill=PAPER, width=6)
    lines = [("Miller's Quay", 104, INK), ("Chamber Choir", 104, INK), ("Tallis · Mozart · Holst", 58, BRICK)]
    y = 820.0
    for words, size, colour in [
        *lines,
        ("Sunday at five, in the old loft", 46, INK),
        ("Come early, bring cake", 46, PINE),
    ]:
        draw.text((70, y), words, font=ImageFont.load_default(size), fill=colour)
        y += size * 1.28
    return picture


def page() -> Image.Image:
    """A page of a score on a table, with what somebody has written into it in pencil."""
    rng = random.Random(23)  # noqa: S311 - which notes
    sheet = Image.new("RGB", (1200, 860), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((80, 40), "23", font=ImageFont.load_default(34), fill=INK)
    for system in range(4):
        top = 110 + system * 180
        for line in range(5):
            draw.line((70, top + line * 18, 1130, top + line * 18), fill=INK, width=2)
        for bar in range(5):
            draw.line((70 + bar * 265, top, 70 + bar * 265, top + 72), fill=INK, width=3)
            for beat in range(4):
                x, y = 110 + bar * 265 + beat * 58, top + rng.randrange(-1, 9) * 9
                if bar == 4:
                    continue
                draw.ellipse((x - 12, y - 9, x + 12, y + 9), fill=INK)
                stem = -62 if y > top + 36 else 62
                side = 11 if stem < 0 else -11
                draw.line((x + side, y, x + side, y + stem), fill=INK, width=3)
    pencil = (92, 96, 104)
    draw.arc((300, 80, 640, 220), 0, 350, fill=pencil, width=5)
    draw.text((650, 60), "breathe!", font=ImageFont.load_default(44), fill=pencil)
    table = _fading((1500, 1100), (150, 104, 70), (112, 74, 50))
    turned = sheet.convert("RGBA").rotate(4, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste(turned, (140, 90), turned)
    return table


def stand() -> Image.Image:
    """A music stand, one foot of which is shorter."""
    picture = _fading((900, 1200), (232, 226, 214), (206, 196, 178))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 1010, 900, 1200), fill=(150, 116, 86))
    draw.polygon([(230, 170), (670, 170), (710, 480), (190, 480)], fill=(42, 42, 46))
    draw.rectangle((180, 470, 720, 500), fill=(24, 24, 28))
    for x in range(270, 680, 80):
        draw.ellipse((x - 14, 290, x + 14, 318), fill=(206, 196, 178))
    draw.line((450, 490, 450, 940), fill=(42, 42, 46), width=20)
    for x, y in ((270, 1060), (640, 1070), (470, 1020)):
        draw.line((450, 920, x, y), fill=(42, 42, 46), width=16)
    draw.ellipse((434, 700, 496, 740), fill=BRICK)
    return picture


def umbrella() -> Image.Image:
    """And a scarf."""
    picture = _fading((1200, 900), (214, 222, 226), (176, 190, 196))
    draw = ImageDraw.Draw(picture)
    draw.pieslice((180, 130, 860, 810), 180, 360, fill=PINE)
    for x in range(180, 860, 170):
        draw.pieslice((x, 430, x + 170, 512), 180, 360, fill=(196, 206, 211))
    for x in (350, 520, 690):
        draw.line((520, 132, x, 470), fill=(24, 62, 54), width=4)
    draw.line((520, 470, 520, 740), fill=INK, width=14)
    draw.arc((430, 690, 528, 790), 0, 180, fill=INK, width=14)
    for n in range(12):
        colour = LAMP if n % 2 else BRICK
        draw.polygon(
            [
                (900 + n * 3, 250 + n * 42),
                (1040, 240 + n * 42),
                (1044, 282 + n * 42),
                (903 + n * 3, 292 + n * 42),
            ],
            fill=colour,
        )
    return picture


PICTURES: Mapping[str, Callable[[], Image.Image]] = {
    "quay": quay,
    "poster": poster,
    "page": page,
    "stand": stand,
    "umbrella": umbrella,
}
