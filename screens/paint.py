"""Small files of crisp pictures: a palette of 256 colours holds all that a view shows but photographs."""

from io import BytesIO
from pathlib import Path

from PIL import Image

COLOURS = 256


def keep(png: bytes, path: Path) -> None:
    """Writes it in a palette of its own. Without dithering, so that flat stays flat and the file small."""
    with Image.open(BytesIO(png)) as image:
        flat = image.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(path, optimize=True)
